/**
 * Inputs of at most a few MB that need more work than their size: one for each loop whose rounds a
 * stranger decides.
 */

const repeated = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join('')

const policy = (name: string, image: string): string => `
- {apiVersion: image.toolkit.fluxcd.io/v1, kind: ImageRepository, metadata: {name: ${name}, namespace: f}, spec: {image: ${image}}}
- apiVersion: image.toolkit.fluxcd.io/v1
  kind: ImagePolicy
  metadata: {name: ${name}, namespace: f}
  spec: {imageRepositoryRef: {name: ${name}}, policy: {semver: {range: '*'}}}
  status: {latestRef: {name: ${image}, tag: 2.0.0}}`

const deployment = (name: string, image: string, file?: string): string => `
- apiVersion: apps/v1
  kind: Deployment
  metadata: {name: ${name}, namespace: a${file === undefined ? '' : `, annotations: {config.kubernetes.io/path: ${file}}`}}
  spec: {template: {spec: {containers: [{name: c, image: '${image}'}]}}}`

const custom = (spec: string): string => `
- apiVersion: x/v1
  kind: Foo
  metadata: {name: foo, namespace: a}
${spec}`

const automation = (name: string, folder: string): string => `
- {apiVersion: image.toolkit.fluxcd.io/v1, kind: ImageUpdateAutomation, metadata: {name: ${name}, namespace: f}, spec: {update: {path: ${folder}}}}`

const list = (
  items: string,
  spec = '{source: status}',
): string => `apiVersion: config.kubernetes.io/v1
kind: ResourceList
functionConfig: {apiVersion: fn.kpt.dev/v1alpha1, kind: ApplyImagePolicies, metadata: {name: x}, spec: ${spec}}
items:${items}
`

const deep = `${'d/'.repeat(40)}s`

/** A name of so many letters that is unlike all others. */
const unlike = (index: number, letters: string): string =>
  Array.from({ length: 230 }, (_, at) => letters[(index * 7919 + at * (index + 3)) % 5 < 2 ? 0 : 1])
    .join('')
    .concat(String(index))

function aliases(): string {
  const levels = repeated(
    8,
    at => `  a${at + 1}: &a${at + 1} [${Array(9).fill(`*a${at}`).join(', ')}]\n`,
  )
  const spec = `  a0: &a0 {${repeated(9, at => `k${at}: img:1, `)}}\n${levels}  spec: *a8`
  return list(
    policy('p', 'img') + custom(spec),
    `{source: status, targets: {fields: [{kind: Foo, path: 'spec${'[*]'.repeat(9)}', policy: 'f:p'}]}}`,
  )
}

/**
 * What each of them may cost: an exit code, and the bytes of stderr and of stdout beyond the input.
 */
export interface Hostile {
  readonly input: () => string
  readonly exitCode: number
  readonly says: RegExp
  readonly stderrBytes: number
}

const small = 10_000
/** 1,000 lines of usual length. */
const full = 500_000

export const hostile: Readonly<Record<string, Hostile>> = {
  '`[*]` over nested aliases': {
    input: aliases,
    exitCode: 1,
    says: /spec\.targets\.fields\[0\]\.path: must be simpler/,
    stderrBytes: small,
  },
  'a marker and a policy with names of 60 KB': {
    input: () =>
      list(
        policy('p'.repeat(60_000), 'img') +
          custom(`  spec:\n    image: img:1 # {"$imagepolicy": "f:${'q'.repeat(60_000)}"}`),
      ),
    exitCode: 0,
    says: /is not the name of a policy of the input|more characters/,
    stderrBytes: small,
  },
  'idle policies, and as many images that are unlike them': {
    input: () =>
      list(
        repeated(600, at => policy(`p${at}`, `ghcr.io/${unlike(at, 'ab')}`)) +
          repeated(600, at => deployment(`d${at}`, `ghcr.io/${unlike(at, 'ac')}:1`)),
      ),
    exitCode: 0,
    says: /600 policies govern nothing/,
    stderrBytes: small,
  },
  'markers with names that no policy has': {
    input: () =>
      list(
        repeated(1500, at => policy(`p${at}${'x'.repeat(40)}`, 'img')) +
          custom(
            `  spec:\n${repeated(1500, at => `    k${at}: img:1 # {"$imagepolicy": "f:q${at}${'y'.repeat(40)}"}\n`)}`,
          ),
      ),
    exitCode: 0,
    says: /warning: and \d+ more warnings/,
    stderrBytes: full,
  },
  'folders of automations, and files that none of them holds': {
    input: () =>
      list(
        policy('p', 'img') +
          repeated(1500, at => automation(`a${at}`, `${deep}${at}`)) +
          repeated(1500, at => deployment(`d${at}`, 'other:1', `f${at}.yaml`)),
      ),
    exitCode: 0,
    says: /governs nothing/,
    stderrBytes: small,
  },
  'policies of one repository, each with the folders of many automations': {
    input: () =>
      list(
        repeated(500, at => policy(`p${at}`, 'img')) +
          repeated(500, at => automation(`a${at}`, `${deep}${at}`)) +
          repeated(3000, at => deployment(`d${at}`, 'img:1', `${deep}${at}/f.yaml`)),
      ),
    exitCode: 1,
    says: /and 495 more: choose one/,
    stderrBytes: full,
  },
  'one long line with scalars before its comment': {
    input: () =>
      list(
        policy('p', 'img') +
          custom(`  spec: {l: [${'a,'.repeat(200_000)}a]} # {"$imagepolicy": "f:p"}`),
      ),
    exitCode: 0,
    says: /does not follow a scalar value/,
    stderrBytes: small,
  },
  'one long comment that mentions markers': {
    input: () =>
      list(
        policy('p', 'img') +
          custom(`  spec: {l: [${'a, '.repeat(3000)}a]} # ${'$imagepolicy '.repeat(24_000)}`),
      ),
    exitCode: 0,
    says: /governs nothing/,
    stderrBytes: small,
  },
  'one long comment outside of all resources': {
    input: () => `${list(policy('p', 'img'))}# ${'$imagepolicy '.repeat(24_000)}\n`,
    exitCode: 0,
    says: /governs nothing/,
    stderrBytes: small,
  },
  'images that every one of many policies may govern': {
    input: () =>
      list(
        repeated(1500, at => policy(`p${at}`, 'img')) +
          repeated(5000, at => deployment(`d${at}`, 'img:1')),
      ),
    exitCode: 1,
    says: /error: and 4000 more errors/,
    stderrBytes: full,
  },
  'images with placeholders, and many policies': {
    input: () =>
      list(
        repeated(1500, at => policy(`p${at}`, `ghcr.io/x/img${at}`)) +
          repeated(8000, at => deployment(`d${at}`, `\${R${at}}/x/img1:1`)),
      ),
    exitCode: 0,
    says: /warning: and 7\d{3} more warnings/,
    stderrBytes: full,
  },
}
