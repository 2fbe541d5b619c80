import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { scan } from '../../../src/yaml/locate/scan.ts'
import { outlineStream } from '../../../src/yaml/locate/stream-outline.ts'
import { walkYaml } from '../../../src/yaml/parse/fast-reader.ts'
import type { YamlNode, YamlTree } from '../../../src/yaml/tree/node.ts'
import { textOf } from '../../../src/yaml/tree/value.ts'
import { needs } from '../../fixtures/needs.ts'
import { anchoredDocument, brokenDocument, lineSoup, oddDocument } from '../../fixtures/odd-yaml.ts'
import { whole } from '../../fixtures/tree-facts.ts'

// What the fast reader accepts, go-yaml v3 (kustomize, kyaml) reads with the same value.

const source = new URL('go-yaml/', import.meta.url).pathname
const folder = mkdtempSync(join(tmpdir(), 'go-yaml-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** What go-yaml reads: the value, or an error as a string. */
function readByGo(documents: readonly string[]): readonly unknown[] {
  const input = documents.map(document => `${JSON.stringify(document)}\n`).join('')
  const { stdout, status } = spawnSync(join(folder, 'go-yaml'), { input, maxBuffer: 2 ** 30 })
  expect(status).toBe(0)
  return stdout
    .toString()
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
}

/** The same of the fast reader; undefined if it leaves the text to the full parser. */
function readFast(document: string): unknown {
  const bytes = Buffer.from(document)
  const tree = walkYaml(bytes, whole(bytes))
  return tree && { value: tree.root === undefined ? null : plainOf(tree, tree.root) }
}

function plainOf(tree: YamlTree, node: YamlNode): unknown {
  const read = (inner: YamlNode) => plainOf(tree, inner)
  if (node.kind === 'alias') return { alias: node.target }
  if (node.kind === 'sequence') return node.items.map(read)
  if (node.kind === 'mapping')
    return { entries: node.entries.map(({ key, value }) => [read(key), read(value)]) }
  return textOf(tree, node)
}

/**
 * Known differences: characters that are line ends only in YAML 1.1, a byte order mark inside the
 * text, halves of a surrogate pair, `\/`, and an absent value, which go-yaml reads as a text.
 */
const differs = (document: string) =>
  /[\u0085\u2028\u2029]|.\ufeff|\\ud83d|\\\//s.test(document) ||
  /^(?:\ufeff|\s|#.*|---|\.\.\.|[&!]\S*)*$/.test(document)

/** Compares both. Returns how many documents the fast reader read. */
function compare(documents: readonly string[]): number {
  const read = documents
    .filter(document => !differs(document))
    .flatMap(document => {
      const value = readFast(document)
      return value === undefined ? [] : [{ document, value }]
    })
  const others = readByGo(read.map(({ document }) => document))
  expect(read.map(({ document }, index) => ({ document, value: others[index] }))).toEqual(read)
  return read.length
}

needs('go')('go-yaml reads as the fast reader', () => {
  beforeAll(() => {
    const { status, stderr } = spawnSync('go', ['build', '-o', join(folder, 'go-yaml'), '.'], {
      cwd: source,
    })
    expect(`${status} ${stderr}`).toBe('0 ')
  }, 300_000)

  const lines = [
    'a: "b\nc"\n',
    "a:\n  b: 'c\n  d\n\n e'\nf: g\n",
    'a:\n  b: "c\n\td"\n',
    'a: [\nb,\n  {c: d,\n\te: f\n}]\n',
    'a:\n  b: [\n    c\n  ]\n',
    '{\n\t"a": [\n\t\t1\n\t]\n}\n',
    'a:\n#- b\nc:\n  #d\n  e: f\n',
    'a: b\n  "c"\n  - d\n  &e *f [g {h !i\n',
    'a: |2\n   b\n  c\nd:\n- >1-\n   e\n',
    'a: &x {b: c}\nd:\n  <<: *x\n  !!merge <<: [*x]\n',
    'a:\tb\nc:\t# d\n',
  ]
  test.each(lines)('%j', document => {
    expect(compare([document])).toBe(1)
  })

  const data = new URL('../../yaml/data/', import.meta.url)
  test('what hosts send', () => {
    const documents = readdirSync(data).flatMap(name => {
      const bytes = readFileSync(new URL(name, data))
      return outlineStream(scan(bytes)).map(({ start, end }) => bytes.toString('utf8', start, end))
    })
    expect(compare(documents)).toBeGreaterThan(0.9 * documents.length)
  })

  test.each([
    ['odd documents', oddDocument, 0.3],
    ['documents with slips', brokenDocument, 0.1],
    ['soups of lines', lineSoup, 0.03],
    ['documents with anchors', anchoredDocument, 0.5],
  ])('%s', (_name, document, share) => {
    // go-yaml reads no line end after a block scalar at the end of the text
    const documents = fc.sample(document, { numRuns: 1500, seed: 1 }).map(text => `${text}\n`)
    expect(compare(documents)).toBeGreaterThan(share * documents.length)
  })
})
