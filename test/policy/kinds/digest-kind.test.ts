import { fieldsOf } from '../../../src/krm/fields.ts'
import { digest } from '../../../src/policy/kinds/digest-kind.ts'

const pin = `sha256:${'a'.repeat(64)}`
const read = (value: unknown) =>
  digest.read(fieldsOf(undefined, { digest: value }, 'policy'), 'digest')

test.each<readonly [unknown, object]>([
  [pin, { kind: 'pin', digest: pin }],
  [{ pin }, { kind: 'pin', digest: pin }],
  [{ tag: 'stable' }, { kind: 'follow', tag: 'stable' }],
])('%j', (value, asked) => expect(read(value)).toEqual({ ...asked, field: 'policy.digest' }))

test.each<readonly [unknown, string]>([
  [
    'stable',
    'policy.digest: must be a digest, "sha256:" and 64 hexadecimal digits, got "stable"; to follow a tag by its digest, write `digest: {tag: stable}`',
  ],
  [
    { pin: 'sha256:x y' },
    'policy.digest.pin: must be a digest, "sha256:" and 64 hexadecimal digits, got "sha256:x y"',
  ],
  [{ tag: '$(x)' }, 'policy.digest.tag: must be a tag, got "$(x)"'],
  [{}, 'policy.digest: must have exactly one of `pin`, `tag`; got none'],
  [{ pin, tag: 'a' }, 'policy.digest: must have exactly one of `pin`, `tag`; got `pin` and `tag`'],
  [
    { pni: pin },
    'policy.digest.pni: must be one of the known keys, got `pni`; did you mean `pin`?',
  ],
  [7, 'policy.digest: must be a mapping, got 7'],
])('%j is an error', (value, message) => expect(() => read(value)).toThrow(message))
