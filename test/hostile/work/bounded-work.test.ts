import { spawnSync } from 'node:child_process'
import { newBudget } from '../../../src/budget.ts'
import { nearest, stepsBetween } from '../../../src/krm/nearest.ts'
import { compileGoRegexp, type GoRegexp } from '../../../src/policy/go-regexp.ts'
import { matchingProblem } from '../../../src/policy/tag-limit.ts'
import { builtProgram } from '../../fixtures/built-program.ts'
import { hostile } from './inputs.ts'

/** A process that loops can't be stopped from inside, so it is killed. */
const killedAfter = 10_000

test.each(Object.entries(hostile))('%s', (_, { input, exitCode, says, stderrBytes }) => {
  const text = input()
  expect(text.length).toBeLessThan(3_000_000)
  const { status, stdout, stderr } = spawnSync('node', [builtProgram('image-policy.js')], {
    input: text,
    timeout: killedAfter,
    killSignal: 'SIGKILL',
    maxBuffer: 1 << 30,
  })
  expect(status).toBe(exitCode)
  expect(says.test(stderr.toString())).toBe(true)
  expect(stderr.length).toBeLessThan(stderrBytes)
  expect(stdout.length).toBeLessThan(3 * text.length + 2_000_000)
})

test('a budget gives what it has, and no more', () => {
  const budget = newBudget(10)
  budget.spend(6)
  expect(budget.affords(5)).toBe(false)
  expect(budget.affords(4)).toBe(true)
  expect(() => budget.spend(1, { field: 'spec' })).toThrow(/^spec: must be simpler: .* 10 steps/)
})

test('hints stop when their budget is used up, and compare only beginnings', () => {
  const words = Array.from({ length: 20 }, (_, index) => `${'x'.repeat(60_000)}${index}`)
  const most = 20 * stepsBetween('y'.repeat(256), 'x'.repeat(256), 256)
  expect(nearest('y'.repeat(60_000), words, newBudget(most))).toBe(words[0])
  expect(nearest('y'.repeat(60_000), words, newBudget(100))).toBeUndefined()
})

test('texts that are too long for tags do not reach a costly pattern', () => {
  const isMatched = (pattern: string, length: number, tag: string) =>
    matchingProblem(compileGoRegexp(pattern) as GoRegexp, Array(length).fill(tag)) === undefined
  const usual = '^main-[a-f0-9]+-(?P<ts>[0-9]+)$'
  const costly = '(a+)+(a|aa)+([a-z]+)*(\\d+)$'
  expect(isMatched(usual, 500_000, 'main-1a2b3c4-1700000000')).toBe(true)
  expect(isMatched(costly, 2000, 'a'.repeat(128))).toBe(true)
  expect(isMatched(costly, 2000, 'a'.repeat(20_000))).toBe(false)
})
