import { fieldsOf } from '../../src/krm/fields.ts'
import { readFilter } from '../../src/policy/filter-tags.ts'

const filter = (filterTags: unknown) => readFilter(fieldsOf(undefined, { filterTags }, 'spec'))
const pairs = (filterTags: object, ...tags: string[]) =>
  filter(filterTags)
    ?.candidates(tags)
    .map(({ tag, value }) => `${value}=${tag}`)

test.each([[undefined], [null]])('%j is not a filter', filterTags =>
  expect(filter(filterTags)).toBeUndefined(),
)

test('an empty filter passes all, each once', () =>
  expect(pairs({}, 'b', 'a', 'b')).toEqual(['b=b', 'a=a']))

test('without extract the value is the whole tag', () =>
  expect(pairs({ pattern: 'a', extract: '' }, 'xay', 'b')).toEqual(['xay=xay']))

test('the extract is the value, without the text around the match', () => {
  expect(pairs({ pattern: '(?P<n>[0-9]+)', extract: '${n}.0' }, 'a1b', 'c', '22')).toEqual([
    '1.0=a1b',
    '22.0=22',
  ])
})

test('a later tag with the same value replaces the earlier one', () => {
  expect(pairs({ pattern: '-([0-9]+)$', extract: '$1' }, 'b-1', 'b-2', 'a-1')).toEqual([
    '1=a-1',
    '2=b-2',
  ])
})

test('an unknown group makes one empty value', () =>
  expect(pairs({ pattern: '.', extract: '$none' }, 'a', 'b')).toEqual(['=b']))

test('the named groups of a match', () => {
  expect(filter({ pattern: '(?P<a>x)|(?P<b>y)(?P<c>z)?(?P<b>)' })?.groupsOf('yy')).toEqual({
    b: 'y',
  })
  expect(filter({ pattern: '(?P<__proto__>x)' })?.groupsOf('x')).toEqual(
    Object.fromEntries([['__proto__', 'x']]),
  )
})

test('a bad pattern', () => {
  expect(() => filter({ pattern: '(?!a)' })).toThrow(
    expect.objectContaining({
      code: 'BAD_FIELD',
      place: { field: 'spec.filterTags.pattern' },
      flux: "failed to filter tags: invalid regular expression pattern '(?!a)': error parsing regexp: invalid or unsupported Perl syntax: `(?!`",
    }),
  )
})

test('bounds', () => {
  expect(() => filter({ pattern: 'a'.repeat(65_537) })).toThrow(
    'spec.filterTags.pattern: must have at most 65536 characters, got 65537',
  )
  expect(() => filter({ extract: 'a'.repeat(4097) })).toThrow(
    'spec.filterTags.extract: must have at most 4096 characters, got 4097',
  )
  expect(() =>
    pairs({ pattern: '.*', extract: '$0'.repeat(2000) }, ...Array(1000).fill('a'.repeat(128))),
  ).toThrow('all together, they are too long')
  expect(() => pairs({ pattern: '(a?)'.repeat(1000) }, ...Array(1000).fill('a'))).toThrow(
    'must be simpler to match 1000 tags',
  )
})
