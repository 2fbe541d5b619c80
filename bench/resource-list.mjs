// Writes ResourceLists as kpt sends them (with comments, in the author's order) and as kustomize
// sends them (no comments, sorted keys), with a Flux ImagePolicy whose status has the answer, so
// that no registry is asked.
import { closeSync, openSync, writeSync } from 'node:fs'
import { parse, stringify } from 'yaml'

const repository = 'ghcr.io/stefanprodan/podinfo'
export const chosen = `${repository}:6.0.0`

/** The policy objects, marked as local configuration, as in the resources of a kustomization. */
export const policies = `apiVersion: image.toolkit.fluxcd.io/v1
kind: ImageRepository
metadata:
  name: podinfo
  namespace: flux-system
  annotations:
    config.kubernetes.io/local-config: "true"
spec:
  image: ${repository}
  interval: 5m
---
apiVersion: image.toolkit.fluxcd.io/v1
kind: ImagePolicy
metadata:
  name: podinfo
  namespace: flux-system
  annotations:
    config.kubernetes.io/local-config: "true"
spec:
  imageRepositoryRef:
    name: podinfo
  policy:
    semver:
      range: 6.x
status:
  latestRef:
    name: ${repository}
    tag: 6.0.0
`

export const applyImagePolicies = `apiVersion: fn.kpt.dev/v1alpha1
kind: ApplyImagePolicies
metadata:
  name: image-policies
spec:
  source: status
`

/** NUMBER, TEAM, FILE, INDEX and IMAGE are placeholders, which differ from item to item. */
const metadata = `metadata:
  name: svc-NUMBER
  namespace: team-TEAM
  labels: {app: svc-NUMBER, tier: "backend"}
  annotations:
    # owner of the object
    team: "team-TEAM"
    config.kubernetes.io/index: 'INDEX'
    config.kubernetes.io/path: 'apps/team-TEAM/svc-FILE.yaml'
    internal.config.kubernetes.io/index: 'INDEX'
    internal.config.kubernetes.io/path: 'apps/team-TEAM/svc-FILE.yaml'
    internal.config.kubernetes.io/seqindent: 'compact'
    internal.config.kubernetes.io/annotations-migration-resource-id: 'NUMBER'
    internal.config.kubernetes.io/id: 'NUMBER'
    config.k8s.io/id: 'NUMBER'
`

const podSpec = `containers:
- name: main # the main container
  image: IMAGE
  imagePullPolicy: IfNotPresent
  args: ["--port=8080", '--level', info]
  command:
  - ./app
  - --cache-server=redis:6379
  ports:
  - name: http
    containerPort: 9898
    protocol: TCP
  - name: metrics
    containerPort: 9797
    protocol: TCP
  env:
  - name: UI_COLOR
    value: "#34577c"
  - name: POD_IP
    valueFrom:
      fieldRef:
        fieldPath: status.podIP
  readinessProbe:
    exec:
      command:
      - podcli
      - check
      - http
      - localhost:9898/readyz
    initialDelaySeconds: 5
    timeoutSeconds: 5
  resources:
    limits:
      cpu: 2000m
      memory: 512Mi
    requests:
      cpu: 100m
      memory: 64Mi
volumes:
- name: data
  emptyDir: {}
`

const indent = (text, by) => text.replace(/^(?=.)/gm, ' '.repeat(by))
const lines = (count, line) => Array.from({ length: count }, (_, at) => line(at)).join('')

const replicated = kind => `apiVersion: apps/v1
kind: ${kind}
${metadata}spec:
  replicas: 3 # {"$kpt-set": "replicas"}
  selector:
    matchLabels:
      app: svc-NUMBER
  template:
    metadata:
      labels:
        app: svc-NUMBER
      annotations:
        prometheus.io/scrape: "true"
        prometheus.io/port: "9797"
    spec:
${indent(podSpec, 6)}`

const kinds = {
  deployment: replicated('Deployment'),
  statefulSet: replicated('StatefulSet'),
  cronJob: `apiVersion: batch/v1
kind: CronJob
${metadata}spec:
  schedule: "*/5 * * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
${indent(podSpec, 10)}`,
  service: `apiVersion: v1
kind: Service
${metadata}spec:
  type: ClusterIP
  selector:
    app: svc-NUMBER
  ports:
  - name: http
    port: 9898
    protocol: TCP
    targetPort: http
  - port: 9999
    targetPort: grpc
    protocol: TCP
    name: grpc
`,
  configMap: `apiVersion: v1
kind: ConfigMap
${metadata}data:
  nginx.conf: |
${lines(30, at => `    server { listen 80${at}; # not a YAML comment\n      location / { proxy_pass http://svc-NUMBER:9898; }\n    }\n`)}  key: 'it''s "quoted" ünïcödé'
  long: >-
    folded text line one
    folded text line two

    paragraph
`,
  definition: `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
${metadata}spec:
  group: example.com
  names:
    kind: FooNUMBER
    plural: foos
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            properties:
${lines(
  40,
  at => `              field${at}:
                description: 'The field ${at} of Foo: it''s described in a long sentence which kubebuilder wraps across
                  several lines, as controller-gen does.'
                type: string
                maxLength: ${at + 10}
`,
)}`,
}

/** The same values as kustomize writes them: no comments, sorted keys. */
const sorted = template =>
  stringify(parse(template), { sortMapEntries: true, indentSeq: false, lineWidth: 0 }).replace(
    /: (NUMBER|INDEX)$/gm,
    ': "$1"',
  )
const styles = {
  kpt: kinds,
  kustomize: Object.fromEntries(
    Object.entries(kinds).map(([kind, template]) => [kind, sorted(template)]),
  ),
}

/**
 * Of ten items, four or five are workloads with a container, two are Services, the rest are
 * ConfigMaps and sometimes a long definition.
 */
function kindOf(number, governed) {
  const place = number % 10
  if (place === 4) return 'cronJob'
  if (place === 3) return 'statefulSet'
  if (place < 3 || governed) return 'deployment'
  if (place < 7) return 'service'
  return number % 50 === 9 ? 'definition' : 'configMap'
}

/**
 * The items as documents. The policy governs the image of every `governedEvery`th, by its marker or
 * by its repository.
 */
export function* documents({ count, governedEvery, style }) {
  for (let number = 0; number < count; number++) {
    const governed = number % governedEvery === 0
    const marker = style === 'kpt' ? ' # {"$imagepolicy": "flux-system:podinfo"}' : ''
    const words = {
      NUMBER: number,
      TEAM: number % 40,
      FILE: number >> 3,
      INDEX: number % 8,
      IMAGE: governed
        ? `${repository}:5.0.${number % 30}${marker}`
        : `registry.example.com/team/svc-${number}:1.${number % 20}.${number % 9}`,
    }
    yield styles[style][kindOf(number, governed)].replace(
      /NUMBER|TEAM|FILE|INDEX|IMAGE/g,
      word => words[word],
    )
  }
}

/** Writes the policy and then such items as one ResourceList. */
export function writeResourceList(file, asked, functionConfig = applyImagePolicies) {
  const output = openSync(file, 'w')
  const asItem = document => `- ${indent(document, 2).slice(2)}`
  writeSync(
    output,
    `apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n${policies.split('---\n').map(asItem).join('')}`,
  )
  let pending = ''
  for (const document of documents(asked)) {
    pending += asItem(document)
    if (pending.length > 1 << 20) {
      writeSync(output, pending)
      pending = ''
    }
  }
  writeSync(output, `${pending}functionConfig:\n${indent(functionConfig, 2)}`)
  closeSync(output)
}
