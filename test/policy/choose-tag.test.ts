import type { FunctionError } from '../../src/errors.ts'
import { fieldsOf } from '../../src/krm/fields.ts'
import { chooseTag, readChooser, type TagPolicy } from '../../src/policy/choose-tag.ts'

const resource = {
  apiVersion: 'image.toolkit.fluxcd.io/v1',
  kind: 'ImagePolicy',
  namespace: 'apps',
  name: 'web',
}
const chooser = (spec: object) => readChooser(fieldsOf(resource, { ...spec }, 'spec'))
const any = { semver: { range: '*' } }

function errorOf(act: () => unknown): Pick<FunctionError, 'code' | 'message'> & { flux?: string } {
  try {
    act()
  } catch (error) {
    const { code, message, flux } = error as FunctionError
    return { code, message, ...(flux !== undefined && { flux }) }
  }
  throw new Error('no error')
}

test('the tag, and the value that was compared', () => {
  const policy: TagPolicy = {
    policy: { numerical: {} },
    filterTags: { pattern: '-([0-9]+)$', extract: '$1' },
  }
  expect(chooseTag(policy, ['main-2', 'main-10', 'latest'])).toEqual({
    tag: 'main-10',
    value: '10',
  })
})

test.each<[string, TagPolicy['policy'], string]>([
  [
    'semver comes first',
    { numerical: { order: 'bad' }, alphabetical: { order: 'bad' }, semver: { range: '*' } },
    '1.10.0',
  ],
  ['then alphabetical', { numerical: { order: 'bad' }, alphabetical: {} }, '1.9.0'],
  ['null is absent', { semver: null, alphabetical: {} }, '1.9.0'],
])('of several kinds %s', (_what, policy, tag) =>
  expect(chooseTag({ policy }, ['1.9.0', '1.10.0']).tag).toBe(tag),
)

test.each<[string, TagPolicy, readonly string[], string]>([
  [
    'no kind, before all else',
    { policy: {}, filterTags: { pattern: '(' } },
    [],
    'invalid policy: given ImagePolicyChoice object is invalid',
  ],
  [
    'a bad policy before an empty list',
    { policy: { semver: {} } },
    [],
    'invalid policy: improper constraint: ""',
  ],
  [
    'an empty list before a bad filter',
    { policy: any, filterTags: { pattern: '(' } },
    [],
    'no tags in database',
  ],
  [
    'a filter that nothing passes',
    { policy: any, filterTags: { pattern: 'x' } },
    ['1.0.0'],
    'version list argument cannot be empty',
  ],
  [
    'nothing in range',
    { policy: { semver: { range: '>1' } } },
    ['1.0.0'],
    'unable to determine latest version from provided list',
  ],
])("Flux's words: %s", (_what, policy, tags, flux) =>
  expect(errorOf(() => chooseTag(policy, tags)).flux).toBe(flux),
)

const tags = ['v1', '1.0.0-a', 'b', 'c', 'd', 'e']

test.each([
  [
    'no kind',
    {},
    tags,
    'BAD_FIELD',
    'spec.policy: must have one of `semver`, `alphabetical`, `numerical`; got none',
  ],
  [
    'no tag',
    { policy: any },
    [],
    'NO_TAG_CHOSEN',
    'spec: the repository must have a tag that is not excluded, got none',
  ],
  [
    'nothing passed',
    { policy: any, filterTags: { pattern: '^x' } },
    tags,
    'NO_TAG_CHOSEN',
    'spec.filterTags.pattern: must match a tag, got none of 6 listed: "v1", "1.0.0-a", "b", "c", "d"',
  ],
  [
    'nothing passed, doubled backslashes',
    { policy: any, filterTags: { pattern: '\\\\d' } },
    ['1'],
    'NO_TAG_CHOSEN',
    'spec.filterTags.pattern: must match a tag, got none of 1 listed: "1"; outside double quotes, YAML does not need `\\\\` for a backslash',
  ],
  [
    'nothing qualifies',
    { policy: any, filterTags: { pattern: '1' } },
    tags,
    'NO_TAG_CHOSEN',
    'spec.policy.semver: a tag must qualify, got none: 6 listed, 2 passed the filter, "v1" (not a version), "1.0.0-a" (outside the range); only pre-releases match, and "*" excludes all of them: let them in with "*-0"',
  ],
])('our words: %s', (_what, spec, listed, code, message) => {
  expect(errorOf(() => chooser(spec).choose(listed))).toMatchObject({
    code,
    message: `ImagePolicy apps/web ${message}`,
  })
})

test('a bad filter is reported without tags', () =>
  expect(() => chooser({ policy: any, filterTags: { pattern: '(' } })).toThrow('missing closing )'))

test('the details of a choice', () => {
  const spec = {
    policy: { numerical: {} },
    filterTags: { pattern: '^(?P<branch>[a-z]+)-(?P<build>[0-9.]+)$', extract: '$build' },
  }
  expect(chooser(spec).choose(['dev-1', 'dev-2.0', 'main-2', 'x'])).toEqual({
    tag: 'main-2',
    value: '2',
    build: '2',
    reason: 'the largest number',
    passed: 3,
    ties: ['dev-2.0'],
  })
  expect(chooser({ policy: any }).choose(['v1.0.0', '1.0.0'])).toEqual({
    tag: 'v1.0.0',
    value: 'v1.0.0',
    reason: 'the highest version in "*"',
    passed: 2,
    ties: [], // without a filter Flux keeps the order of the list
  })
})

test('what happened to each tag', () => {
  const spec = {
    policy: { semver: { range: '<2' } },
    filterTags: { pattern: '^v(.*)', extract: '$1' },
  }
  expect(chooser(spec).explain(['v1.0.0', 'v2.0.0', 'v', 'w'])).toEqual([
    { tag: 'v1.0.0', value: '1.0.0' },
    { tag: 'v2.0.0', value: '2.0.0', rejected: 'outside the range' },
    { tag: 'v', value: '', rejected: 'not a version' },
    { tag: 'w', rejected: 'does not match `spec.filterTags.pattern`' },
  ])
  expect(
    chooser({ policy: { numerical: {} }, filterTags: { pattern: '[0-9]', extract: '$0' } }).explain(
      ['b1', 'a1'],
    ),
  ).toEqual([
    { tag: 'b1', value: '1', rejected: 'has the same value as "a1"' },
    { tag: 'a1', value: '1' },
  ])
  expect(chooser({ policy: { numerical: {} } }).explain(['1', '1'])).toEqual([
    { tag: '1', value: '1' },
    { tag: '1', value: '1' },
  ])
})

test('too many tags', () =>
  expect(() => chooseTag({ policy: any }, Array(500_001).fill('1.0.0'))).toThrow(
    'at most 500000 tags, got 500001',
  ))

test('long values are cut in messages', () => {
  expect(
    errorOf(() => chooseTag({ policy: { numerical: {} } }, ['x'.repeat(5000)])).message.length,
  ).toBeLessThan(600)
})
