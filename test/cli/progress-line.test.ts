import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { progressLine } from '../../src/cli/progress-line.ts'
import type { TagSource } from '../../src/resolve/tag-source.ts'
import { folderOf } from '../fixtures/folder.ts'

const nothing = { repositories: 2, finished: 0, pages: 0, waiting: [] }

/** What the line shows after so many milliseconds, and what ends the look-ups. */
function lineOf(columns = 200) {
  let now = 0
  const ends: (() => void)[] = []
  const waiting: TagSource = {
    listTags: () => new Promise(resolve => ends.push(() => resolve([]))),
    digestOf: () => new Promise(resolve => ends.push(() => resolve(''))),
  }
  const file = join(folderOf({}), 'stderr')
  const descriptor = openSync(file, 'w')
  const line = progressLine(columns, () => now, descriptor)
  const source = line.watch(waiting)
  return {
    source,
    async end() {
      for (const end of ends.splice(0)) end()
      await new Promise(setImmediate)
    },
    shownAt(time: number, progress: Partial<Parameters<typeof line.show>[0]> = {}) {
      now = time
      line.show({ ...nothing, ...progress })
      return readFileSync(file, 'utf8').split('\r\u001b[K').at(-1)
    },
    cleared() {
      line.clear()
      closeSync(descriptor)
      return readFileSync(file, 'utf8')
    },
  }
}

const counts = 'asking registries: 0 of 2 repositories done, 0 pages read'

test('a host is named once it has not answered for three seconds', async () => {
  const { source, end, shownAt } = lineOf()
  void source.listTags('ghcr.io/acme/web')
  expect(shownAt(2999)).toBe(counts)
  expect(shownAt(3000)).toBe(`waiting for ghcr.io (3 s); ${counts}`)
  void source.digestOf('ghcr.io/acme/web', 'v1')
  expect(shownAt(61_500)).toBe(`waiting for ghcr.io (61 s); ${counts}`)
  await end()
  expect(shownAt(62_000)).toBe(counts)
})

test('an answer starts the three seconds again', async () => {
  const { source, end, shownAt } = lineOf()
  void source.listTags('a.example/x')
  await end()
  shownAt(10_000)
  void source.listTags('a.example/y')
  expect(shownAt(12_000)).toBe(counts)
  expect(shownAt(13_000)).toContain('waiting for a.example (3 s)')
})

test('of many hosts three are named; a host that asks to wait says so itself', () => {
  const { source, shownAt } = lineOf(500)
  for (const host of 'abcdef') void source.listTags(`${host}.example/x`)
  const waiting = [{ host: 'a.example', milliseconds: 4200 }]
  expect(shownAt(5000, { waiting })).toBe(
    `waiting for b.example (5 s); waiting for c.example (5 s); waiting for d.example (5 s); a.example asks to wait 5 s; ${counts}`,
  )
})

test('the line is never wider than the terminal, and is gone in the end', () => {
  const { source, shownAt, cleared } = lineOf(40)
  void source.listTags('ghcr.io/acme/web')
  expect(shownAt(5000)).toHaveLength(39)
  expect(cleared()).toMatch(/\r\u001b\[K$/)
})

test('without progress nothing is written', () => {
  expect(lineOf().cleared()).toBe('')
})
