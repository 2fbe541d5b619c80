import { attempt, type FunctionError, type Notice } from '../errors.ts'
import { type Fields, fieldsOf } from '../krm/fields.ts'
import type { FunctionConfig } from '../krm/function-config.ts'
import { defaultNamespace, fieldOf, placeOf, type Resource } from '../krm/resource.ts'
import { type ImagePolicy, policyPlace } from './image-policy.ts'
import { type Holder, readFluxShapedPolicy, readInlinePolicy } from './inline.ts'
import { folderOf } from './scope.ts'

/** Policies, and what is wrong or worth saying about them. */
export interface ReadPolicies {
  readonly policies: readonly ImagePolicy[]
  readonly errors: readonly FunctionError[]
  readonly notices: readonly Notice[]
}

/** Whether the resource is a `Kustomization` of Flux (not a kustomization.yaml) with `spec.imagePolicies`. */
export const holdsInlinePolicies = (resource: Resource): boolean =>
  resource.id.kind === 'Kustomization' &&
  resource.id.apiVersion.startsWith('kustomize.toolkit.fluxcd.io/') &&
  mappingOf(fieldOf(resource, 'spec')).imagePolicies !== undefined

/**
 * The `spec.imagePolicies` of Flux Kustomizations: of the items, and of the functionConfig where it is one. kpt sends a functionConfig
 * as an item too; then the item counts.
 */
export function readKustomizationPolicies(
  resources: readonly Resource[],
  functionConfig: Resource | undefined,
  { inlinePolicies }: Pick<FunctionConfig, 'inlinePolicies'>,
): ReadPolicies {
  const items = resources.filter(holdsInlinePolicies)
  const isItem = items.some(item => functionConfig !== undefined && isSame(item, functionConfig))
  const own =
    functionConfig !== undefined && holdsInlinePolicies(functionConfig) && !isItem
      ? [functionConfig]
      : []
  const read = [...own, ...items].map(resource => {
    const spec = fieldsOf(resource.id, mappingOf(fieldOf(resource, 'spec')), 'spec')
    const holder = {
      resource: resource.id,
      namespace: {
        original: resource.original.namespace,
        current: resource.id.namespace ?? defaultNamespace,
      },
      scope: [folderOf(spec.optionalString('path') ?? '')],
    }
    return readAll(spec, 'imagePolicies', 'spec', entry => ({
      read: readInlinePolicy,
      entry,
      holder,
    }))
  })
  const refused =
    inlinePolicies === 'keep'
      ? items.filter(
          ({ emitted, annotations }) => emitted && annotations.get(localConfig) !== 'true',
        )
      : []
  return {
    policies: read.flatMap(({ policies }) => policies),
    errors: read.flatMap(({ errors }) => errors),
    notices: [...read.flatMap(({ notices }) => notices), ...refused.map(clusterRefuses)],
  }
}

/** The `spec.policies` of the functionConfig, each in the inline form or in Flux's. */
export function readConfigPolicies({
  policies,
  resource,
}: Pick<FunctionConfig, 'policies' | 'resource'>): ReadPolicies {
  const namespace = resource.namespace ?? defaultNamespace
  const holder = { resource, namespace: { original: namespace, current: namespace } }
  const path = resource.kind === 'ConfigMap' ? 'data' : 'spec'
  return readAll(fieldsOf(resource, { policies }, path), 'policies', path, entry => ({
    read: entry.has('image') || entry.has('filterTags') ? readFluxShapedPolicy : readInlinePolicy,
    entry,
    holder,
  }))
}

interface Entry {
  readonly read: (entry: Fields, field: string, holder: Holder) => ImagePolicy
  readonly entry: Fields
  readonly holder: Holder
}

function readAll(
  fields: Fields,
  key: string,
  path: string,
  entryOf: (entry: Fields) => Entry,
): ReadPolicies {
  const policies: ImagePolicy[] = []
  const errors: FunctionError[] = []
  const notices: Notice[] = []
  for (const [index, found] of (attempt(() => fields.mappings(key), errors) ?? []).entries()) {
    const { read, entry, holder } = entryOf(found)
    const policy = attempt(() => read(entry, `${path}.${key}[${index}]`, holder), errors)
    if (policy === undefined) continue
    policies.push(policy)
    if ((policy.pin ?? policy.follow) !== undefined && filtersTags(entry)) {
      notices.push({
        severity: 'warning',
        problem: 'looks at no list of tags, so its rules for tags have no effect: remove them',
        place: policyPlace(policy, 'policy.digest'),
      })
    }
  }
  return { policies, errors, notices }
}

/** Whether the block that names the image has rules for tags. */
const filtersTags = (entry: Fields): boolean =>
  entry.keys().some(key => key !== 'policy' && mappingOf(entry.value[key]).policy !== undefined)

const localConfig = 'config.kubernetes.io/local-config'

const clusterRefuses = (resource: Resource): Notice => ({
  severity: 'warning',
  problem:
    `is no field of Flux's Kustomization, so a cluster refuses the object: annotate it with \`${localConfig}: "true"\`, ` +
    'or let the function remove the field with `inlinePolicies: strip`',
  place: placeOf(resource, 'spec.imagePolicies'),
})

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
