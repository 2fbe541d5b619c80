import fc from 'fast-check'
import { type Document, parseAllDocuments, visit } from 'yaml'
import { scan } from '../../../src/yaml/locate/scan.ts'
import { contentEnd, markerAt, outlineStream } from '../../../src/yaml/locate/stream-outline.ts'
import { readYaml } from '../../../src/yaml/parse/read-yaml.ts'
import type { YamlNode, YamlTree } from '../../../src/yaml/tree/node.ts'
import { textOf } from '../../../src/yaml/tree/value.ts'
import { lineSoup, oddDocument } from '../../fixtures/odd-yaml.ts'
import { parse } from '../../fixtures/tree-facts.ts'

const documentsIn = (text: string) => {
  const bytes = Buffer.from(text)
  return outlineStream(scan(bytes)).map(({ start, end }) => bytes.toString('utf8', start, end))
}

test.each([
  ['nothing', '', []],
  ['comments only', '# a\n\n', []],
  ['one document', 'a: b\n', ['a: b\n']],
  ['several', 'a: b\n---\nc: d\n--- # e\nf\n', ['a: b\n', '---\nc: d\n', '--- # e\nf\n']],
  ['a first `---`', '---\na: b\n', ['---\na: b\n']],
  ['comments before the first `---`', '# a\n\n---\nb: c\n', ['# a\n\n---\nb: c\n']],
  ['empty documents', '---\n---\n# a\n---\n', ['---\n', '---\n# a\n', '---\n']],
  [
    'directives',
    '%YAML 1.2\n# a\n---\nb: c\n...\n%TAG ! !x\n---\nd: e\n',
    ['%YAML 1.2\n# a\n---\nb: c\n...\n', '%TAG ! !x\n---\nd: e\n'],
  ],
  ['an end without another beginning', 'a: b\n...\nc: d\n', ['a: b\n...\n', 'c: d\n']],
  ['ends without documents', '# a\n...\n...\nb: c\n', ['b: c\n']],
  ['a tail without document', 'a: b\n...\n# c\n', ['a: b\n...\n']],
  ['content on the line of a marker', '--- a\n--- {b: c}\n', ['--- a\n', '--- {b: c}\n']],
  ['markers of Windows', 'a: b\r\n---\r\nc: d\r\n', ['a: b\r\n', '---\r\nc: d\r\n']],
  ['a byte order mark', '\ufeff---\na: b\n---\nc: d\n', ['\ufeff---\na: b\n', '---\nc: d\n']],
  ['a last line without end', 'a: b\n---', ['a: b\n', '---']],
  [
    'what only looks like markers',
    'a: |\n  ---\n ...\n----\n---a\n',
    ['a: |\n  ---\n ...\n----\n---a\n'],
  ],
])('documents of %s', (_name, text, documents) => {
  expect(documentsIn(text)).toEqual(documents)
})

test('outside the documents are only comments and ends', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(lineSoup, oddDocument, fc.constantFrom('---\n', '...\n', '# a\n'))),
      pieces => {
        const bytes = Buffer.from(pieces.join(''))
        let at = 0
        for (const { start, end } of [
          ...outlineStream(scan(bytes)),
          { start: bytes.length, end: bytes.length },
        ]) {
          expect(bytes.toString('utf8', at, start)).toMatch(
            /^(?:\ufeff?[ \t\r]*(?:#[^\n]*)?(?:\.\.\.[^\n]*)?(?:\n|$))*$/,
          )
          at = end
        }
      },
    ),
  )
})

/** The texts of all scalars of a document, in order. */
function textsIn(tree: YamlTree, node: YamlNode | undefined): string[] {
  if (node?.kind === 'mapping')
    return node.entries.flatMap(({ key, value }) => [
      ...textsIn(tree, key),
      ...textsIn(tree, value),
    ])
  if (node?.kind === 'sequence') return node.items.flatMap(item => textsIn(tree, item))
  return node === undefined || node.kind === 'alias' || node.start === node.end
    ? []
    : [textOf(tree, node)]
}

function textsOf(document: Document.Parsed): string[] {
  const texts: string[] = []
  visit(document, {
    Scalar: (_, { source, range }) => void (range?.[0] !== range?.[1] && texts.push(source ?? '')),
  })
  return texts
}

/** An alias may have no anchor, which the package reports later than other errors. */
function isReadable(text: string): boolean {
  try {
    parse(text)
    return true
  } catch {
    return false
  }
}

test('documents read one by one are those that a parser finds in the stream', async () => {
  const pieces = fc.array(
    fc.oneof(
      oddDocument.filter(isReadable),
      fc.constantFrom('---\n', '--- # a\n', '...\n', '# b\n', '--- x\n', '%YAML 1.2\n', '\n'),
    ),
    {
      maxLength: 5,
    },
  )
  let compared = 0
  await fc.assert(
    fc.asyncProperty(pieces, async pieces => {
      const text = pieces.join('').replaceAll('\ufeff', '')
      const documents = parseAllDocuments(text, { uniqueKeys: false })
      const list = 'empty' in documents ? [] : documents
      // the package lets a directive without document pass
      fc.pre(list.every(({ errors }) => errors.length === 0) && !/^%(?![\s\S]*\n---)/m.test(text))
      const bytes = Buffer.from(text)
      const trees = await Promise.all(outlineStream(scan(bytes)).map(span => readYaml(bytes, span)))
      const some = (texts: readonly string[]) => texts.length > 0 // the package sees an empty document before `...`, YAML does not
      expect(trees.map(tree => textsIn(tree, tree.root)).filter(some)).toEqual(
        list.map(textsOf).filter(some),
      )
      compared++
    }),
    { numRuns: 1000 },
  )
  expect(compared).toBeGreaterThan(300)
})

test.each([
  ['---', '---'],
  ['--- a', '---'],
  ['---\ta', '---'],
  ['...\r\n', '...'],
  ['---a', undefined],
  ['--', undefined],
  ['..-', undefined],
  ['+++', undefined],
])('the line %j is the marker %s', (line, marker) => {
  expect(markerAt(Buffer.from(`a\n${line}`), 2)).toBe(marker)
})

test.each([
  ['a: b\n', 5],
  ['a: b\n...\n', 5],
  ['a: b\n...', 5],
  ['a: b\n... # c\n', 5],
  ['a: b\n# ...\n', 11],
  ['a: b', 4],
])('the content of %j ends at %i', (text, end) => {
  const bytes = Buffer.from(text)
  expect(contentEnd(bytes, { start: 0, end: bytes.length, blank: 0 })).toBe(end)
})
