import { isDigest, isTag } from '../../image/reference.ts'
import type { Fields } from '../../krm/fields.ts'
import { exactlyOne, onlyKeys } from '../known-keys.ts'
import { showText } from '../show-text.ts'
import type { DigestKind } from './policy-kind.ts'

/**
 * `policy.digest` of an inline policy: `{pin: sha256:…}`, which may be written as a plain string,
 * or `{tag: stable}`, a tag that is followed by its digest.
 */
export const digest: DigestKind = {
  asks: 'digest',
  read(policy, key) {
    const field = `policy.${key}`
    if (typeof policy.value[key] === 'string')
      return { kind: 'pin', digest: readPin(policy, key), field }
    const spec = policy.mapping(key)
    onlyKeys(spec, ['pin', 'tag'])
    if (exactlyOne(spec, ['pin', 'tag']) === 'pin')
      return { kind: 'pin', digest: readPin(spec, 'pin'), field }
    const tag = spec.string('tag')
    if (!isTag(tag)) throw spec.error('BAD_FIELD', `must be a tag, got ${showText(tag)}`, 'tag')
    return { kind: 'follow', tag, field }
  },
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
