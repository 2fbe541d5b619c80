import { recordedTags } from '../../src/index.ts'
import { policyFor, runOn, workload } from '../fixtures/apply.ts'

const app = 'ghcr.io/acme/app'

interface Case {
  readonly policy: string
  readonly spec?: string
  readonly tags: readonly string[]
  readonly from: string
}

const run = ({ policy, spec = '', tags, from }: Case) =>
  runOn(workload(`containers:\n- {name: a, image: "${app}:${from}"}\n`), {
    policies: policyFor(app, { policy, spec }),
    source: recordedTags(new Map([[app, tags]])),
  })

const pattern = 'filterTags: {pattern: "^main-(?P<n>[0-9]+)$", extract: "$n"}'

test.each<readonly [string, Case, string]>([
  [
    'below the range',
    { policy: 'semver: {range: "1.x"}', tags: ['1.3.0'], from: '2.0.0' },
    'moves down from "2.0.0" to "1.3.0", which the policy itself orders before it',
  ],
  [
    'dropped by the pattern',
    {
      policy: 'semver: {range: "*"}',
      spec: 'filterTags: {pattern: "^1"}',
      tags: ['1.3.0', '2.0.0'],
      from: '2.0.0',
    },
    'moves down from "2.0.0" to "1.3.0"',
  ],
  [
    'a build that the registry no longer has',
    { policy: 'numerical: {}', spec: pattern, tags: ['main-41'], from: 'main-42' },
    'moves down from "main-42" to "main-41"',
  ],
  [
    'a descending order',
    { policy: 'numerical: {order: desc}', spec: pattern, tags: ['main-42'], from: 'main-41' },
    'moves down from "main-41" to "main-42"',
  ],
  ['words of one list', { policy: 'alphabetical: {order: desc}', tags: ['b', 'a'], from: 'a' }, ''],
])('a downgrade is marked, and a warning: %s', async (_name, given, warning) => {
  const { warnings, results, exitCode } = await run(given)
  expect(exitCode).toBe(0)
  if (warning === '') return expect(warnings).toEqual([])
  expect(warnings.join()).toContain(warning)
  expect(results.map(({ message }) => message).join()).toContain('" (down)')
})

test.each<readonly [string, Case]>([
  ['an update', { policy: 'semver: {range: "1.x"}', tags: ['1.3.0'], from: '1.2.0' }],
  [
    'a word instead of a version',
    { policy: 'semver: {range: "1.x"}', tags: ['1.3.0'], from: 'edge' },
  ],
  [
    'the same version, spelled otherwise',
    { policy: 'semver: {range: "1.x"}', tags: ['1.3.0'], from: 'v1.3.0' },
  ],
  ['a word of another list', { policy: 'alphabetical: {}', tags: ['latest'], from: 'old' }],
  [
    'a tag of another scheme',
    { policy: 'numerical: {}', spec: pattern, tags: ['main-42'], from: '20240101' },
  ],
])('is not a downgrade: %s', async (_name, given) => {
  const { warnings, moved } = await run(given)
  expect(moved.length).toBeGreaterThan(0)
  expect(warnings.filter(warning => warning.includes('moves down'))).toEqual([])
})

test('with strict a downgrade is an error', async () => {
  const { errors, text } = await runOn(
    workload(`containers:\n- {name: a, image: "${app}:2.0.0"}\n`),
    {
      config: { strict: true },
      policies: policyFor(app, { policy: 'semver: {range: "1.x"}' }),
      source: recordedTags(new Map([[app, ['1.3.0']]])),
    },
  )
  expect(errors[0]).toContain('moves down from "2.0.0" to "1.3.0"')
  expect(text).toBe('')
})
