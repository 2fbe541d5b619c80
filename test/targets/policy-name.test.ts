import type { ImagePolicy } from '../../src/policy/image-policy.ts'
import { nearestPolicy, policiesNamed, policiesNamedOf } from '../../src/targets/policy-name.ts'

/** `namespace` is the one that the resource names, if it names one. */
const policy = (original: string, current = original, namespace: string | undefined = 'named') => {
  const nameOf = (text: string) => {
    const [namespace = '', name = ''] = text.split(':')
    return { namespace, name }
  }
  return {
    id: { original: nameOf(original), current: nameOf(current) },
    resource: { ...(namespace !== undefined && { namespace }) },
  } as ImagePolicy
}

const renamed = policy('a:app', 'b:pre-app')
const plain = policy('b:app')
const nowhere = { ...policy('default:app'), resource: {} } as ImagePolicy
const inDefault = policy('default:app', 'default:app', 'default')

test.each<readonly [string, string, readonly ImagePolicy[], readonly ImagePolicy[]]>([
  ['by its original name', 'a:app', [plain, renamed], [renamed]],
  ['by its present name', 'b:pre-app', [plain, renamed], [renamed]],
  ['by an original name before a present one', 'b:app', [policy('c:x', 'b:app'), plain], [plain]],
  ['several of one name', 'b:app', [plain, { ...plain }], [plain, { ...plain }]],
  ['without a namespace, by its name', 'any:app', [nowhere], [nowhere]],
  ['without a namespace, after one with it', 'b:app', [nowhere, plain], [plain]],
  ['in namespace default, not by another one', 'any:app', [inDefault], []],
  ['by no other name', 'a:ap', [renamed], []],
  ['not without namespace', ':app', [nowhere], []],
  ['not without name', 'a:', [renamed], []],
  ['not without colon', 'app', [nowhere], []],
])('%s', (_what, reference, policies, expected) => {
  expect(policiesNamed(reference, policies)).toEqual(expected)
  expect(policiesNamedOf(reference, policies)).toEqual(expected)
  expect(policiesNamedOf(reference, policies)).toEqual(expected) // by the same index
})

test('the closest name is a hint', () => {
  expect(nearestPolicy('a:ap', [plain, renamed])).toBe('the closest one is "a:app"')
  expect(nearestPolicy('a:ap', [])).toBe('the input has no policy')
})
