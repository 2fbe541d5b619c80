import { applyImagePolicies, recordedTags, type TagSource } from '../src/index.ts'

export const oldDigest = `sha256:${'1'.repeat(64)}`
export const newDigest = `sha256:${'2'.repeat(64)}`

const tags = new Map([
  ['ghcr.io/acme/app', ['v1.0.0', 'v1.1.0']],
  ['ghcr.io/other/app', ['v1.5.0']],
  ['ghcr.io/acme/builds', ['7', '42']],
  ['docker.io/library/nginx', ['1.0.0', '1.1.0']],
])
const digests = new Map(
  [...tags].map(([repository, listed]) => [`${repository}:${listed.at(-1)}`, newDigest]),
)

/** A source with a few repositories, whose newest tags are v1.1.0, v1.5.0, 42 and 1.1.0, each with `newDigest`. */
export const someTags = (): TagSource => recordedTags(tags, digests)

/** An ImageRepository and an ImagePolicy `flux-system/<name>` of it, as YAML documents; `spec` and `status` are more of the policy, in flow style. */
export const policyFor = (
  repository: string,
  { name = 'app', policy = 'semver: {range: "1.x"}', spec = '', status = '' } = {},
): string =>
  `apiVersion: image.toolkit.fluxcd.io/v1
kind: ImageRepository
metadata: {name: ${name}, namespace: flux-system}
spec: {image: ${repository}}
---
apiVersion: image.toolkit.fluxcd.io/v1
kind: ImagePolicy
metadata: {name: ${name}, namespace: flux-system, generation: 2}
spec: {imageRepositoryRef: {name: ${name}}, policy: {${policy}}${spec && `, ${spec}`}}
${status && `status: {${status}}\n`}`

export interface RunOptions {
  /** `spec` of an ApplyImagePolicies. */
  readonly config?: object
  readonly policies?: string
  readonly source?: TagSource
}

/** One run, by default with the policy of ghcr.io/acme/app, which goes from v1.0.0 to v1.1.0. */
export async function runOn(
  input: string,
  { config, policies = policyFor('ghcr.io/acme/app'), source = someTags() }: RunOptions = {},
) {
  const functionConfig = config && {
    apiVersion: 'fn.kpt.dev/v1alpha1',
    kind: 'ApplyImagePolicies',
    metadata: { name: 'config' },
    spec: config,
  }
  const { output, results, changes, exitCode } = await applyImagePolicies(input, {
    policies,
    tagSource: source,
    ...(functionConfig && { functionConfig }),
  })
  const said = (severity: string) =>
    results.filter(result => result.severity === severity).map(({ message }) => message)
  return {
    text: Buffer.from(output).toString(),
    exitCode,
    results,
    errors: said('error'),
    warnings: said('warning'),
    infos: said('info'),
    moved: changes.map(({ path, after }) => `${path} ${after ?? 'removed'}`),
  }
}

/** A document of any kind with a pod template that holds these lines, indented by six spaces. */
export const workload = (
  lines: string,
  { kind = 'Deployment', metadata = 'name: web' } = {},
): string =>
  `apiVersion: apps/v1
kind: ${kind}
metadata: {${metadata}}
spec:
  template:
    spec:
${lines.replace(/^(?=.)/gm, '      ')}`
