import { fieldsOf } from '../../../src/krm/fields.ts'
import { alphabetical } from '../../../src/policy/kinds/alphabetical.ts'

const choose = (order: string, ...values: string[]) =>
  alphabetical
    .read(fieldsOf(undefined, { order }, 'spec.policy.alphabetical'))
    .choose(values.map(value => ({ tag: value, value })))

test.each([
  ['asc', ['10', '9', '100'], '9'],
  ['desc', ['10', '9', '100'], '10'],
  ['', ['A', 'a', 'Z'], 'a'],
  ['asc', ['\uffee', '😀'], '😀'],
  ['desc', ['😀', '\uffee'], '\uffee'],
])('%s of %j is %s', (order, values, value) =>
  expect(choose(order, ...values)).toEqual({ candidate: { tag: value, value }, ties: [] }),
)

test('nothing of nothing', () => expect(choose('asc')).toBeUndefined())

test('any value can win', () =>
  expect(
    alphabetical.read(fieldsOf(undefined, {}, '')).reject({ tag: '', value: '' }),
  ).toBeUndefined())
