import type { SecretData } from '../image/repository-access.ts'
import { defaultNamespace, fieldOf, placeOf, type Resource } from '../krm/resource.ts'
import type { Problems } from '../problems.ts'

/**
 * The Secret `name` from the namespace of `owner`, which names it at `field`; undefined, with a
 * notice, if it can't be used. Values of a Secret are never in a message.
 */
export function findSecret(
  resources: readonly Resource[],
  owner: Resource,
  field: string,
  name: string,
  problems: Problems,
): SecretData | undefined {
  const secret = resources.find(
    ({ id, original }) =>
      id.kind === 'Secret' &&
      id.apiVersion === 'v1' &&
      ((original.name === name && original.namespace === owner.original.namespace) ||
        (id.name === name &&
          (id.namespace ?? defaultNamespace) === (owner.id.namespace ?? defaultNamespace))),
  )
  const fullName = `${owner.original.namespace}/${name}`
  const place = placeOf(owner, field)
  if (secret === undefined) {
    problems.inform(
      `Secret "${fullName}" is not in the input; other sources of credentials are used`,
      place,
    )
    return undefined
  }
  const encoded = textsOf(fieldOf(secret, 'data'))
  const plain = textsOf(fieldOf(secret, 'stringData'))
  if ([...encoded, ...plain].some(([, text]) => text.startsWith('ENC['))) {
    problems.inform(
      `Secret "${fullName}" is encrypted by SOPS; other sources of credentials are used (to use it, decrypt it before this function runs)`,
      place,
    )
    return undefined
  }
  const type = fieldOf(secret, 'type')
  return {
    name: fullName,
    type: typeof type === 'string' ? type : 'Opaque',
    data: new Map([
      ...encoded.map(([key, text]) => [key, Buffer.from(text, 'base64').toString()] as const),
      ...plain,
    ]),
  }
}

function textsOf(value: unknown): readonly (readonly [string, string])[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, text]) =>
    typeof text === 'string' ? [[key, text] as const] : [],
  )
}
