import { FunctionError } from '../../src/errors.ts'
import { type Fields, fieldsOf } from '../../src/krm/fields.ts'

const resource = {
  apiVersion: 'v1',
  kind: 'ImagePolicy',
  namespace: 'apps',
  name: 'web',
  file: 'policy.yaml',
  index: 2,
}
const fields = fieldsOf(
  resource,
  {
    text: 'a',
    empty: '',
    number: 1,
    nothing: null,
    yes: true,
    map: { inner: { deep: 1 } },
    list: [{ a: 1 }, 2],
    words: ['x', 3],
    order: 'up',
  },
  'spec',
)

test('reads what is there', () => {
  expect(fields.string('text')).toBe('a')
  expect(fields.optionalString('empty')).toBe('')
  expect(fields.optionalString('nothing')).toBeUndefined()
  expect(fields.boolean('yes', false)).toBe(true)
  expect(fields.boolean('absent', true)).toBe(true)
  expect(fields.oneOf('absent', ['asc', 'desc'], 'asc')).toBe('asc')
  expect(fields.mapping('map').mapping('inner').value).toEqual({ deep: 1 })
  expect(fields.optionalMapping('absent')).toBeUndefined()
  expect(fields.strings('absent')).toEqual([])
  expect(fields.has('nothing')).toBe(false)
})

describe('refuses, naming resource and field', () => {
  test.each<[string, (from: Fields) => unknown, string]>([
    [
      'a number for a string',
      from => from.string('number'),
      'spec.number: must be a non-empty string, got 1',
    ],
    [
      'an empty string',
      from => from.string('empty'),
      'spec.empty: must be a non-empty string, got ""',
    ],
    [
      'an absent string',
      from => from.string('absent'),
      'spec.absent: must be a non-empty string, got nothing',
    ],
    [
      'a string for a boolean',
      from => from.boolean('text', true),
      'spec.text: must be true or false, got "a"',
    ],
    [
      'an unknown word',
      from => from.oneOf('order', ['asc', 'desc'], 'asc'),
      'spec.order: must be one of "asc", "desc", got "up"',
    ],
    [
      'a string for a mapping',
      from => from.mapping('text'),
      'spec.text: must be a mapping, got "a"',
    ],
    [
      'a deep field',
      from => from.mapping('map').mapping('inner').string('deep'),
      'spec.map.inner.deep: must be a non-empty string, got 1',
    ],
    ['an element', from => from.mappings('list'), 'spec.list[1]: must be a mapping, got 2'],
    ['a word of a list', from => from.strings('words'), 'spec.words[1]: must be a string, got 3'],
    [
      'a mapping for a list',
      from => from.strings('map'),
      'spec.map: must be a sequence of strings, got {"inner":{"deep":1}}',
    ],
  ])('%s', (_name, read, problem) => {
    expect(() => read(fields)).toThrow(
      new FunctionError('BAD_FIELD', `ImagePolicy apps/web (policy.yaml#2) ${problem}`),
    )
  })
})
