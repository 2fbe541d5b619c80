import { FunctionError } from '../errors.ts'
import { canonicalRepository, imageNameOf } from '../image/repository.ts'
import { fieldsOf } from '../krm/fields.ts'
import { defaultNamespace, placeOf, type Resource } from '../krm/resource.ts'
import { askTags } from './asked-tags.ts'
import type { ImagePolicy } from './image-policy.ts'
import { tagsMeaning } from './meaning.ts'

/** A policy for one container, from an annotation of Flux v1. */
export interface ContainerRule {
  readonly container: string
  /** The annotation that holds it. */
  readonly key: string
  /** Such as `semver:~1.2`. */
  readonly rule: string
}

export const fluxV1Prefixes = ['fluxcd.io/', 'flux.weave.works/'] as const
const filterPrefix = 'filter.fluxcd.io/'

/** How the keys of these annotations begin. */
export const fluxV1Annotations: readonly string[] = [...fluxV1Prefixes, filterPrefix]

/**
 * The values of annotations `tag.<container>` that Flux v1 reads as policies. A value without
 * `semver:`, `glob:` or `regex:` was written by this function.
 */
const rulePattern = /^(?:semver|glob|regexp?):/

/**
 * The rules that Flux v1 would carry out on a workload: `automated` must be "true". If `locked` or
 * `ignore` is, the targets are vetoed.
 * Source: fluxcd/flux, pkg/policy and pkg/resource, 1.25.4.
 */
export function containerRules({ annotations }: Resource): readonly ContainerRule[] {
  const isAutomated = fluxV1Prefixes.some(
    prefix => annotations.get(`${prefix}automated`) === 'true',
  )
  if (!isAutomated) return []
  const found = new Map<string, ContainerRule>()
  for (const prefix of [...fluxV1Prefixes.map(own => `${own}tag.`), filterPrefix]) {
    for (const [key, rule] of annotations) {
      const container = key.slice(prefix.length)
      if (key.startsWith(prefix) && rulePattern.test(rule) && !found.has(container))
        found.set(container, { container, key, rule })
    }
  }
  return [...found.values()]
}

/**
 * The policy of one container, whose image has `repository` (as written). As for every policy, the
 * range means what it means in an ImagePolicy of Flux 2.9: unlike in Flux v1, `1.2` is not a
 * version, and one pre-release in a range lets in those of its neighbours. Throws BAD_FIELD for
 * `glob:` and `regex:`.
 */
export function readContainerRule(
  resource: Resource,
  { container, key, rule }: ContainerRule,
  repository: string,
): ImagePolicy {
  const field = `metadata.annotations[${key}]`
  if (!rule.startsWith('semver:')) throw byCreationTime(resource, field, rule, repository)
  const policy = { semver: { range: rule.slice('semver:'.length) } }
  const spec = fieldsOf(resource.id, { policy }, field)
  const canonical = canonicalRepository(repository)
  const asks = askTags(spec, [], 'Never')
  const name = `${resource.id.kind.toLowerCase()}/${resource.id.name}/${container}`
  return {
    resource: resource.id,
    field,
    id: {
      original: { namespace: resource.original.namespace, name },
      current: { namespace: resource.id.namespace ?? defaultNamespace, name },
    },
    image: repository,
    repository: canonical,
    asks,
    container,
    suspended: false,
    access: { place: placeOf(resource, field) },
    meaning: tagsMeaning({ repository: canonical, policy, filter: undefined, ...asks }),
  }
}

/**
 * Flux v1 ordered such tags by the creation time of their images, which a list of tags does not
 * give.
 */
function byCreationTime(
  resource: Resource,
  field: string,
  rule: string,
  repository: string,
): FunctionError {
  const colon = rule.indexOf(':')
  const text = rule.slice(colon + 1)
  const pattern = rule.startsWith('glob:')
    ? `^${text.split('*').map(escapeRegexp).join('.*')}$`
    : text
  const spec = `{imageRepositoryRef: {name: ${imageNameOf(repository)}}, filterTags: {pattern: '${pattern.replaceAll("'", "''")}'}, policy: {alphabetical: {order: asc}}}`
  return new FunctionError(
    'BAD_FIELD',
    `must be "semver:<range>", got ${JSON.stringify(rule)}: Flux v1 took the newest image, and a list of tags does not have creation times; ` +
      `remove the annotation and write an ImagePolicy with \`spec: ${spec}\` (if the tags contain a number or a time, cut it out with \`extract\` and use \`numerical\`)`,
    placeOf(resource, field),
  )
}

const escapeRegexp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
