import { canonicalRepository } from '../image/repository.ts'
import type { Provider } from '../image/repository-access.ts'
import type { Fields } from '../krm/fields.ts'
import type { ResourceId } from '../place.ts'
import { askTags, readImage, readReflectionPolicy } from './asked-tags.ts'
import type { Asked, ImagePolicy } from './image-policy.ts'
import type { InlineShape } from './inline-chooser.ts'
import type { PolicyKind } from './kinds/policy-kind.ts'
import { policyKinds } from './kinds/policy-kinds.ts'
import { exactlyOne, onlyKeys } from './known-keys.ts'
import { filterTagsMeaning, inlineFilterMeaning, meaningOf, tagsMeaning } from './meaning.ts'
import { checkRuleKeys } from './rule-keys.ts'

/** What holds inline policies, and what they get from it. */
export interface Holder {
  readonly resource: ResourceId
  /** The namespace of policies that name none: its original and its present name. */
  readonly namespace: { readonly original: string; readonly current: string }
  readonly scope?: readonly string[]
}

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

/**
 * Reads one entry of `spec.imagePolicies`; `field` is where it is. Throws BAD_FIELD. Regular
 * expressions and ranges are read by `chooser`.
 */
export function readInlinePolicy(entry: Fields, field: string, holder: Holder): ImagePolicy {
  onlyKeys(entry, ['name', 'namespace', 'policy', 'digestReflectionPolicy', ...providerKeys])
  const name = entry.string('name')
  const provider = exactlyOne(entry, providerKeys)
  const block = entry.mapping(provider)
  checkBlock(block)
  const image = readImage(block)
  const repository = canonicalRepository(image)
  return {
    resource: holder.resource,
    field,
    id: idOf(entry, name, holder),
    image,
    repository,
    suspended: false,
    access: {
      place: { resource: holder.resource, field: `${field}.${provider}.image` },
      provider: providers[provider],
    },
    ...readAsked(entry, block, provider, repository),
  }
}

function readAsked(
  entry: Fields,
  block: Fields,
  provider: string,
  repository: string,
): { readonly asks: Asked; readonly meaning: string } {
  const policy = entry.mapping('policy')
  const keys = [...policyKinds.keys()]
  onlyKeys(policy, [...keys, 'identifier'])
  const key = exactlyOne(policy, keys)
  const kind = policyKinds.get(key) as PolicyKind // `key` is one of its keys
  if (kind.asks === 'digest') {
    const asks = kind.read(policy, key)
    const { field: _, ...asked } = asks
    return { asks, meaning: meaningOf({ repository, ...asked }) }
  }
  const rule = policy.mapping(key)
  onlyKeys(rule, [...kind.keys, 'identifier'])
  const shape: InlineShape = { key, kind, provider, identifier: readIdentifier(policy, rule, key) }
  const digestReflectionPolicy = readReflectionPolicy(entry)
  return {
    asks: {
      kind: 'tags',
      exclusionList: [],
      digestReflectionPolicy,
      chooser: async () => (await import('./inline-chooser.ts')).readInlineChooser(entry, shape),
    },
    meaning: tagsMeaning({
      repository,
      exclusionList: [],
      policy: policy.value,
      filter: inlineFilterMeaning(block, shape.identifier),
      digestReflectionPolicy,
    }),
  }
}

/**
 * Reads an entry of `spec.policies` in the form of Flux: an `ImagePolicy` that names its image
 * itself. Throws BAD_FIELD.
 */
export function readFluxShapedPolicy(entry: Fields, field: string, holder: Holder): ImagePolicy {
  onlyKeys(entry, ['name', 'namespace', 'image', 'policy', 'filterTags', 'digestReflectionPolicy'])
  checkRuleKeys(entry)
  const filter = entry.optionalMapping('filterTags')
  if (filter !== undefined) onlyKeys(filter, ['pattern', 'extract'])
  const image = readImage(entry)
  const repository = canonicalRepository(image)
  const asks = askTags(entry, [], readReflectionPolicy(entry))
  return {
    resource: holder.resource,
    field,
    id: idOf(entry, entry.string('name'), holder),
    image,
    repository,
    asks,
    suspended: false,
    access: { place: { resource: holder.resource, field: `${field}.image` } },
    meaning: tagsMeaning({
      repository,
      policy: entry.value.policy,
      filter: filterTagsMeaning(entry),
      ...asks,
    }),
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

/** `identifier` is in the rule or beside it. */
function readIdentifier(policy: Fields, rule: Fields, key: string): string {
  const inner = rule.optionalString('identifier')
  const outer = policy.optionalString('identifier')
  if (inner !== undefined && outer !== undefined && inner !== outer) {
    throw policy.error(
      'BAD_FIELD',
      `must be the same as \`${key}.identifier\`, or absent; got "${outer}" and "${inner}"`,
      'identifier',
    )
  }
  return inner ?? outer ?? ''
}
