import { newProblems } from '../../src/problems.ts'
import { openFor } from '../../src/steps/open-for.ts'
import { verifyEdits } from '../../src/write/verify-edits.ts'
import { runOn } from '../fixtures/apply.ts'

const text = 'apiVersion: v1\nkind: A\nmetadata:\n  name: a\n  annotations:\n    b: c\n'

/** What is reported for the edit that replaces a text in the second of two documents. */
async function reported(old: string, by: string, path: readonly string[], after: string) {
  const document = await openFor(Buffer.from(`${text}---\n${text}`), { writable: true })
  const problems = newProblems()
  const [, resource] = await document.read(['kind'], problems)
  if (resource === undefined) throw new Error('no resource')
  const start = text.length + 4 + text.indexOf(old)
  let same = 0
  while (same < old.length && old[same] === by[same]) same++
  const edits = [{ start: start + same, end: start + old.length, text: by.slice(same) }]
  verifyEdits([{ resource, edits, intended: [{ path, text: after }] }], problems)
  return problems.errors.map(({ code, message }) => [code, message])
}

const annotation = ['metadata', 'annotations', 'd']

test.each([
  ['an entry', '    b: c\n', '    b: c\n    d: e\n', annotation, 'e'],
  ['a scalar', 'name: a', 'name: x', ['metadata', 'name'], 'x'],
])('%s as intended', async (_name, old, by, path, after) => {
  expect(await reported(old, by, path, after)).toEqual([])
})

test.each([
  ['in another mapping', '    b: c\n', '    b: c\nd: e\n'],
  ['with another text', '    b: c\n', '    b: c\n    d: f\n'],
  ['that is no string', '    b: c\n', '    b: c\n    d: 5\n'],
  ['and another change', '    b: c\n', '    d: e\n'],
  ['in a broken document', '    b: c\n', '    b: c\n   d: e\n'],
  ['not at all', 'b: c', 'b: c # d: e'],
])('an entry that is written %s is an error', async (_name, old, by) => {
  expect(await reported(old, by, annotation, 'e')).toEqual([
    ['BAD_FIELD', expect.stringMatching(/^A a metadata\.annotations\.d: must be edited by hand/)],
  ])
})

test('an annotation beside an entry without a key is where it belongs', async () => {
  const pod = (annotations: string, tag: string) =>
    `apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  annotations:\n    : b\n${annotations}spec:\n  containers:\n  - {name: app, image: 'ghcr.io/acme/app:${tag}'}\n`
  const { text, errors } = await runOn(pod('', 'v1.0.0'))
  expect(errors).toEqual([])
  expect(text).toBe(pod('    fluxcd.io/tag.app: v1.1.0\n', 'v1.1.0'))
})
