import type { SecretData } from '../image/repository-access.ts'
import { fieldOf, type Resource } from '../krm/resource.ts'

/** The Secret that `owner` names, from its own namespace, or a sentence that says why it can't be used. Values are never in it. */
export function findSecret(
  resources: readonly Resource[],
  owner: Resource,
  name: string,
): SecretData | string {
  const secret = resources.find(
    ({ id, original }) =>
      id.kind === 'Secret' &&
      id.apiVersion === 'v1' &&
      ((original.name === name && original.namespace === owner.original.namespace) ||
        (id.name === name && (id.namespace ?? 'default') === (owner.id.namespace ?? 'default'))),
  )
  const named = `Secret "${owner.original.namespace}/${name}"`
  if (secret === undefined)
    return `${named} is not in the input; other sources of credentials are asked`
  const data = new Map<string, string>()
  for (const [key, value] of entries(fieldOf(secret, 'data'))) {
    if (value.startsWith('ENC['))
      return `${named} is encrypted by SOPS; other sources of credentials are asked (decrypt it before this function to use it)`
    data.set(key, Buffer.from(value, 'base64').toString())
  }
  for (const [key, value] of entries(fieldOf(secret, 'stringData'))) {
    if (value.startsWith('ENC['))
      return `${named} is encrypted by SOPS; other sources of credentials are asked (decrypt it before this function to use it)`
    data.set(key, value)
  }
  const type = fieldOf(secret, 'type')
  return {
    name: `${owner.original.namespace}/${name}`,
    type: typeof type === 'string' ? type : 'Opaque',
    data,
  }
}

function entries(value: unknown): readonly (readonly [string, string])[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, text]) =>
    typeof text === 'string' ? [[key, text] as const] : [],
  )
}
