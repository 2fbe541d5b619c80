import { FunctionError } from '../src/errors.ts'
import { newProblems } from '../src/problems.ts'

const error = new FunctionError('BAD_FIELD', 'must be x')
const fail = (): never => {
  throw error
}
const bug = (): never => {
  throw new TypeError('x is not a function')
}
const place = { file: 'a.yaml', line: 3 }

test('problems are kept in the order in which they were found', () => {
  const problems = newProblems()
  problems.warn('careful', place)
  problems.note('held')
  problems.inform('by the way')
  problems.fail(error)
  expect(problems.notices).toEqual([
    { severity: 'warning', problem: 'careful', place },
    { severity: 'note', problem: 'held' },
    { severity: 'info', problem: 'by the way' },
  ])
  expect(problems.errors).toEqual([error])
})

describe('attempt', () => {
  test('gives the value of a step, or keeps its error', async () => {
    const problems = newProblems()
    expect(problems.attempt(() => 1)).toBe(1)
    expect(await problems.attemptAsync(async () => 2)).toBe(2)
    expect(problems.errors).toEqual([])
    expect(problems.attempt(fail)).toBeUndefined()
    expect(await problems.attemptAsync(async () => fail())).toBeUndefined()
    expect(problems.errors).toEqual([error, error])
  })

  test('lets a bug through', async () => {
    const problems = newProblems()
    expect(() => problems.attempt(bug)).toThrow(TypeError)
    await expect(problems.attemptAsync(async () => bug())).rejects.toThrow(TypeError)
    expect(problems.errors).toEqual([])
  })
})

test('refused warnings are errors, those before too; notes and information stay', () => {
  const problems = newProblems()
  problems.inform('first')
  problems.warn('early', place)
  problems.note('held')
  problems.refuseWarnings()
  problems.warn('late')
  problems.inform('last')
  const reason = '(an error because of `strict`)'
  expect(problems.errors.map(({ code, message }) => [code, message])).toEqual([
    ['BAD_FIELD', `a.yaml:3: early ${reason}`],
    ['BAD_FIELD', `late ${reason}`],
  ])
  expect(problems.notices.map(({ problem }) => problem)).toEqual(['first', 'held', 'last'])
})
