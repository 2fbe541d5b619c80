import { fieldsOf } from '../../../src/krm/fields.ts'
import type { Candidate } from '../../../src/policy/kinds/policy-kind.ts'
import { semver } from '../../../src/policy/kinds/semver.ts'

const rule = (range: unknown) => semver.read(fieldsOf(undefined, { range }, 'spec.policy.semver'))
const candidates = (...values: string[]): Candidate[] =>
  values.map(value => ({ tag: `tag-${value}`, value }))
const [first, second, third] = ['v1.0.0', '1.0.0', '01.0.0+b'].map(value => ({
  tag: `tag-${value}`,
  value,
}))

test('the greatest version in range, not the greatest of all', () => {
  const list = candidates('nothing', '1.2.0', '1.10.0', '1.9.0', '2.0.0', '1.11.0-rc')
  expect(rule('<2').choose(list)?.candidate.value).toBe('1.10.0')
})

test('the first of equal versions; the others are ties', () => {
  const list = [...candidates('0.9.0'), ...candidates('v1.0.0', '1.0.0', '01.0.0+b')]
  expect(rule('*').choose(list)).toEqual({ candidate: first, ties: [second, third] })
})

test('nothing in range', () => expect(rule('>=3').choose(candidates('1.0.0', 'x'))).toBeUndefined())

test('why a candidate can not win', () => {
  expect(candidates('1', '1.0.0', '2.0.0', '1.0.0-a').map(rule('<2').reject)).toEqual([
    'not a version',
    undefined,
    'outside the range',
    'outside the range',
  ])
})

test.each([
  [
    '1.0.0p',
    'must be a version range such as ">=1.2.0 <2.0.0", got "1.0.0p": improper constraint: "1.0.0p"',
    'invalid policy: improper constraint: "1.0.0p"',
  ],
  [
    undefined,
    'must be a version range such as ">=1.2.0 <2.0.0", got "": improper constraint: ""',
    'invalid policy: improper constraint: ""',
  ],
  [
    1.1,
    'must be a string, got the number 1.1: put quotes around the range, as in `range: "1.10"`; without quotes, YAML reads 1.10 as the number 1.1',
    undefined,
  ],
  [true, 'must be a string, got true', undefined],
])('%j is not a range', (range, problem, flux) => {
  expect(() => rule(range)).toThrow(
    expect.objectContaining({ message: `spec.policy.semver.range: ${problem}` }),
  )
  expect(() => rule(range)).toThrow(
    flux === undefined
      ? expect.not.objectContaining({ flux: expect.anything() })
      : expect.objectContaining({ flux }),
  )
})
