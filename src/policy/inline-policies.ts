import { type Fields, fieldsOf } from '../krm/fields.ts'
import type { FunctionConfig } from '../krm/function-config.ts'
import { defaultNamespace, fieldOf, placeOf, type Resource } from '../krm/resource.ts'
import type { Problems } from '../problems.ts'
import { type ImagePolicy, policyPlace } from './image-policy.ts'
import { type Holder, readFluxShapedPolicy, readInlinePolicy } from './inline.ts'
import { folderOf } from './scope.ts'

/**
 * Whether the resource is a `Kustomization` of Flux (not a kustomization.yaml) with
 * `spec.imagePolicies`.
 */
export const holdsInlinePolicies = (resource: Resource): boolean =>
  resource.id.kind === 'Kustomization' &&
  resource.id.apiVersion.startsWith('kustomize.toolkit.fluxcd.io/') &&
  mappingOf(fieldOf(resource, 'spec')).imagePolicies !== undefined

/**
 * The `spec.imagePolicies` of Flux Kustomizations: of the items, and of the functionConfig if it is
 * one. kpt sends the functionConfig as an item too; then only the item is read.
 */
export function readKustomizationPolicies(
  resources: readonly Resource[],
  functionConfig: Resource | undefined,
  { inlinePolicies }: Pick<FunctionConfig, 'inlinePolicies'>,
  problems: Problems,
): readonly ImagePolicy[] {
  const items = resources.filter(
    resource => problems.attempt(() => holdsInlinePolicies(resource)) === true,
  )
  const isItem = items.some(item => functionConfig !== undefined && isSame(item, functionConfig))
  const own =
    functionConfig !== undefined && holdsInlinePolicies(functionConfig) && !isItem
      ? [functionConfig]
      : []
  const policies = [...own, ...items].flatMap(resource => {
    const spec = fieldsOf(resource.id, mappingOf(fieldOf(resource, 'spec')), 'spec')
    const path = problems.attempt(() => spec.optionalString('path') ?? '')
    if (path === undefined) return []
    const holder = {
      resource: resource.id,
      namespace: {
        original: resource.original.namespace,
        current: resource.id.namespace ?? defaultNamespace,
      },
      scope: [folderOf(path)],
    }
    const entries = { fields: spec, key: 'imagePolicies', path: 'spec', holder }
    return readEntries(entries, () => readInlinePolicy, problems)
  })
  if (inlinePolicies === 'keep') warnOfRefusal(items, problems)
  return policies
}

/** The `spec.policies` of the functionConfig, each in the inline form or in Flux's. */
export function readConfigPolicies(
  { policies, resource, fieldOf }: Pick<FunctionConfig, 'policies' | 'resource' | 'fieldOf'>,
  problems: Problems,
): readonly ImagePolicy[] {
  const namespace = resource.namespace ?? defaultNamespace
  const path = fieldOf('')
  const entries = {
    fields: fieldsOf(resource, { policies }, path),
    key: 'policies',
    path,
    holder: { resource, namespace: { original: namespace, current: namespace } },
  }
  const isFluxShaped = (entry: Fields) => entry.has('image') || entry.has('filterTags')
  return readEntries(
    entries,
    entry => (isFluxShaped(entry) ? readFluxShapedPolicy : readInlinePolicy),
    problems,
  )
}

/** The sequence at `key` of a mapping that is at `path`. */
interface Entries {
  readonly fields: Fields
  readonly key: string
  readonly path: string
  readonly holder: Holder
}

function readEntries(
  { fields, key, path, holder }: Entries,
  readerOf: (entry: Fields) => typeof readInlinePolicy,
  problems: Problems,
): readonly ImagePolicy[] {
  const entries = problems.attempt(() => fields.mappings(key)) ?? []
  return entries.flatMap((entry, index) => {
    const policy = problems.attempt(() =>
      readerOf(entry)(entry, `${path}.${key}[${index}]`, holder),
    )
    if (policy === undefined) return []
    if (policy.asks.kind !== 'tags' && filtersTags(entry)) {
      problems.warn(
        'does not read the list of tags, so its rules for tags have no effect: remove them',
        policyPlace(policy, policy.asks.field),
      )
    }
    return [policy]
  })
}

/** Whether the mapping that names the image has rules for tags. */
const filtersTags = (entry: Fields): boolean =>
  entry.keys().some(key => key !== 'policy' && mappingOf(entry.value[key]).policy !== undefined)

const localConfig = 'config.kubernetes.io/local-config'

/**
 * A cluster refuses `spec.imagePolicies`, so an object that has it must not be applied as it is.
 */
function warnOfRefusal(items: readonly Resource[], problems: Problems): void {
  for (const item of items) {
    if (!item.document.writable || item.annotations.get(localConfig) === 'true') continue
    problems.warn(
      `is not a field of Flux's Kustomization, so a cluster refuses the object: annotate it with \`${localConfig}: "true"\`, ` +
        'or let the function remove the field with `inlinePolicies: strip`',
      placeOf(item, 'spec.imagePolicies'),
    )
  }
}

const isSame = (item: Resource, config: Resource): boolean =>
  item.id.apiVersion === config.id.apiVersion &&
  item.id.kind === config.id.kind &&
  item.original.name === config.original.name &&
  item.original.namespace === config.original.namespace &&
  (item.id.file === undefined || config.id.file === undefined || item.id.file === config.id.file)

const mappingOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {}
