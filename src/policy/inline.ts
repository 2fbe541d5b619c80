import { canonicalRepository, repositoryProblem } from '../image/repository.ts'
import type { Provider } from '../image/repository-access.ts'
import type { Fields } from '../krm/fields.ts'
import type { ResourceId } from '../place.ts'
import { readDigestPolicy } from './digest-policy.ts'
import { meaningOf } from './flux-objects.ts'
import type { ImagePolicy } from './image-policy.ts'
import { exactlyOne, onlyKeys } from './known-keys.ts'

/** Where inline policies stand, and what they have from there. */
export interface Holder {
  readonly resource: ResourceId
  /** The namespace of policies that name none: its original and its present name. */
  readonly namespace: { readonly original: string; readonly current: string }
  readonly scope?: readonly string[]
}

/** What an inline policy consists of. */
export interface InlineShape {
  readonly kind: Kind
  readonly provider: ProviderKey
  /** What every tag that counts begins with, and what is cut off before values are compared. */
  readonly identifier: string
}

const kinds = ['semver', 'alphabetical', 'numerical', 'digest'] as const
type Kind = (typeof kinds)[number]

const providers = {
  aws: 'aws',
  gcr: 'gcr',
  azure: 'azure',
  github: 'github',
  dockerhub: 'dockerhub',
  oci: 'generic',
} as const satisfies Record<string, Provider>
type ProviderKey = keyof typeof providers
const providerKeys = Object.keys(providers) as ProviderKey[]

/** Reads one entry of `spec.imagePolicies`, which stands at `field`. Throws BAD_FIELD; regular expressions and ranges are read by `chooser`. */
export function readInlinePolicy(entry: Fields, field: string, holder: Holder): ImagePolicy {
  onlyKeys(entry, ['name', 'namespace', 'policy', 'digestReflectionPolicy', ...providerKeys])
  const name = entry.string('name')
  const policy = entry.mapping('policy')
  onlyKeys(policy, [...kinds, 'identifier'])
  const kind = exactlyOne(policy, kinds)
  const provider = exactlyOne(entry, providerKeys)
  const block = entry.mapping(provider)
  checkBlock(block)
  const image = block.string('image')
  const problem = repositoryProblem(image)
  if (problem !== undefined)
    throw block.error(
      'BAD_FIELD',
      `must be a repository without scheme, tag or digest: ${problem}`,
      'image',
    )
  const shape = {
    kind,
    provider,
    identifier: kind === 'digest' ? '' : readIdentifier(policy, kind),
  }
  const digest = kind === 'digest' ? readDigestPolicy(policy) : undefined
  const repository = canonicalRepository(image)
  const digestReflectionPolicy =
    digest === undefined
      ? entry.oneOf('digestReflectionPolicy', ['Never', 'IfNotPresent', 'Always'], 'Never')
      : 'Always'
  return {
    resource: holder.resource,
    field,
    id: idOf(entry, name, holder),
    image,
    repository,
    exclusionList: [],
    digestReflectionPolicy,
    ...digest,
    suspended: false,
    access: {
      place: { resource: holder.resource, field: `${field}.${provider}.image` },
      provider: providers[provider],
    },
    meaning: meaningOf({
      repository,
      policy: policy.value,
      identifier: shape.identifier,
      tags: block.value.policy ?? null,
      digestReflectionPolicy,
    }),
    chooser: async () =>
      digest === undefined
        ? (await import('./inline-chooser.ts')).readInlineChooser(entry, shape)
        : (await import('./digest-chooser.ts')).digestChooser(entry, digest),
  }
}

/** Reads an entry of `spec.policies` in the form of Flux: an `ImagePolicy` that names its image itself. Throws BAD_FIELD. */
export function readFluxShapedPolicy(entry: Fields, field: string, holder: Holder): ImagePolicy {
  onlyKeys(entry, ['name', 'namespace', 'image', 'policy', 'filterTags', 'digestReflectionPolicy'])
  const image = entry.string('image')
  const problem = repositoryProblem(image)
  if (problem !== undefined)
    throw entry.error(
      'BAD_FIELD',
      `must be a repository without scheme, tag or digest: ${problem}`,
      'image',
    )
  const repository = canonicalRepository(image)
  const digestReflectionPolicy = entry.oneOf(
    'digestReflectionPolicy',
    ['Never', 'IfNotPresent', 'Always'],
    'Never',
  )
  return {
    resource: holder.resource,
    field,
    id: idOf(entry, entry.string('name'), holder),
    image,
    repository,
    exclusionList: [],
    digestReflectionPolicy,
    suspended: false,
    access: { place: { resource: holder.resource, field: `${field}.image` } },
    meaning: meaningOf({
      repository,
      exclusionList: [],
      policy: entry.value.policy ?? null,
      filterTags: entry.value.filterTags ?? null,
      digestReflectionPolicy,
    }),
    chooser: async () => (await import('./choose-tag.ts')).readChooser(entry),
  }
}

function idOf(entry: Fields, name: string, { namespace, scope }: Holder): ImagePolicy['id'] {
  const own = entry.optionalString('namespace')
  return {
    original: { namespace: own ?? namespace.original, name },
    current: { namespace: own ?? namespace.current, name },
    ...(scope && { scope }),
  }
}

function checkBlock(block: Fields): void {
  onlyKeys(block, ['image', 'policy'])
  const rules = block.optionalMapping('policy')
  if (rules === undefined) return
  onlyKeys(rules, ['tags', 'allowTags', 'ignoreTags'])
  const tags = rules.optionalMapping('tags')
  if (tags !== undefined) onlyKeys(tags, ['regex', 'extract', 'allowTags', 'ignoreTags'])
}

/** `identifier` stands in the rule or beside it. */
function readIdentifier(policy: Fields, kind: Exclude<Kind, 'digest'>): string {
  const rule = policy.mapping(kind)
  onlyKeys(rule, [kind === 'semver' ? 'range' : 'order', 'identifier'])
  const inner = rule.optionalString('identifier')
  const outer = policy.optionalString('identifier')
  if (inner !== undefined && outer !== undefined && inner !== outer) {
    throw policy.error(
      'BAD_FIELD',
      `must be the same as \`${kind}.identifier\`, or absent; got "${outer}" and "${inner}"`,
      'identifier',
    )
  }
  return inner ?? outer ?? ''
}
