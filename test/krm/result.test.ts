import { FunctionError } from '../../src/errors.ts'
import { errorResult, references } from '../../src/krm/result.ts'
import type { Place } from '../../src/place.ts'

const pod = { apiVersion: 'v1', kind: 'Pod', name: 'p' }

test.each<readonly [string, Place | undefined, object]>([
  ['no place', undefined, {}],
  ['a file', { file: 'a.yaml', line: 3, field: 'x' }, { file: { path: 'a.yaml' } }],
  ['a field without resource', { field: 'x' }, {}],
  ['a resource', { resource: pod }, { resourceRef: pod }],
  [
    'a resource of a namespace',
    { resource: { ...pod, namespace: 'n' } },
    { resourceRef: { ...pod, namespace: 'n' } },
  ],
  ['a field', { resource: pod, field: 'x' }, { resourceRef: pod, field: { path: 'x' } }],
  ['the root', { resource: pod, field: '' }, { resourceRef: pod }],
  [
    'a resource of a file',
    { resource: { ...pod, file: 'a.yaml' } },
    { resourceRef: pod, file: { path: 'a.yaml' } },
  ],
  [
    'a resource at an index',
    { resource: { ...pod, file: 'a.yaml', index: 1 } },
    { resourceRef: pod, file: { path: 'a.yaml', index: 1 } },
  ],
])('%s', (_what, place, expected) => {
  expect(references(place)).toEqual(expected)
})

test.each([
  [
    { before: 'a', after: 'b' },
    { currentValue: 'a', proposedValue: 'b' },
  ],
  [{ before: undefined, after: '' }, { proposedValue: '' }],
  [{ before: '7', after: undefined }, { currentValue: '7' }],
])('the values %j of a field', (values, expected) => {
  expect(references({ resource: pod, field: 'x' }, values).field).toEqual({
    path: 'x',
    ...expected,
  })
})

test('an error has its code and the words of Flux as tags', () => {
  const error = new FunctionError('BAD_FIELD', 'must be y', { resource: pod, field: 'x' })
  const result = {
    message: 'Pod p x: must be y',
    severity: 'error',
    resourceRef: pod,
    field: { path: 'x' },
  }
  expect(errorResult(error)).toEqual({ ...result, tags: { code: 'BAD_FIELD' } })
  error.flux = 'no'
  expect(errorResult(error)).toEqual({ ...result, tags: { code: 'BAD_FIELD', flux: 'no' } })
})
