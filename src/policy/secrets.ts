import type { SecretData } from '../image/repository-access.ts'
import { defaultNamespace, fieldOf, type Resource } from '../krm/resource.ts'
import { type Party, partyFirst, partyOf } from './party.ts'

/** A Secret that can be used, and whose it is; or why there is none, in words. */
export type SecretSearch =
  | { readonly secret: SecretData; readonly party: Party }
  | { readonly problem: string }

/** What a Secret is for, by the field of the ImageRepository that names it. */
export type SecretUse = 'secretRef' | 'certSecretRef' | 'proxySecretRef'

/**
 * The Secret `name` from the namespace of `owner`. If several documents have one of this name, the
 * first of the owner's party that can be used counts, then those of others: often one copy is
 * encrypted. Values of a Secret are never in a message.
 */
export function findSecret(
  resources: readonly Resource[],
  owner: Resource,
  use: SecretUse,
  name: string,
): SecretSearch {
  const fullName = `${owner.original.namespace}/${name}`
  const named = secretsNamed(resources, owner, name)
  if (named.length === 0)
    return { problem: `Secret "${fullName}" is not in the input${hintFor(resources, name)}` }
  const searches = named.map(secret => readSecret(secret, fullName, use))
  return searches.find(search => 'secret' in search) ?? (searches[0] as SecretSearch)
}

/** By the original name first, as all references. */
function secretsNamed(
  resources: readonly Resource[],
  owner: Resource,
  name: string,
): readonly Resource[] {
  const isOriginal = ({ original }: Resource) =>
    original.name === name && original.namespace === owner.original.namespace
  const isCurrent = ({ id }: Resource) =>
    id.name === name &&
    (id.namespace ?? defaultNamespace) === (owner.id.namespace ?? defaultNamespace)
  const secrets = partyFirst(partyOf(owner), resources.filter(isSecret))
  return [
    ...secrets.filter(isOriginal),
    ...secrets.filter(secret => isCurrent(secret) && !isOriginal(secret)),
  ]
}

const isSecret = ({ id }: Resource) => id.kind === 'Secret' && id.apiVersion === 'v1'

/** Where a Secret of this name is instead. */
function hintFor(resources: readonly Resource[], name: string): string {
  const others = resources.filter(({ id, original }) => id.name === name || original.name === name)
  const elsewhere = others.find(isSecret)
  if (elsewhere !== undefined)
    return `; there is one in namespace "${elsewhere.original.namespace}", but it must be in the namespace of the ImageRepository`
  const source = others.find(({ id }) => /^(?:Sealed|External)Secret$/.test(id.kind))
  return source === undefined
    ? ''
    : `; there is a ${source.id.kind} of this name, which only a cluster can make a Secret of`
}

/** The types of a pull Secret, and the key that each of them has. */
const pullSecretKeys = new Map([
  ['kubernetes.io/dockerconfigjson', '.dockerconfigjson'],
  ['kubernetes.io/dockercfg', '.dockercfg'],
])

function readSecret(secret: Resource, name: string, use: SecretUse): SecretSearch {
  const problem = (problem: string) => ({ problem: `Secret "${name}" ${problem}` })
  const plain = textsOf(fieldOf(secret, 'stringData'))
  const encoded = textsOf(fieldOf(secret, 'data'))
  const decoded = encoded.map(
    ([key, text]) => [key, Buffer.from(text, 'base64').toString()] as const,
  )
  if ([...plain, ...encoded, ...decoded].some(([, text]) => isEncrypted(text)))
    return problem('is encrypted by SOPS; decrypt it before this function runs')
  const given = fieldOf(secret, 'type')
  const type = typeof given === 'string' ? given : 'Opaque'
  const data = new Map([...decoded, ...plain])
  if (use === 'secretRef') {
    const key = pullSecretKeys.get(type)
    if (key === undefined)
      return problem(`must be of type ${[...pullSecretKeys.keys()].join(' or ')}, got "${type}"`)
    if (!data.get(key)) return problem(`has no data under \`${key}\``)
  }
  return { secret: { name, type, data }, party: partyOf(secret) }
}

/** A value that SOPS encrypted, or a file with such values that became a value. */
const isEncrypted = (text: string): boolean =>
  text.startsWith('ENC[') || text.includes('ENC[AES256_GCM,')

function textsOf(value: unknown): readonly (readonly [string, string])[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, text]) =>
    typeof text === 'string' ? [[key, text] as const] : [],
  )
}
