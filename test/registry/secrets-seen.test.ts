import fc from 'fast-check'
import { secretsSeen } from '../../src/registry/secrets-seen.ts'

test('a secret is hidden however a server sends it back', () => {
  const secret = fc.string({ unit: 'grapheme-ascii', minLength: 8, maxLength: 40 })
  const around = fc.string({ unit: fc.constantFrom('a', 'Z', '0', '-'), maxLength: 5 })
  fc.assert(
    fc.property(secret, around, around, (value, before, after) => {
      const secrets = secretsSeen()
      secrets.add(value)
      const encoded = Buffer.from(before + value + after).toString('base64')
      for (const text of [
        `${before}${value}${after}`,
        value.toLowerCase(),
        encodeURIComponent(value),
        JSON.stringify(value),
        encoded,
      ]) {
        const hidden = secrets.hideIn(text)
        expect(hidden).toContain('[redacted]')
        expect(hidden).not.toContain(value)
        expect(Buffer.from(hidden, 'base64').toString('latin1')).not.toContain(value)
      }
    }),
  )
})

test('nothing else is', () => {
  const secrets = secretsSeen()
  secrets.add('abc')
  expect(secrets.hideIn('abcdef')).toBe('abcdef')
})
