import { fieldsOf } from '../../src/krm/fields.ts'
import { exactlyOne, onlyKeys } from '../../src/policy/known-keys.ts'

const fields = (value: Readonly<Record<string, unknown>>) => fieldsOf(undefined, value, 'spec')

test('known keys pass, also if they are null', () => {
  expect(() => onlyKeys(fields({ range: null, order: 'asc' }), ['range', 'order'])).not.toThrow()
})

test('an unknown key is an error that names the nearest one', () => {
  expect(() => onlyKeys(fields({ range: '1', odrer: 'asc' }), ['range', 'order'])).toThrow(
    'spec.odrer: must be one of the known keys, got `odrer`; did you mean `order`? (known: `range`, `order`)',
  )
})

test.each<readonly [Readonly<Record<string, unknown>>, string]>([
  [{}, 'got none'],
  [{ a: null }, 'got none'],
  [{ a: 1, b: 2 }, 'got `a` and `b`'],
])('%j does not have exactly one of the keys', (value, found) => {
  expect(() => exactlyOne(fields(value), ['a', 'b'])).toThrow(
    `spec: must have exactly one of \`a\`, \`b\`; ${found}`,
  )
})

test('the one key that is there', () =>
  expect(exactlyOne(fields({ b: 1, c: 2 }), ['a', 'b'])).toBe('b'))
