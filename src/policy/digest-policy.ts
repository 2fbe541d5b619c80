import { isDigest, isTag } from '../image/reference.ts'
import type { Fields } from '../krm/fields.ts'
import { exactlyOne, onlyKeys } from './known-keys.ts'
import { showText } from './show-text.ts'

/** `policy.digest` of an inline policy: a digest that must run, or a tag that is followed by its digest. */
export type DigestPolicy = { readonly pin: string } | { readonly follow: string }

/** Reads `digest: {pin: sha256:…}`, which may be the plain string, or `digest: {tag: stable}`. Throws BAD_FIELD. */
export function readDigestPolicy(policy: Fields): DigestPolicy {
  if (typeof policy.value.digest === 'string') return { pin: readPin(policy, 'digest') }
  const digest = policy.mapping('digest')
  onlyKeys(digest, ['pin', 'tag'])
  if (exactlyOne(digest, ['pin', 'tag']) === 'pin') return { pin: readPin(digest, 'pin') }
  const follow = digest.string('tag')
  if (!isTag(follow))
    throw digest.error('BAD_FIELD', `must be a tag, got ${showText(follow)}`, 'tag')
  return { follow }
}

function readPin(fields: Fields, key: string): string {
  const pin = fields.string(key)
  if (isDigest(pin)) return pin
  const hint = isTag(pin) ? `; to follow a tag by its digest, write \`digest: {tag: ${pin}}\`` : ''
  throw fields.error(
    'BAD_FIELD',
    `must be a digest, "sha256:" and 64 hexadecimal digits, got ${showText(pin)}${hint}`,
    key,
  )
}
