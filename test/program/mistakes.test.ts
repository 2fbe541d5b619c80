import { execFileSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { deploymentOf, policiesFor } from '../fixtures/manifests.ts'
import { needs } from '../fixtures/needs.ts'
import { runProgram } from '../fixtures/program.ts'

const status = 'status:\n  latestRef:\n    name: ghcr.io/acme/app\n    tag: v1.3.0\n'
/** Policies that need no registry with `source=status`. */
const policies = policiesFor('ghcr.io/acme') + status
const workload = deploymentOf('ghcr.io/acme')
const upToDate = deploymentOf('ghcr.io/acme', 'v1.3.0')
const check = ['--set', 'mode=check', '--set', 'source=status']
const apply = ['--set', 'source=status']
const withPolicies = ['--policies', 'policies']

const listOf = (spec: string) =>
  `apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n- ${workload.trimEnd().replaceAll('\n', '\n  ')}\n` +
  `functionConfig:\n  apiVersion: fn.kpt.dev/v1alpha1\n  kind: CheckImagePolicies\n  metadata: {name: check}\n  spec: ${spec}\n`

const inline = (kind: string, spec: string) =>
  `apiVersion: ${kind}\nkind: Kustomization\nmetadata: {name: shop, namespace: flux-system}\n${spec}`
const fluxKustomization = (spec: string) => inline('kustomize.toolkit.fluxcd.io/v1', spec)
const entries = '[{name: app, image: ghcr.io/acme/app, policy: {semver: {range: 1.x}}}]'

interface Mistake {
  readonly name: string
  /**
   * Text, or `-> target` for a symbolic link. The program runs in the folder `work`, which is a Git
   * work tree.
   */
  readonly files?: Readonly<Record<string, string>>
  /** A last step that files cannot express. */
  readonly prepare?: () => void
  readonly args?: readonly string[]
  readonly input?: string
  readonly code: number
  /** All of these must be on stderr. */
  readonly words: readonly string[]
  /** None of these may be there. */
  readonly not?: readonly string[]
}

const noPolicy: readonly Mistake[] = [
  {
    name: 'check mode without --policies',
    args: check,
    code: 1,
    words: ['error: no policy was found', 'stdin (1 document)', '`--policies PATH`'],
  },
  {
    name: 'apply mode without --policies',
    code: 0,
    words: ['warning: no policy was found', 'stdin (1 document)', '`--policies PATH`'],
  },
  {
    name: 'strict apply mode without --policies',
    args: ['--set', 'strict=true'],
    code: 1,
    words: ['error: no policy was found', 'because of `strict`'],
  },
  {
    name: 'an empty folder',
    prepare: () => mkdirSync('policies'),
    args: [...check, ...withPolicies],
    code: 1,
    words: ['error: no policy was found', 'policies (no *.yaml, *.yml or Kustomization)'],
  },
  {
    name: 'a folder with other objects only',
    files: { 'policies/a.yaml': upToDate, 'policies/sub/b.yml': `${upToDate}---\n${upToDate}` },
    args: [...check, ...withPolicies],
    code: 1,
    words: ['no policy was found', 'policies (2 files with 3 documents)'],
  },
  {
    name: 'a typo in each kind',
    files: {
      'policies/p.yaml': policies
        .replace('kind: ImagePolicy', 'kind: ImagePolcy')
        .replace('kind: ImageRepository', 'kind: ImageRepositry'),
    },
    args: [...check, ...withPolicies],
    code: 1,
    words: [
      'ImagePolcy flux-system/app (policies/p.yaml) kind: is not read as a policy: must be "ImagePolicy"',
      'must be "ImageRepository", got "ImageRepositry"',
    ],
  },
  {
    name: 'kinds in small letters, in the input',
    input: `${policies.replaceAll('kind: Image', 'kind: image')}---\n${workload}`,
    args: check,
    code: 1,
    words: ['must be "ImagePolicy", got "imagePolicy"'],
  },
  {
    name: 'the top-level domain of the group',
    files: { 'policies/p.yaml': policies.replaceAll('toolkit.fluxcd.io', 'toolkit.fluxcd.com') },
    args: [...check, ...withPolicies],
    code: 1,
    words: [
      'apiVersion: is not read as a policy: must be "image.toolkit.fluxcd.io/v1", got "image.toolkit.fluxcd.com/v1"',
    ],
  },
  {
    name: 'the group of another project and a typo in the kind',
    input: `apiVersion: image.fluxcd.io/v1beta2\nkind: ImagePolcy\nmetadata: {name: app}\n---\n${workload}`,
    args: check,
    code: 1,
    words: [
      'must be "ImagePolicy" of "image.toolkit.fluxcd.io/v1", got "ImagePolcy" of "image.fluxcd.io/v1beta2"',
    ],
  },
  {
    name: 'the kind in the group of another vendor',
    input: `apiVersion: config.openshift.io/v1\nkind: ImagePolicy\nmetadata: {name: app}\n---\n${workload}`,
    args: check,
    code: 1,
    words: ['must be "image.toolkit.fluxcd.io/v1", got "config.openshift.io/v1"'],
  },
  {
    name: 'no apiVersion',
    files: { 'policies/p.yaml': policies.replaceAll(/^apiVersion: image.*\n/gm, '') },
    args: [...check, ...withPolicies],
    code: 1,
    words: ['policies/p.yaml', 'must be "image.toolkit.fluxcd.io/v1", got none'],
  },
  {
    name: 'no version',
    files: { 'policies/p.yaml': policies.replaceAll('fluxcd.io/v1', 'fluxcd.io') },
    args: [...check, ...withPolicies],
    code: 1,
    words: ['got "image.toolkit.fluxcd.io"'],
  },
  {
    name: 'no kind',
    files: { 'policies/p.yaml': policies.replaceAll(/^kind: /gm, 'Kind: ') },
    args: [...check, ...withPolicies],
    code: 1,
    words: [
      'kind policies/p.yaml: is not read as a policy: must be one of ImagePolicy, ',
      'got none',
    ],
  },
  {
    name: 'another kind in the right group',
    input: `${policies.replaceAll('kind: Image', 'kind: Cluster')}---\n${workload}`,
    args: check,
    code: 1,
    words: [
      'ClusterPolicy flux-system/app: is of the group of image policies, but its kind is none',
    ],
  },
  {
    name: 'an ImageRepository alone',
    files: { 'policies/p.yaml': policies.slice(0, policies.indexOf('---')) },
    args: [...check, ...withPolicies],
    code: 1,
    words: [
      'ImageRepository flux-system/app (policies/p.yaml): names an image, but no ImagePolicy',
    ],
  },
  ...['imagePolicy', 'imagepolicies', 'imagePolices'].map(key => ({
    name: `\`${key}\` in a Flux Kustomization`,
    input: `${fluxKustomization(`spec: {${key}: ${entries}}\n`)}---\n${workload}`,
    args: check,
    code: 1,
    words: [
      `Kustomization flux-system/shop spec.${key}: is not read as a policy: must be called \`spec.imagePolicies\``,
    ],
  })),
  {
    name: '`imagePolicies` outside of `spec`',
    input: `${fluxKustomization(`imagePolicies: ${entries}\n`)}---\n${workload}`,
    args: check,
    code: 1,
    words: ['must be `imagePolicies` in `spec`'],
  },
  {
    name: 'an empty `imagePolicies`',
    input: `${fluxKustomization('spec: {imagePolicies: []}\n')}---\n${workload}`,
    args: check,
    code: 1,
    words: ['error: no policy was found'],
  },
  {
    name: "`imagePolicies` in a Kustomization that is not Flux's",
    input: `${inline('kustomize.config.k8s.io/v1beta1', `spec: {imagePolicies: ${entries}}\n`)}---\n${workload}`,
    args: check,
    code: 1,
    words: ['must be "kustomize.toolkit.fluxcd.io/v1", got "kustomize.config.k8s.io/v1beta1"'],
  },
  {
    name: 'a functionConfig in the folder of policies',
    files: {
      'policies/p.yaml': `apiVersion: fn.kpt.dev/v1alpha1\nkind: ApplyImagePolicies\nmetadata: {name: app}\nspec: {policies: ${entries}}\n`,
    },
    args: [...check, ...withPolicies],
    code: 1,
    words: ['policies/p.yaml', 'is a functionConfig', '`--config`'],
  },
  ...['README.md', 'p.yaml.bak', 'p.json'].map(name => ({
    name: `policies in ${name}`,
    files: { [`policies/${name}`]: policies },
    args: [...check, ...withPolicies],
    code: 1,
    words: [`policies/${name}: seems to hold policies, but is not read because of its name`],
  })),
  {
    name: 'a Markdown file that is named',
    files: { 'policies.md': '# Policies\nObjects of image.toolkit.fluxcd.io/v1 belong here.\n' },
    args: [...check, '--policies', 'policies.md'],
    code: 1,
    words: [
      'policies.md (1 document)',
      'policies.md: mentions image.toolkit.fluxcd.io, but has no object of that group',
    ],
  },
  {
    name: 'policies in the data of a ConfigMap',
    input: `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  p.yaml: |\n    ${policies.replaceAll('\n', '\n    ')}\n---\n${workload}`,
    args: check,
    code: 1,
    words: ['stdin: mentions image.toolkit.fluxcd.io, but has no object of that group'],
  },
  {
    name: 'a workload that Flux v1 automates without a rule',
    input: workload.replace(
      '  namespace: apps\n',
      '  namespace: apps\n  annotations: {fluxcd.io/automated: "true"}\n',
    ),
    args: check,
    code: 1,
    words: ['Deployment apps/web: is automated, but has no rule such as'],
  },
  {
    name: 'a ResourceList in check mode',
    input: listOf('{}'),
    code: 1,
    words: ['error: no policy was found', 'stdin (1 item)', 'add policies to the items'],
  },
  {
    name: 'many near misses are cut',
    input: Array.from({ length: 15 }, (_, index) =>
      policies
        .replace('kind: ImagePolicy', `kind: ImagePolcy\nx: ${index}`)
        .slice(policies.indexOf('---') + 4),
    ).join('---\n'),
    args: check,
    code: 1,
    words: ['and 5 more'],
  },
]

const policyFound: readonly Mistake[] = [
  {
    name: 'nothing wrong',
    files: { 'policies/p.yaml': policies },
    args: [...check, ...withPolicies],
    code: 2,
    words: ['v1.3.0'],
    not: ['no policy', 'warning'],
  },
  {
    name: 'JSON that is named',
    files: {
      'p.json': JSON.stringify({
        apiVersion: 'image.toolkit.fluxcd.io/v1',
        kind: 'ImagePolicy',
        metadata: { name: 'app' },
        spec: { policy: { semver: { range: '1.x' } } },
        status: { latestRef: { name: 'ghcr.io/acme/app', tag: 'v1.3.0' } },
      }),
    },
    args: [...check, '--policies', 'p.json'],
    code: 2,
    words: ['v1.3.0'],
    not: ['no policy'],
  },
  {
    name: 'a rule of Flux v1, even if it is locked',
    input: workload.replace(
      '  namespace: apps\n',
      '  namespace: apps\n  annotations: {fluxcd.io/automated: "true", fluxcd.io/locked: "true", fluxcd.io/tag.web: "semver:~1.2"}\n',
    ),
    args: check,
    code: 0,
    words: [],
    not: ['no policy'],
  },
  {
    name: 'a policy that Flux has not answered yet',
    files: { 'policies/p.yaml': policiesFor('ghcr.io/acme') },
    args: [...check, ...withPolicies],
    code: 0,
    words: ['warning: ImagePolicy flux-system/app'],
    not: ['no policy'],
  },
  {
    name: 'a typo in one of several policies',
    files: {
      'policies/a.yaml': policies,
      'policies/b.yaml':
        'apiVersion: image.toolkit.fluxcd.io/v1\nkind: ImagePolcy\nmetadata: {name: b}\n',
      'policies/c.yaml':
        'apiVersion: image.toolkit.fluxcd.com/v1\nkind: ImagePolicy\nmetadata: {name: c}\n',
      'policies/d.yaml': fluxKustomization(`spec: {imagePolicy: ${entries}}\n`),
    },
    args: [...apply, ...withPolicies],
    code: 0,
    words: [
      'warning: ImagePolcy b (policies/b.yaml) kind: is not read as a policy: must be "ImagePolicy"',
      'warning: ImagePolicy c (policies/c.yaml) apiVersion: is not read as a policy',
      'warning: Kustomization flux-system/shop (policies/d.yaml) spec.imagePolicy: is not read',
    ],
  },
  {
    name: 'all policies are excluded by --use',
    files: { 'policies/p.yaml': policies },
    args: [...check, ...withPolicies, '--use', 'other/*'],
    code: 1,
    words: [],
    not: ['no policy was found'],
  },
  {
    name: 'kinds of other vendors beside policies',
    files: {
      'policies/a.yaml': policies,
      'policies/b.yaml':
        'apiVersion: config.openshift.io/v1\nkind: ImagePolicy\nmetadata: {name: b}\n',
      'policies/c.yaml':
        'apiVersion: portieris.cloud.ibm.com/v1\nkind: ImagePolicy\nmetadata: {name: c}\n',
      'policies/d.yaml': fluxKustomization('spec: {images: [], path: ./imagePolicy}\n'),
    },
    args: [...apply, ...withPolicies],
    code: 0,
    words: ['v1.3.0'],
    not: ['warning'],
  },
]

const files: readonly Mistake[] = [
  {
    name: 'links inside of the folder',
    files: { 'real/p.yaml': policies, 'policies/p.yaml': '-> ../real/p.yaml' },
    args: [...check, ...withPolicies],
    code: 2,
    words: ['v1.3.0'],
  },
  {
    name: 'a folder that is a link, with links in a circle',
    files: { 'real/p.yaml': policies, 'real/again': '-> .', policies: '-> real' },
    args: [...check, ...withPolicies],
    code: 2,
    words: ['v1.3.0'],
  },
  {
    name: 'a mounted ConfigMap outside of the work tree',
    files: {
      '../outside/mount/..2024_11_30/p.yaml': policies,
      '../outside/mount/..2024_11_30/sub/q.yaml': upToDate,
      '../outside/mount/..data': '-> ..2024_11_30',
      '../outside/mount/p.yaml': '-> ..data/p.yaml',
      '../outside/mount/sub': '-> ..data/sub',
    },
    args: [...check, '--policies', '../outside/mount'],
    code: 2,
    words: ['v1.3.0'],
    not: ['..data', 'warning'],
  },
  {
    name: 'each file of a mounted ConfigMap is read once, by its usual name',
    files: {
      '../outside/mount/..2024_11_30/p.yaml': upToDate,
      '../outside/mount/..data': '-> ..2024_11_30',
      '../outside/mount/p.yaml': '-> ..data/p.yaml',
    },
    args: [...check, '--policies', '../outside/mount'],
    code: 1,
    words: ['../outside/mount (1 file with 1 document)'],
  },
  {
    name: 'a file behind a link that leads out',
    files: { '../outside/p.yaml': policies, 'policies/p.yaml': '-> ../../outside/p.yaml' },
    args: [...check, ...withPolicies],
    code: 1,
    words: [
      'error: policies/p.yaml: must not be a symbolic link that leads out',
      '/outside/p.yaml',
    ],
    not: ['no policy'],
  },
  {
    name: 'a folder behind a link that leads out',
    files: { '../outside/p.yaml': policies, 'policies/more': '-> ../../outside' },
    args: [...check, ...withPolicies],
    code: 1,
    words: ['error: policies/more: must not be a symbolic link that leads out'],
  },
  {
    name: 'a named folder of the work tree that is a link that leads out',
    files: { '../outside/p.yaml': policies, policies: '-> ../outside' },
    args: [...check, '--policies', 'policies/'],
    code: 1,
    words: ['error: policies/: must not be a symbolic link that leads out'],
  },
  {
    name: 'a configuration that is a link that leads out',
    files: { '../outside/c.yaml': 'a: secret\n', 'config.yaml': '-> ../outside/c.yaml' },
    args: ['--config', 'config.yaml'],
    code: 1,
    words: ['error: config.yaml: must not be a symbolic link that leads out'],
    not: ['secret'],
  },
  {
    name: 'a link that leads out and is not YAML by name',
    files: { 'policies/p.yaml': policies, 'policies/README': '-> /etc/hosts' },
    args: [...check, ...withPolicies],
    code: 2,
    words: ['v1.3.0'],
  },
  {
    name: 'a link to nothing',
    files: { 'policies/p.yaml': '-> nothing.yaml' },
    args: [...check, ...withPolicies],
    code: 1,
    words: ['error: policies/p.yaml: must not be a symbolic link to nothing'],
  },
  {
    name: 'a pipe or socket by its descriptor, as in a process substitution',
    args: [...check, '--policies', '/dev/stdin'],
    code: 1,
    words: ['error: /dev/stdin: must be a regular file, got a '],
  },
  {
    name: 'a device',
    args: [...check, '--policies', '/dev/zero'],
    code: 1,
    words: ['error: /dev/zero: must be a regular file, got a device'],
  },
  {
    name: 'a file that is too large',
    files: { 'policies/p.yaml': '' },
    prepare: () => truncateSync('policies/p.yaml', 2 ** 26 + 1),
    args: [...check, ...withPolicies],
    code: 1,
    words: ['error: policies/p.yaml: must have at most 64 MiB, got 65 MiB'],
  },
  {
    name: 'a folder as the configuration',
    prepare: () => mkdirSync('config'),
    args: ['--config', 'config'],
    code: 1,
    words: ['error: config: must be a regular file, got a folder'],
  },
  ...['--policies', '--config'].map(option => ({
    name: `${option} with a path to nothing`,
    args: [option, 'no/where.yaml'],
    code: 1,
    words: ['error: no/where.yaml: must be a file or folder that can be read (ENOENT)'],
  })),
]

const commands: readonly Mistake[] = (
  [
    [['deploy.yaml'], 'image-policy --policies policies/ < deploy.yaml'],
    [
      ['deploy.yaml', '--policies', 'my policies'],
      "image-policy --policies 'my policies' < deploy.yaml",
    ],
    [['overlays/prod'], 'kustomize build overlays/prod | image-policy --policies policies/'],
    [['-f', 'deploy.yaml', '-p', 'p'], 'image-policy --policies p < deploy.yaml'],
    [['--filename=deploy.yaml'], 'image-policy --policies policies/ < deploy.yaml'],
    [['-'], 'image-policy --policies policies/'],
    [['--policy', 'p'], 'image-policy --policies p'],
    [['-p', 'p'], 'image-policy --policies p'],
    [['--polices=p'], 'image-policy --policies p'],
    [['-policies', 'p'], 'image-policy --policies p'],
    [['--policies'], 'image-policy --policies policies/'],
    [['--policies', '--set', 'mode=check'], 'image-policy --policies policies/ --set mode=check'],
    [['--policies', ''], 'image-policy --policies policies/'],
    [['--dry-run', '--policies', 'p'], 'image-policy --set mode=check --policies p'],
    [['check', '--policies', 'p'], 'image-policy --set mode=check --policies p'],
    [['--mode', 'check'], 'image-policy --policies policies/ --set mode=check'],
    [['--strict'], 'image-policy --policies policies/ --set strict=true'],
    [['-o', 'out.yaml', '-p', 'p'], 'image-policy --output out.yaml --policies p'],
    [['--quiet=yes'], 'image-policy --policies policies/ --quiet'],
    [
      ['--policies', 'policies/a.yaml', 'policies/b.yaml', 'policies/c.yaml'],
      'image-policy --policies policies/',
    ],
    [['--verbos'], 'image-policy --policies policies/ --verbose'],
  ] as const
).map(([args, command]) => ({
  name: `${args.join(' ')}`,
  args,
  code: 1,
  words: [`did you mean: ${command}\n`],
}))

const options: readonly Mistake[] = [
  ...(
    [
      [['--frobnicate'], '"--frobnicate" is not an option'],
      [['--set', 'strict'], '--set must be KEY=VALUE, such as --set source=status; got "strict"'],
      [['--config'], '--config must have a value, --config FILE, got nothing'],
      [
        ['--output', '--verbose'],
        '--output must have a value, --output FILE, got the option "--verbose"',
      ],
      [['--config', 'a', '--config', 'b'], '--config must be used once, got 2'],
      [['--quiet', '--verbose'], '--quiet and --verbose must not be used together'],
    ] as const
  ).map(([args, problem]) => ({
    name: args.join(' '),
    args,
    code: 1,
    words: [`error: ${problem}; see image-policy --help\n`],
  })),
  {
    name: 'a setting that does not exist',
    args: ['--set', 'sorce=status'],
    code: 1,
    words: ['`source`'],
  },
]

const outputs: readonly Mistake[] = [
  {
    name: '--output with an error',
    files: { 'out.yaml': 'old\n' },
    args: [...check, '--output', 'out.yaml'],
    code: 1,
    words: ['no policy was found'],
  },
  {
    name: '--output that is a folder',
    prepare: () => mkdirSync('out'),
    args: ['--output', 'out'],
    code: 1,
    words: ['error: out: must be a file that can be replaced, got a folder'],
  },
  {
    name: '--output in a folder that does not exist',
    args: ['--output', 'no/out.yaml'],
    code: 1,
    words: ['error: no/out.yaml: must be a file that can be replaced (ENOENT)'],
  },
  {
    name: '--output to a device',
    args: ['--output', '/dev/null'],
    code: 1,
    words: ['error: /dev/null: must be a file that can be replaced, got a device'],
  },
  {
    name: '--output to a link in a circle',
    files: { a: '-> b', b: '-> a' },
    args: ['--output', 'a'],
    code: 1,
    words: ['error: a: must not be a symbolic link that leads to itself'],
  },
]

const inPolicy = (from: string, to: string) => ({
  files: { 'policies/p.yaml': policies.replace(from, to) },
  args: [...apply, ...withPolicies],
})
const range = 'range: ">=1.2.3 <2.0.0"'
const image = 'image: ghcr.io/acme/app:v1.2.3'
/** Both images of the workload changed. */
const withImages = (to: string) => workload.replace(' # the same image', '').replaceAll(image, to)

const policyTexts: readonly Mistake[] = [
  {
    name: 'a range with `>` without quotes',
    ...inPolicy(range, 'range: >=1.2.3 <2.0.0'),
    code: 1,
    words: [
      'error: policies/p.yaml:24:15: must be YAML',
      'put quotes around a value that begins with `>`',
    ],
  },
  ...['*', '*.x'].map(text => ({
    name: `a range ${text} without quotes`,
    ...inPolicy(range, `range: ${text}`),
    code: 1,
    words: [
      'error: policies/p.yaml:24:14: must ',
      'put quotes around a value that begins with `*`',
    ],
  })),
  {
    name: 'a range that YAML reads as a number',
    ...inPolicy(range, 'range: 1.10'),
    args: withPolicies,
    code: 1,
    words: [
      'ImagePolicy flux-system/app (policies/p.yaml) spec.policy.semver.range: must be a string',
      'put quotes',
    ],
  },
  {
    name: 'a typo in the key of a rule',
    ...inPolicy('range:', 'rang:'),
    code: 1,
    words: ['spec.policy.semver.rang: must be one of the known keys', 'did you mean `range`?'],
  },
  {
    name: 'a range without its rule',
    ...inPolicy(`semver:\n      ${range}`, range),
    code: 1,
    words: [
      'spec.policy.range: must be one of the known keys',
      '(known: `semver`, `alphabetical`, `numerical`)',
    ],
  },
  {
    name: 'a typo in an optional key',
    ...inPolicy('  policy:\n', '  filterTag: {pattern: x}\n  policy:\n'),
    code: 0,
    words: [
      'warning: ImagePolicy flux-system/app (policies/p.yaml) spec.filterTag: is not a field',
      'did you mean `filterTags`?',
    ],
  },
  {
    name: 'a pattern with a lookahead',
    ...inPolicy('  policy:\n', "  filterTags: {pattern: '^(?!rc)'}\n  policy:\n"),
    args: withPolicies,
    code: 1,
    words: ['spec.filterTags.pattern: must be a regular expression of Go (RE2)'],
  },
  {
    name: 'an ImageRepository in another namespace',
    files: { 'policies/p.yaml': policies.replace('namespace: flux-system', 'namespace: default') },
    args: withPolicies,
    code: 1,
    words: [
      'spec.imageRepositoryRef.name: must name an ImageRepository of the input, got "flux-system/app"',
      '"default/app"',
    ],
  },
  ...[
    ['https://ghcr.io/acme/app', "remove 'https://'"],
    ['ghcr.io/acme/app:v1.2.3', "remove ':v1.2.3'"],
  ].map(([repository = '', words = '']) => ({
    name: `the repository ${repository}`,
    files: {
      'policies/p.yaml': policiesFor('ghcr.io/acme').replace('ghcr.io/acme/app', repository),
    },
    args: withPolicies,
    code: 1,
    words: [
      'ImageRepository flux-system/app (policies/p.yaml) spec.image: must be a repository without',
      words,
    ],
  })),
  {
    name: 'a repository with a typo',
    files: { 'policies/p.yaml': policies.replaceAll('acme/app', 'acme/ap') },
    args: [...check, ...withPolicies],
    code: 0,
    words: [
      'governs nothing: no image of "ghcr.io/acme/ap" was found; the closest one seen is "ghcr.io/acme/app"',
    ],
  },
  {
    name: 'two policies for one image, as for two stages',
    files: {
      'policies/a.yaml': policies,
      'policies/b.yaml': policies.replaceAll('name: app\n', 'name: app-prod\n'),
    },
    args: [...apply, ...withPolicies],
    code: 1,
    words: [
      'must be governed by one policy',
      '`fluxcd.io/policy.web: <namespace>:<name>`',
      'or leave out the others with `usePolicies` or `--use`',
    ],
  },
  {
    name: '--use with a name alone',
    files: { 'policies/p.yaml': policies },
    args: [...apply, ...withPolicies, '--use', 'app'],
    code: 0,
    words: ['"app" matches no policy (<namespace>/<name>); the closest one is "flux-system/app"'],
  },
  {
    name: '--use with a misspelled name in a check',
    files: { 'policies/p.yaml': policies },
    args: [...check, ...withPolicies, '--use', '*/ap'],
    code: 1,
    words: ['--set usePolicies[0]: "*/ap" matches no policy (<namespace>/<name>)'],
  },
  {
    name: 'a policy file with CRLF',
    files: { 'policies/p.yaml': policies.replaceAll('\n', '\r\n') },
    input: workload.replaceAll('\n', '\r\n'),
    args: [...check, ...withPolicies],
    code: 2,
    words: ['v1.3.0'],
    not: ['warning', '\\r'],
  },
]

const inputs: readonly Mistake[] = [
  ...['', '\n', '# nothing\n'].map(input => ({
    name: `the input ${JSON.stringify(input)}`,
    input,
    code: 1,
    words: [
      'error: stdin: must hold a ResourceList or manifests, got nothing; did the command before the pipe fail?',
    ],
  })),
  {
    name: 'an image that is locked',
    input: workload.replace(
      '  namespace: apps\n',
      '  namespace: apps\n  annotations: {fluxcd.io/locked: "true"}\n',
    ),
    args: [...check, ...withPolicies],
    code: 0,
    words: [
      'note: Deployment apps/web spec.template.spec.containers[0].image: is left alone: the annotation `fluxcd.io/locked` is "true"; the policy chooses "ghcr.io/acme/app:v1.3.0"',
    ],
  },
  ...['', ':latest', `@sha256:${'a'.repeat(64)}`].map(tag => ({
    name: `the image ghcr.io/acme/app${tag.slice(0, 10)}`,
    input: withImages(`image: ghcr.io/acme/app${tag}`),
    args: [...check, ...withPolicies],
    code: 2,
    words: [`"ghcr.io/acme/app${tag}" -> "ghcr.io/acme/app:v1.3.0`],
  })),
  {
    name: 'a placeholder for the tag',
    input: withImages('image: ghcr.io/acme/app:$(TAG)'),
    args: [...check, ...withPolicies],
    code: 0,
    words: ['is left alone: "ghcr.io/acme/app:$(TAG)" is not an image reference'],
  },
  {
    name: 'a marker with single quotes',
    input: withImages(`${image} # {'$imagepolicy': 'flux-system:app'}`),
    args: [...check, ...withPolicies],
    code: 2,
    words: ['mentions $imagepolicy, but marks nothing: a marker must be JSON: use double quotes'],
  },
  {
    name: 'a marker with a typo in the name of the policy',
    input: withImages(`${image} # {"$imagepolicy": "flux-system:ap"}`),
    args: [...check, ...withPolicies],
    code: 0,
    words: [
      'is marked with "flux-system:ap", which is not the name of a policy of the input; the closest one is "flux-system:app"',
    ],
  },
  {
    name: 'a values file without the setting',
    input: 'image:\n  repository: ghcr.io/acme/app\n  tag: v1.2.3\n',
    args: [...check, ...withPolicies],
    code: 0,
    words: ['set `targets.valuesFiles: true` if it is a file of Helm values'],
  },
  {
    name: 'two images of a HelmRelease whose innermost keys are the same',
    files: {
      'policies/p.yaml': policies,
      'policies/q.yaml': policies.replaceAll('name: app\n', 'name: app-prod\n'),
    },
    input: `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: shop, annotations: {fluxcd.io/policy.image: "flux-system:web"}}\nspec:\n  values:\n    worker:\n      image: {repository: ghcr.io/acme/app, tag: v1.2.3}\n---\n${policies.replaceAll('app', 'web')}`,
    args: [...apply, ...withPolicies],
    code: 1,
    words: [
      'spec.values.worker.image: must be governed by one policy',
      '`fluxcd.io/policy.worker: <namespace>:<name>`',
    ],
  },
].map(mistake => ({ files: { 'policies/p.yaml': policies }, ...mistake }))

let folder: string
const here = process.cwd()
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'image-policy-'))
  mkdirSync(join(folder, 'work/.git'), { recursive: true })
  process.chdir(join(folder, 'work'))
})
afterEach(() => {
  process.chdir(here)
  rmSync(folder, { recursive: true })
})

const fifos: readonly Mistake[] = [
  {
    name: 'a FIFO that is named',
    prepare: () => execFileSync('mkfifo', ['fifo']),
    args: [...check, '--policies', 'fifo'],
    code: 1,
    words: ['error: fifo: must be a regular file, got a FIFO'],
  },
  {
    name: 'a FIFO in a folder',
    files: { 'policies/p.yaml': policies },
    prepare: () => execFileSync('mkfifo', ['policies/q.yaml']),
    args: [...check, ...withPolicies],
    code: 1,
    words: ['error: policies/q.yaml: must be a regular file, got a FIFO'],
  },
  {
    name: 'a FIFO as the configuration',
    prepare: () => execFileSync('mkfifo', ['fifo']),
    args: ['--config', 'fifo'],
    code: 1,
    words: ['error: fifo: must be a regular file, got a FIFO'],
  },
]

describe.each([
  ['no policy was found', noPolicy],
  ['a policy was found', policyFound],
  ['files', files],
  ['commands', commands],
  ['options', options],
  ['output', outputs],
  ['texts of policies', policyTexts],
  ['input', inputs],
])('%s', (_, mistakes) => each(mistakes))

needs('mkfifo')('FIFOs', () => each(fifos))

function each(mistakes: readonly Mistake[]): void {
  test.each(mistakes)('$name', async mistake => {
    for (const [path, text] of Object.entries(mistake.files ?? {})) {
      mkdirSync(dirname(path), { recursive: true })
      if (text.startsWith('-> ')) symlinkSync(text.slice(3), path)
      else writeFileSync(path, text)
    }
    mistake.prepare?.()
    const before = contents()
    const { stdout, stderr, code } = await runProgram(mistake.args ?? [], {
      input: mistake.input ?? workload,
      cwd: process.cwd(),
    })
    for (const words of mistake.words) expect(stderr).toContain(words)
    for (const words of mistake.not ?? []) expect(stderr).not.toContain(words)
    expect(stderr).not.toContain('a bug in image-policy')
    expect(code).toBe(mistake.code)
    expect(contents()).toEqual(before)
    if (code !== 0 && !mistake.input?.includes('kind: ResourceList')) expect(stdout).toBe('')
  })
}

/** The names of all files, and the text of those that matter. */
const contents = () =>
  readdirSync('..', { recursive: true, encoding: 'utf8' })
    .sort()
    .map(path => (path.endsWith('out.yaml') ? readFileSync(join('..', path), 'utf8') : path))
