import { fieldsOf } from '../../../src/krm/fields.ts'
import { numerical } from '../../../src/policy/kinds/numerical.ts'

const rule = (order: string) =>
  numerical.read(fieldsOf(undefined, { order }, 'spec.policy.numerical'))
const candidate = (value: string) => ({ tag: `tag-${value}`, value })
const choose = (order: string, ...values: string[]) => rule(order).choose(values.map(candidate))

test.each([
  ['asc', ['9', '10', '2'], '10', []],
  ['desc', ['9', '10', '2'], '2', []],
  ['asc', ['1', '01', '0', '1.0'], '1.0', ['1', '01']], // the last of equals
  ['desc', ['1', '01', '2', '1.0'], '1.0', ['1', '01']],
  ['asc', ['1', '1.0', '2'], '2', []],
  ['asc', ['9007199254740993', '9007199254740992'], '9007199254740992', ['9007199254740993']],
  ['asc', ['-0', '0'], '0', ['-0']],
  ['asc', ['3', 'nan', '1'], '1', ['3', 'nan']], // what follows NaN replaces it
  ['asc', ['inf', '1e308'], 'inf', []],
])('%s of %j is %s, tied with %j', (order, values, value, ties) => {
  expect(choose(order, ...values)).toEqual({
    candidate: candidate(value),
    ties: ties.map(candidate),
  })
})

test('nothing of nothing', () => expect(choose('asc')).toBeUndefined())

test('one value that is not a number fails the policy, although others are', () => {
  expect(() => choose('asc', '1', '0x10', 'b')).toThrow(
    expect.objectContaining({
      code: 'NO_TAG_CHOSEN',
      message:
        'spec.policy.numerical: every value must be a number, got "0x10" from tag "tag-0x10"; narrow the pattern that lets tags in, or cut the number out with `extract`',
      flux: "failed to parse invalid numeric value '0x10'",
    }),
  )
  expect(['1', '0x10'].map(value => rule('asc').reject(candidate(value)))).toEqual([
    undefined,
    'not a number',
  ])
})
