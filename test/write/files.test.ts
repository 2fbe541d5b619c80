import type { ResourceDocument } from '../../src/krm/resource.ts'
import { changedFiles } from '../../src/write/files.ts'
import type { Edit } from '../../src/yaml/edit/splice.ts'
import { bytesOf } from '../fixtures/bytes-of.ts'
import { documentOf } from '../fixtures/document.ts'

const edit: Edit = { start: 3, end: 4, text: 'x' }
const bytes = Buffer.from('a: b\n')

test('files with edits are written, in the order of the documents; others are not', () => {
  const documents = [
    documentOf(bytes, 'b.yaml'),
    documentOf(bytes, 'unchanged.yaml'),
    documentOf(bytes, 'no-edits.yaml'),
    documentOf(bytes),
    documentOf(bytes, 'a.yaml'),
  ]
  const [first, , empty, stdin, last] = documents as ResourceDocument[] & { length: 5 }
  const edits = new Map<ResourceDocument, readonly Edit[]>([
    [last, [edit]],
    [empty, []],
    [stdin, [edit]],
    [first, [edit]],
  ] as [ResourceDocument, readonly Edit[]][])
  const files = [...changedFiles(documents, edits)]
  expect(files.map(({ file, content }) => `${file} ${bytesOf(content)}`)).toEqual([
    'b.yaml a: x\n',
    'a.yaml a: x\n',
  ])
})
