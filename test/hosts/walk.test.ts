import { mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { jest } from '@jest/globals'
import { builtProgram } from '../fixtures/built-program.ts'
import { filesOf, folderOf } from '../fixtures/folder.ts'
import { needs } from '../fixtures/needs.ts'
import { type Finished, spawnToEnd } from '../fixtures/spawn.ts'
import { labUser, startRegistry, type TestRegistry } from '../registry/lab/registry.ts'

jest.setTimeout(60_000)

/**
 * What a platform team has: a base, two overlays, and Flux objects with a policy per stage for the
 * same images.
 */
interface Site {
  readonly open: string
  readonly secured: string
  readonly oldProxy: string
}

const workload = (kind: string, name: string, pod: string, more = '') =>
  `apiVersion: ${kind}\nkind: Deployment\nmetadata:\n  name: ${name}\n${more}spec:\n  template:\n    spec:\n${pod.replace(/^(?=.)/gm, '      ')}`

const baseOf = ({ open, secured, oldProxy }: Site) => ({
  'web.yaml': workload(
    'apps/v1',
    'web',
    `initContainers:
- name: migrate
  image: ${open}/web:v1.2.3 # the same image
containers:
- name: web
  image: ${open}/web:v1.2.3
- name: cache
  image: cache
- name: other
  image: ghcr.io/acme/other:1.0.0
`,
  ),
  'api.yaml': workload(
    'apps/v1',
    'api',
    `containers:\n- name: api\n  image: ${secured}/api:v1.2.3\n`,
  ),
  'edge.yaml': workload(
    'apps/v1',
    'edge',
    `containers:\n- name: pinned\n  image: ${open}/proxy@${oldProxy}\n- name: both\n  image: ${open}/proxy:1.29.1@${oldProxy}\n`,
  ),
  'frozen.yaml': workload(
    'apps/v1',
    'frozen',
    `containers:\n- name: web\n  image: ${open}/web:v1.2.3\n`,
    '  annotations:\n    fluxcd.io/locked: "true"\n    fluxcd.io/locked_msg: until the audit\n',
  ),
  'templated.yaml': workload(
    'apps/v1',
    'templated',
    `containers:\n- name: web\n  image: ${open}/web:\${TAG}\n`,
  ),
  'report.yaml': `apiVersion: batch/v1
kind: CronJob
metadata:
  name: report
spec:
  schedule: "0 4 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
          - {name: report, image: "${open}/report:main-8c1d2f0-99"}
`,
  'release.yaml': `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: shop
spec:
  interval: 5m
  values:
    image:
      repository: ${open}/web
      tag: v1.2.3
    sidecar:
      image:
        registry: ${open}
        repository: cache
        tag: "7.2.4"
    worker:
      image:
        repository: ${open}/web
`,
})

const localConfig = 'annotations: {config.kubernetes.io/local-config: "true"}'

const repositoryOf = (name: string, image: string, more = '') =>
  `apiVersion: image.toolkit.fluxcd.io/v1
kind: ImageRepository
metadata: {name: ${name}, namespace: flux-system, ${localConfig}}
spec: {image: ${image}, interval: 5m${more}}
`
const policyOf = (name: string, repository: string, spec: string) =>
  `---
apiVersion: image.toolkit.fluxcd.io/v1
kind: ImagePolicy
metadata: {name: ${name}, namespace: flux-system, ${localConfig}}
spec: {imageRepositoryRef: {name: ${repository}}, ${spec}}
`
const staged = (name: string, staging: string, prod = staging) =>
  policyOf(`${name}-staging`, name, staging) + policyOf(`${name}-prod`, name, prod)
const semver = (range: string) => `policy: {semver: {range: "${range}"}}`

const policiesOf = ({ open, secured }: Site) => ({
  'web.yaml': repositoryOf('web', `${open}/web`) + staged('web', semver('1.x'), semver('1.2.x')),
  'api.yaml':
    repositoryOf('api', `${secured}/api`, ', secretRef: {name: pull}') +
    staged('api', semver('1.x'), semver('1.2.x')),
  'cache.yaml': repositoryOf('cache', `${open}/cache`) + staged('cache', semver('7.2.x')),
  'proxy.yaml': repositoryOf('proxy', `${open}/proxy`) + staged('proxy', semver('1.29.x')),
  'report.yaml':
    repositoryOf('report', `${open}/report`) +
    staged(
      'report',
      `filterTags: {pattern: "^main-[0-9a-f]{7}-(?P<build>[0-9]+)$", extract: $build}, policy: {numerical: {order: asc}}`,
    ),
  'pull.yaml': pullSecret(secured, labUser.password),
})

const pullSecret = (host: string, password: string) => `apiVersion: v1
kind: Secret
metadata: {name: pull, namespace: flux-system, ${localConfig}}
type: kubernetes.io/dockerconfigjson
stringData:
  .dockerconfigjson: '{"auths": {"${host}": {"username": "${labUser.username}", "password": "${password}"}}}'
`

const transformer = (stage: string) => `apiVersion: fn.kpt.dev/v1alpha1
kind: ApplyImagePolicies
metadata:
  name: image-policies
  annotations:
    config.kubernetes.io/local-config: "true"
    config.kubernetes.io/function: |
      exec:
        path: image-policy
spec:
  usePolicies: ["*/*-${stage}"]
`

const kptfile = `apiVersion: kpt.dev/v1
kind: Kptfile
metadata:
  name: shop
pipeline:
  mutators:
    - exec: image-policy
      configPath: image-policies.yaml
`

const kustomization = (names: readonly string[], more = '') =>
  `resources: [${names.join(', ')}]\n${more}`

const under = (folder: string, files: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [join(folder, path), text]))

function layoutOf(site: Site): Readonly<Record<string, string>> {
  const base = baseOf(site)
  const policies = policiesOf(site)
  const images = `images:\n- {name: cache, newName: ${site.open}/cache, newTag: 7.2.4}\n`
  const overlay = (stage: string, more: string) => ({
    [`overlays/${stage}/kustomization.yaml`]: kustomization(
      ['../../base'],
      `namespace: ${stage}\n${images}${more}`,
    ),
    [`transformed/${stage}/kustomization.yaml`]: kustomization(
      [`../../overlays/${stage}`],
      'components: [../../policies]\ntransformers: [image-policies.yaml]\n',
    ),
    [`transformed/${stage}/image-policies.yaml`]: transformer(stage),
  })
  return {
    ...under('base', base),
    'base/kustomization.yaml': kustomization(Object.keys(base)),
    ...under('policies', policies),
    'policies/kustomization.yaml': `apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n${kustomization(Object.keys(policies))}`,
    ...overlay('staging', ''),
    ...overlay('prod', `- {name: ${site.open}/web, newTag: v1.2.4}\nnamePrefix: prod-\n`),
    ...under('package', base),
    ...under('package/policies', policies),
    'package/Kptfile': kptfile,
    'package/image-policies.yaml': transformer('prod'),
    ...under('plain', base),
  }
}

const versions = ['v1.2.3', 'v1.2.4', 'v1.3.0', 'v1.4.0-rc.1', 'v2.0.0', 'latest']

needs(
  'kustomize',
  'kpt',
  'docker-registry',
)('a platform team', () => {
  let registries: readonly TestRegistry[] = []
  let site: Site
  let newProxy: string
  /** With the program on it as `image-policy`, as the documentation has it. */
  let path: string
  let folder: string

  beforeAll(async () => {
    const [open, secured] = await Promise.all([startRegistry(), startRegistry({ auth: 'basic' })])
    registries = [open, secured]
    await open.push('web', versions)
    await open.push('cache', ['7.2.4', '7.2.5', '7.4.0'])
    await open.push('report', ['main-8c1d2f0-99', 'main-77d90c1-100', 'feature-0e4b7aa-101'])
    const proxies = await open.push('proxy', ['1.29.1', '1.29.2'])
    await secured.push('api', versions)
    site = { open: open.host, secured: secured.host, oldProxy: proxies.get('1.29.1') ?? '' }
    newProxy = proxies.get('1.29.2') ?? ''
    const programs = folderOf({})
    symlinkSync(builtProgram('image-policy.js'), join(programs, 'image-policy'))
    path = `${programs}${delimiter}${process.env.PATH}`
  })
  afterAll(() => Promise.all(registries.map(registry => registry.stop())))
  beforeEach(() => {
    folder = folderOf(layoutOf(site))
    mkdirSync(join(folder, '.docker')) // no login of the machine takes part
  })

  const shell = (command: string): Promise<Finished> =>
    spawnToEnd('bash', ['-c', `set -o pipefail; ${command}`], {
      cwd: folder,
      env: { PATH: path, DOCKER_CONFIG: join(folder, '.docker') },
    })

  /**
   * The images of workloads and the tags of values after a run, but for `cache`, to which only
   * overlays give a registry.
   */
  const movedTo = (web: string, frozen = 'v1.2.3') => [
    `${site.open}/web:${frozen}`,
    `${site.open}/web:\${TAG}`,
    `${site.open}/web:${web}`,
    `${site.open}/web:${web}`,
    `${site.secured}/api:${web}`,
    `${site.open}/report:main-77d90c1-100`,
    `${site.open}/proxy:1.29.2@${newProxy}`,
    `${site.open}/proxy:1.29.2@${newProxy}`,
    'ghcr.io/acme/other:1.0.0',
    `tag ${web}`,
    'tag 7.2.5',
  ]
  const cache = () => `${site.open}/cache:7.2.5`

  /** The images and tags of a text. */
  function imagesIn(text: string): string[] {
    const found = text.matchAll(/\b(image|tag): ?"?((?:\$\{\w+\}|[^\s"}])+)/g)
    return [...found].map(([, key, value]) => (key === 'tag' ? `tag ${value}` : String(value)))
  }

  const expectImages = (text: string, expected: readonly string[]) =>
    expect(imagesIn(text).sort()).toEqual([...expected].sort())

  /**
   * What stays although a policy has its repository is explained; a locked image only if it would
   * move.
   */
  function expectExplained(stderr: string, name: string, isFrozenBack: boolean): void {
    const frozen = `Deployment ${name}frozen spec.template.spec.containers[0].image: is left alone: the annotation \`fluxcd.io/locked\` is "true": until the audit`
    const templated = `warning: Deployment ${name}templated spec.template.spec.containers[0].image: is left alone: "${site.open}/web:\${TAG}" is not an image reference`
    expect(stderr.includes(`note: ${frozen}`)).toBe(isFrozenBack)
    expect(stderr).toContain(templated)
    expect(stderr).not.toContain('governs nothing')
    expect(stderr).not.toContain(labUser.password)
  }

  describe.each([
    ['staging', 'v1.3.0', 'v1.2.3', 'staging/'],
    ['prod', 'v1.2.4', 'v1.2.4', 'prod/prod-'], // the overlay itself sets v1.2.4
  ])('in %s', (stage, web, frozen, name) => {
    test('the pipe moves what the policies of the stage govern, and explains what stays', async () => {
      const { stdout, stderr, code } = await shell(
        `kustomize build overlays/${stage} | image-policy --policies policies/ --use '*/*-${stage}'`,
      )
      expectImages(stdout, [...movedTo(web, frozen), cache()])
      expectExplained(stderr, name, web !== frozen)
      expect(stdout).toContain('fluxcd.io/build.number: "100"')
      expect(stdout).not.toContain('ImagePolicy')
      expect(code).toBe(0)
    })

    test('the transformer gives the same images', async () => {
      const { stdout, stderr, code } = await shell(
        `kustomize build --enable-alpha-plugins --enable-exec transformed/${stage}`,
      )
      expectImages(stdout, [...movedTo(web, frozen), cache()])
      expectExplained(stderr, name, web !== frozen)
      expect(stdout).not.toContain('ImagePolicy')
      expect(code).toBe(0)
    })
  })

  test('kpt fn eval moves the images of plain files, and keeps their comments', async () => {
    const { stderr, code } = await shell(
      `kpt fn eval plain --truncate-output=false --exec "image-policy --policies policies --use */*-prod"`,
    )
    const files = filesOf(join(folder, 'plain'))
    expectImages(Object.values(files).join(''), [...movedTo('v1.2.4'), 'cache'])
    expect(files['web.yaml']).toContain(':v1.2.4 # the same image')
    expect(stderr).toContain('note: Deployment frozen (frozen.yaml)')
    expect(code).toBe(0)
  })

  test('kpt fn render moves the same, and a second time nothing', async () => {
    const render = () => shell('kpt fn render package --allow-exec --truncate-output=false')
    expect((await render()).code).toBe(0)
    const { stderr, code } = await render()
    expect(stderr).toContain('summary: everything is up to date by 5 policies')
    expect(code).toBe(0)
    const files = Object.entries(filesOf(join(folder, 'package')))
    const manifests = files.filter(([path]) => /^[a-z]+\.yaml$/.test(path))
    expectImages(manifests.map(([, text]) => text).join(''), [...movedTo('v1.2.4'), 'cache'])
  })

  test('--verbose also explains a HelmRelease whose chart chooses the tag', async () => {
    const { stderr } = await shell(
      "kustomize build overlays/prod | image-policy --policies policies/ --use '*/*-prod' --verbose",
    )
    expect(stderr).toContain(
      'info: HelmRelease prod/prod-shop spec.values.worker.image: is left alone: it has no `tag` beside it',
    )
    expect(stderr).toContain('chose "v1.2.4" out of 6 tags')
  })

  test('--output, then check mode on what it wrote', async () => {
    const run = "image-policy --policies policies/ --use '*/*-prod'"
    const check = `${run} --set mode=check`
    const build = 'kustomize build overlays/prod'
    expect((await shell(`${build} | ${check}`)).code).toBe(2)
    expect(await shell(`${build} | ${run} --output out.yaml`)).toMatchObject({
      code: 0,
      stdout: '',
    })
    expectImages(readFileSync(join(folder, 'out.yaml'), 'utf8'), [
      ...movedTo('v1.2.4', 'v1.2.4'),
      cache(),
    ])
    const again = await shell(`${check} < out.yaml`)
    expect(again.stderr).not.toMatch(/^error/m)
    expect(again.code).toBe(0)
  })

  test('without --use, each image has two policies: the error says what tells them apart', async () => {
    const { stdout, stderr, code } = await shell(
      'kustomize build overlays/prod | image-policy --policies policies/',
    )
    expect(stderr).toContain(
      'Deployment prod/prod-web spec.template.spec.containers[0].image: must be governed by one policy; there are flux-system/web-staging (policies/web.yaml), flux-system/web-prod (policies/web.yaml)',
    )
    expect(stderr).toContain('or leave out the others with `usePolicies` or `--use`')
    expect({ stdout, code }).toEqual({ stdout: '', code: 1 })
  })

  test.each<readonly [string, string, string]>([
    [
      'a wrong password',
      "sed -i 's/lab-password/wrong-one/' policies/pull.yaml",
      'asked with auths',
    ],
    ['no Secret', 'rm policies/pull.yaml', 'Secret "flux-system/pull" is not in the input'],
    [
      'a Secret in another namespace',
      "sed -i 's/namespace: flux-system/namespace: default/' policies/pull.yaml",
      'there is one in namespace "default", but it must be in the namespace of the ImageRepository',
    ],
  ])(
    '%s at the private registry: nothing is written, and no password',
    async (_, mistake, words) => {
      const { stdout, stderr, code } = await shell(
        `${mistake}; kustomize build overlays/prod | image-policy --policies policies/ --use '*/*-prod'`,
      )
      expect(stderr).toMatch(/^error: ImageRepository flux-system\/api .*: 401 UNAUTHORIZED/m)
      expect(stderr).toContain(words)
      expect(stderr).not.toMatch(/wrong-one|lab-password/)
      expect({ stdout, code }).toEqual({ stdout: '', code: 3 })
    },
  )

  test('a reader that stops early is exit code 1, not a complete run', async () => {
    const { stderr, code } = await shell(
      "kustomize build overlays/prod | image-policy --policies policies/ --use '*/*-prod' | true; exit ${PIPESTATUS[1]}",
    )
    expect(stderr).toContain('error: stdout must take all that is written')
    expect(code).toBe(1)
  })

  test('a failed build gives nothing to apply', async () => {
    const { stdout, stderr, code } = await shell(
      'set +o pipefail; kustomize build overlays/nowhere | image-policy --policies policies/',
    )
    expect(stderr).toContain('did the command before the pipe fail?')
    expect({ stdout, code }).toEqual({ stdout: '', code: 1 })
  })
})
