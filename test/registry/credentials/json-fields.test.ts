import { FunctionError } from '../../../src/errors.ts'
import { readJson } from '../../../src/registry/credentials/json-fields.ts'

const read = (text: string) =>
  readJson(text, problem => new FunctionError('REGISTRY_DENIED', `key.json: ${problem}`))

test('reads strings and objects', () => {
  const fields = read('{"a":"x","empty":"","o":{"b":"y"},"list":[{"c":"z"},{"c":"w"}]}')
  expect(fields.text('a')).toBe('x')
  expect(fields.optionalText('empty')).toBeUndefined()
  expect(fields.optionalText('none')).toBeUndefined()
  expect(fields.fields('o').text('b')).toBe('y')
  expect(fields.fields('list').text('c')).toBe('z')
  expect(fields.optionalFields('a')).toBeUndefined()
  expect(fields.keys()).toEqual(['a', 'empty', 'o', 'list'])
})

test.each<[string, () => unknown, string]>([
  ['no JSON', () => read('{"private_key":secret'), 'key.json: must be valid JSON'],
  ['no object', () => read('"secret"'), 'key.json: must be a JSON object'],
  [
    'no string',
    () => read('{"o":{"a":["secret"]}}').fields('o').text('a'),
    'key.json: `o.a` must be a non-empty string',
  ],
  [
    'no field that is an object',
    () => read('{"a":"secret"}').fields('a'),
    'key.json: `a` must be an object',
  ],
])('refuses %s without showing it', (_name, act, message) => {
  expect(act).toThrow(expect.objectContaining({ code: 'REGISTRY_DENIED', message }))
})
