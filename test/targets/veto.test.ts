import { vetoOf } from '../../src/targets/veto.ts'
import type { Workload } from '../../src/targets/workload.ts'

type Annotated = Pick<Workload, 'annotations'>
const object = (annotations: Readonly<Record<string, string>>): Annotated => ({
  annotations: new Map(Object.entries(annotations)),
})
const ignored = 'the annotation `fluxcd.io/ignore` is "true"'
const locked = 'the annotation `fluxcd.io/locked` is "true"'
const message = { 'fluxcd.io/locked_msg': 'audit' }

test.each<readonly [string, Annotated, string | undefined]>([
  ['no annotation', object({}), undefined],
  ['ignore', object({ 'fluxcd.io/ignore': 'true' }), ignored],
  [
    'an older prefix',
    object({ 'flux.weave.works/ignore': 'true' }),
    'the annotation `flux.weave.works/ignore` is "true"',
  ],
  ['locked', object({ 'fluxcd.io/locked': 'true' }), locked],
  ['locked with a message', object({ 'fluxcd.io/locked': 'true', ...message }), `${locked}: audit`],
  ['both', object({ 'fluxcd.io/locked': 'true', 'fluxcd.io/ignore': 'true' }), ignored],
  ['another value', object({ 'fluxcd.io/locked': 'yes', 'fluxcd.io/ignore': 'false' }), undefined],
  ['a message alone', object(message), undefined],
])('%s', (_what, workload, expected) => {
  expect(vetoOf(workload)).toBe(expected)
})

test('a veto on an object around the workload holds for it, after its own', () => {
  const outer = object({ 'fluxcd.io/locked': 'true', ...message }) as Workload
  expect(vetoOf({ ...object({}), around: outer })).toBe(`${locked}: audit`)
  expect(vetoOf({ ...object({ 'fluxcd.io/ignore': 'true' }), around: outer })).toBe(ignored)
  const middle = { ...object({}), around: outer } as Workload
  expect(vetoOf({ ...object({}), around: middle })).toBe(`${locked}: audit`)
})
