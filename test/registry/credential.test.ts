import { inspect } from 'node:util'
import { Redacted } from '../../src/registry/credential.ts'

test('a secret is shown only by reveal()', () => {
  const secret = new Redacted('hunter2')
  expect(secret.reveal()).toBe('hunter2')
  const shown = [
    `${secret}`,
    String(secret),
    JSON.stringify({ secret }),
    inspect(secret),
    inspect({ a: [secret] }),
    Object.values(secret).join(),
  ]
  for (const text of shown) expect(text).not.toContain('hunter2')
  expect(JSON.stringify(secret)).toBe('"[redacted]"')
})
