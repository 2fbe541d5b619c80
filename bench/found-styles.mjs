// Writes a stream of documents in the styles that are found in repositories: as controller-gen,
// helm, kustomize, jsonnet, cdk8s, Flux and people write them. What is rare in the ResourceLists of
// resource-list.mjs is common here: wrapped descriptions whose lines begin with a quote or a dash,
// anchors and merge keys, tags, JSON, escapes, block scalars with an indentation indicator.
import { closeSync, openSync, writeSync } from 'node:fs'

const repositories = Array.from({ length: 10 }, (_, at) => `ghcr.io/acme/app-${at}`)

const policies = repositories.map(
  (repository, at) => `apiVersion: image.toolkit.fluxcd.io/v1
kind: ImageRepository
metadata: {name: app-${at}, namespace: flux-system}
spec: {image: ${repository}, interval: 5m}
---
apiVersion: image.toolkit.fluxcd.io/v1
kind: ImagePolicy
metadata: {name: app-${at}, namespace: flux-system}
spec: {imageRepositoryRef: {name: app-${at}}, policy: {semver: {range: 6.x}}}
status: {latestRef: {name: ${repository}, tag: 6.0.0}}
`,
)

const lines = (count, line) => Array.from({ length: count }, (_, at) => line(at)).join('')

/** NUMBER and IMAGE are placeholders. */
const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  annotations:
    controller-gen.kubebuilder.io/version: v0.16.1
  name: fooNUMBERs.example.com
spec:
  group: example.com
  names: {kind: FooNUMBER, plural: fooNUMBERs}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        description: FooNUMBER is the Schema for the foos API
        properties:
${lines(
  60,
  at => `          field${at}:
            description: |-
              Field${at} selects objects. Deprecated: use \`selector\`.

              More info: https://kubernetes.io/docs/concepts/overview/
            pattern: ^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\\/[A-Za-z]+$
            type: string
          other${at}:
            default: "\\u003cnone\\u003e"
            description: Name of the referent. This field is effectively required, but due to backwards
              "compatibility" is allowed to be empty. Instances of this type with an empty value here are
              - almost certainly - wrong, see [the documentation] and
              *its* examples; values are one of
              'Always', 'Never' or !default.
            enum:
            - Always
            - Never
            type: string
`,
)}        type: object
`

const helm = `# Source: podinfo/templates/deployment.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: "podinfo-NUMBER"
  labels:
    helm.sh/chart: "podinfo-6.7.0"
    kustomize.toolkit.fluxcd.io/name: apps
    kustomize.toolkit.fluxcd.io/namespace: flux-system
spec:
  replicas: 1
  template:
    spec:
      containers:
        - name: podinfo
          image: "IMAGE"
          command: [
            "./podinfo",
            "--port=9898",
          ]
          args:
            - "--motd=greetings from
            podinfo"
`

const anchored = `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db-NUMBER
  labels: &labels
    app: db-NUMBER
    tier: backend
spec:
  selector:
    matchLabels: *labels
  template:
    metadata:
      labels:
        <<: *labels
        version: !!str 15
    spec:
      containers:
      - name: db
        image: IMAGE
        env: &env
        - {name: A, value: "1"}
      initContainers:
      - name: init
        image: registry.example.com/init:1.NUMBER
        env: *env
`

const json = `${JSON.stringify(
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'svc-NUMBER', labels: { app: 'svc-NUMBER' } },
    spec: { ports: [{ name: 'http', port: 80, targetPort: 'http' }], selector: { app: 'x' } },
  },
  null,
  '\t',
)}\n`

const configMap = `apiVersion: v1
kind: ConfigMap
metadata:
  name: scripts-NUMBER
data:
  run.sh: |2
      indented first
    set -eu
${lines(20, at => `    curl --fail \\\n      --header 'Accept: application\\/json' https://example.com/${at}\n`)}  dashboard.json: "{\\"title\\": \\"\\u003cNUMBER\\u003e\\", \\"url\\": \\"https:\\/\\/example.com\\/d\\"}"
`

const flux = `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: app-NUMBER
  namespace: flux-system
spec:
  interval: 10m
  path: ./apps/NUMBER
  prune: true
  sourceRef: {kind: GitRepository, name: flux-system}
`

const kinds = [definition, helm, anchored, json, configMap, flux, helm, json]

/** Writes about so many bytes; one image in a hundred is governed. Returns how many are. */
export function writeFoundStyles(file, size) {
  const output = openSync(file, 'w')
  let [written, images, governed] = [0, 0, 0]
  const write = text => {
    written += writeSync(output, text)
  }
  write(policies.join('---\n'))
  for (let number = 0; written < size; number++) {
    const template = kinds[number % kinds.length]
    const image = template.includes('IMAGE') && images++ % 100 === 0
    if (image) governed++
    const name = image
      ? `${repositories[governed % 10]}:5.0.0`
      : `registry.example.com/team/svc-${number}:1.0`
    write(`---\n${template.replaceAll('NUMBER', number).replaceAll('IMAGE', name)}`)
  }
  closeSync(output)
  return governed
}
