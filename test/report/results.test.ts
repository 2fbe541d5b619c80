import { FunctionError } from '../../src/errors.ts'
import type { Evaluation } from '../../src/evaluate.ts'
import type { ImagePolicy } from '../../src/policy/image-policy.ts'
import { formatMove, formatResolution, formatResults } from '../../src/report/results.ts'
import type { Resolution } from '../../src/resolve/resolution.ts'
import type { Change } from '../../src/rewrite/change.ts'
import { runOn, workload } from '../fixtures/apply.ts'

const policy = {
  resource: {
    apiVersion: 'image.toolkit.fluxcd.io/v1',
    kind: 'ImagePolicy',
    namespace: 'x',
    name: 'app',
    file: 'p.yaml',
    index: 1,
  },
  field: 'spec',
  id: { original: { namespace: 'x', name: 'app' }, current: { namespace: 'y', name: 'pre-app' } },
  repository: 'ghcr.io/acme/app',
} as unknown as ImagePolicy
const resolution: Resolution = {
  policy,
  image: 'ghcr.io/acme/app',
  tag: 'v2',
  source: 'registry',
  listed: 6,
  passed: 6,
  reason: 'the best',
}
const change = {
  resource: { id: { apiVersion: 'v1', kind: 'Pod', name: 'p', file: 'pod.yaml', index: 3 } },
  kind: 'image',
  path: ['spec', 'containers', 0, 'image'],
  before: 'a:1',
  after: 'a:2',
  policy,
  reason: 'the best',
} as unknown as Change
const evaluation = {
  config: { mode: 'apply' },
  errors: [],
  notices: [
    { severity: 'info', problem: 'by the way' },
    { severity: 'warning', problem: 'careful', place: { file: 'stdin', line: 3, column: 1 } },
  ],
  resolutions: new Map([[policy, resolution]]),
  changes: [change],
  removals: [],
} as unknown as Evaluation
const inMode = (mode: 'apply' | 'check'): Evaluation => ({
  ...evaluation,
  config: { ...evaluation.config, mode },
})
const error = new FunctionError('BAD_FIELD', 'must be x', {
  resource: policy.resource,
  field: 'spec.y',
})

const outline = (given: Evaluation) =>
  [...formatResults(given)].map(({ severity, message }) => `${severity} ${message}`)

test('summary, warnings, policies, notes, changes: kpt shows the first four', () => {
  expect(outline(evaluation)).toEqual([
    'info summary: updated 1 image by 1 policy',
    'warning stdin:3:1: careful',
    'info ImagePolicy x/app (p.yaml#1) spec: chose "v2" out of 6 tags of ghcr.io/acme/app: the best',
    'info by the way',
    'info Pod p (pod.yaml#3) spec.containers[0].image: "a:1" -> "a:2"',
  ])
})

test('in a check the changes are errors and come first', () => {
  const lines = outline(inMode('check'))
  expect(lines.slice(0, 2)).toEqual([
    'error Pod p (pod.yaml#3) spec.containers[0].image: "a:1" -> "a:2"',
    'info summary: 1 image would change by 1 policy',
  ])
  expect(lines).toHaveLength(5)
})

test.each(['apply', 'check'] as const)('%s: after an error no change is reported', mode => {
  expect(outline({ ...inMode(mode), errors: [error] })).toEqual([
    'error ImagePolicy x/app (p.yaml#1) spec.y: must be x',
    'error summary: 1 error, nothing was changed',
    'warning stdin:3:1: careful',
    'info by the way',
  ])
})

test('a change names resource, field, file, policy and reason', () => {
  expect([...formatResults(evaluation)].at(-1)).toEqual({
    message: 'Pod p (pod.yaml#3) spec.containers[0].image: "a:1" -> "a:2"',
    severity: 'info',
    resourceRef: { apiVersion: 'v1', kind: 'Pod', name: 'p' },
    field: { path: 'spec.containers[0].image', currentValue: 'a:1', proposedValue: 'a:2' },
    file: { path: 'pod.yaml', index: 3 },
    tags: { policy: 'x/app', reason: 'the best' },
  })
})

test('an error has its code, and the words of Flux where it has some', () => {
  error.flux = 'no'
  expect([...formatResults({ ...evaluation, errors: [error] })][0]).toMatchObject({
    resourceRef: { kind: 'ImagePolicy', namespace: 'x', name: 'app' },
    field: { path: 'spec.y' },
    tags: { code: 'BAD_FIELD', flux: 'no' },
  })
})

test.each([
  [{ before: 'a', after: 'b' }, '"a" -> "b"'],
  [{ before: undefined, after: 'b' }, 'set to "b"'],
  [{ before: '7', after: undefined }, 'removed, was "7"'],
])('%j reads %s', (values, text) => {
  expect(formatMove({ ...change, ...values })).toBe(text)
})

test.each([
  [{ listed: 1, passed: 1 }, 'chose "v2" out of 1 tag of ghcr.io/acme/app: the best'],
  [
    { listed: 6, passed: 2 },
    'chose "v2" out of 6 tags (2 passed the filter) of ghcr.io/acme/app: the best',
  ],
  [
    { digest: 'sha256:x' },
    'chose "v2" with digest sha256:x out of 6 tags of ghcr.io/acme/app: the best',
  ],
])('%j reads %s', (more, text) => {
  expect(formatResolution({ ...resolution, ...more })).toBe(text)
})

test('messages are escaped, since hosts print them to terminals; values are data', async () => {
  const input = workload('containers:\n- name: a\n  image: ghcr.io/acme/app:v1.0.0\n', {
    metadata: 'name: "w\\e[31m\\u202eb"',
  })
  const { infos, results } = await runOn(input)
  expect(infos.join()).toContain('Deployment w\\u001b[31m\\u202eb spec.template')
  expect(infos.join()).not.toMatch(/[\u001b\u202e]/)
  expect(results.at(-1)?.resourceRef?.name).toBe('w\u001b[31m\u202eb')
})
