import { scanTags } from '../../src/policy/scan-tags.ts'

test.each([
  [
    'descending by bytes',
    ['1.0.0', 'v1.0.0', '10', '9', '😀', '\uffee'],
    undefined,
    ['😀', '\uffee', 'v1.0.0', '9', '10', '1.0.0'],
  ],
  ['duplicates stay', ['a', 'b', 'a'], undefined, ['b', 'a', 'a']],
  ['signatures go', ['a.sig', 'a', 'sha256-1.sig', 'a.sigs'], undefined, ['a.sigs', 'a']],
  ['an empty list is the default list', ['a.sig', 'a'], [], ['a']],
  ['a line feed hides a signature', ['a\n.sig', 'a.sig\n'], undefined, ['a.sig\n', 'a\n.sig']],
  ['any other list replaces the default', ['a.sig', 'a', 'b'], ['^b'], ['a.sig', 'a']],
  ['each pattern excludes, anywhere in the tag', ['xay', 'b', 'c'], ['a', '^b$'], ['c']],
])('%s', (_what, tags, exclusionList, stored) => {
  const before = [...tags]
  expect(scanTags(tags, exclusionList)).toEqual(stored)
  expect(tags).toEqual(before)
})

test('a bad pattern', () => {
  const place = { file: 'repository.yaml' }
  expect(() => scanTags(['a'], ['a', '[='], place)).toThrow(
    expect.objectContaining({
      code: 'BAD_FIELD',
      place: { file: 'repository.yaml', field: 'spec.exclusionList[1]' },
      flux: 'scan failed: failed to compile regex [=: error parsing regexp: missing closing ]: `[=`',
    }),
  )
})

test('bounds', () => {
  expect(() => scanTags(Array(500_001).fill('a'))).toThrow(
    'must have at most 500000 tags, got 500001',
  )
  expect(() => scanTags(Array(50_000).fill('a'), ['.{1000}'.repeat(15)])).toThrow(
    'must be simpler to match 50000 tags',
  )
  expect(scanTags(Array(500_000).fill('a'))).toHaveLength(500_000)
})
