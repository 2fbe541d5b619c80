import { fastOutline } from '../../../src/yaml/locate/resource-list-outline.ts'
import { scan } from '../../../src/yaml/locate/scan.ts'

const head = 'apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n'

/** The texts of the items, or the answer if there is no outline. */
const itemsIn = (text: string) => {
  const bytes = Buffer.from(text)
  const outline = fastOutline(scan(bytes))
  if (outline === undefined || outline === 'other') return outline
  return [...outline.items].map(
    ({ start, end, blank }) => ' '.repeat(blank) + bytes.toString('utf8', start + blank, end),
  )
}

describe('items without a parser', () => {
  test.each([
    ['in the first column', `${head}items:\n- a: b\n  c: d\n- e\n`, ['  a: b\n  c: d\n', '  e\n']],
    [
      'indented',
      `${head}items:\n  - a: b\n    c: d\n\n  - - e\n`,
      ['    a: b\n    c: d\n\n', '    - e\n'],
    ],
    [
      'with comments',
      `# a\n${head}items: # b\n# c\n- # d\n  e: f\n# g\n- h\n`,
      ['  # d\n  e: f\n# g\n', '  h\n'],
    ],
    [
      'far to the right',
      `${head}items:\n${' '.repeat(32)}- a\n${' '.repeat(32)}- b`,
      [`${' '.repeat(33)} a\n`, `${' '.repeat(33)} b`],
    ],
    [
      'indented, with lines of Windows',
      `${head}items:\n  -\n    a: b\n  - c\n`.replaceAll('\n', '\r\n'),
      ['   \r\n    a: b\r\n', '    c\r\n'],
    ],
    [
      'indented, with comments',
      `${head}items:\n# c\n  # d\n  - e: f\n# g\n # h\n  - i\n`,
      ['    e: f\n# g\n # h\n', '    i\n'],
    ],
    [
      'between other keys',
      `kind: ResourceList\nitems:\n- a\nfunctionConfig:\n  b: c\napiVersion: "config.kubernetes.io/v1" # d\n`,
      ['  a\n'],
    ],
    [
      'with lines of Windows',
      `${head}items:\n- a: b\n- c\n`.replaceAll('\n', '\r\n'),
      ['  a: b\r\n', '  c\r\n'],
    ],
    ['after `---`', `# a\n---\n${head}items:\n- a\n`, ['  a\n']],
    ['before `...`', `${head}items:\n- a\n...\n\n`, ['  a\n']],
    ['with a byte order mark', `\ufeff${head}items:\n- a\n`, ['  a\n']],
    ['without a last line end', `${head}items:\n- a\n- b`, ['  a\n', '  b']],
    [
      'with dashes inside',
      `${head}items:\n- a:\n  - b\n- c: |\n    - d\n`,
      ['  a:\n  - b\n', '  c: |\n    - d\n'],
    ],
    ['in an empty list', `${head}items: []\n`, []],
    ['in an absent list', `${head}items:\nfunctionConfig:\n  a: b\n`, []],
    ['in a missing list', head, []],
  ])('%s', (_name, text, items) => {
    expect(itemsIn(text)).toEqual(items)
  })
})

describe('other documents are known by their kind', () => {
  test.each([
    'kind: ConfigMap\ndata: ResourceList\n',
    'apiVersion: v1\n',
    '# a\n---\napiVersion: apps/v1\nkind: ResourceList\n',
  ])('%j', text => {
    expect(itemsIn(text)).toBe('other')
  })
})

describe('left to a parser', () => {
  test.each([
    ['flow items', `${head}items: [a]\n`],
    ['JSON', '{"kind": "ResourceList"}'],
    ['a tagged key', `${head}!!str items:\n- a\n`],
    ['quoted keys', `${head}"items":\n- a\n`],
    ['a key twice', `${head}items:\n- a\nitems:\n- b\n`],
    ['another document', `${head}items:\n- a\n---\nb: c\n`],
    ['something after its end', `${head}items:\n- a\n...\nb: c\n`],
    ['lines in the first column that are not keys', `${head}items:\n- a\nb\n`],
    ['a line between the columns', `${head}items:\n  - a\n - b\n`],
    ['an indented line that is not an item', `${head}items:\n  - a\n  b\n`],
    ['dashes in two columns', `${head}items:\n  - a\n- b\n`],
    ['dashes far to the right', `${head}items:\n${' '.repeat(33)}- a\n`],
    ['a tab', `${head}items:\n-\ta\n`],
    ['items that are a mapping', `${head}items:\n  a: b\n`],
    ['an anchored kind', 'apiVersion: config.kubernetes.io/v1\nkind: &a ResourceList\n'],
    [
      'a kind over two lines',
      'apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n  a\nitems:\n- b\n',
    ],
    ['an indented document', '  kind: ResourceList\n'],
    ['a directive', `%YAML 1.2\n---\n${head}`],
    ['an alias that leads out of its item', `${head}items:\n- &a b\n- *a\n`],
    ['nothing that identifies it', 'items:\n- a\n'],
    ['no input', ''],
  ])('%s', (_name, text) => {
    expect(itemsIn(text)).toBeUndefined()
  })
})
