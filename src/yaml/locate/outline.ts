import { brokenInput } from '../parse/broken-input.ts'
import { readYaml } from '../parse/read-yaml.ts'
import type { ValueSpan } from '../parse/value-span.ts'
import { lineStart, nextLine } from '../position.ts'
import type { MappingNode, YamlTree } from '../tree/node.ts'
import { entryOf, textOf } from '../tree/value.ts'
import { fastOutline } from './resource-list-outline.ts'
import type { Scan } from './scan.ts'
import { contentEnd, outlineStream } from './stream-outline.ts'
import { spansOf, type ValueSpans } from './value-spans.ts'

/** The shape of the input, and where its items stand. */
export type Outline = StreamOutline | ResourceListOutline

interface OutlineBase {
  readonly bytes: Buffer
  /** The documents of a stream, or the items of a ResourceList, in their order. */
  readonly items: ValueSpans
}

export interface StreamOutline extends OutlineBase {
  readonly shape: 'stream'
}

export interface ResourceListOutline extends OutlineBase {
  readonly shape: 'ResourceList'
  /** `config.kubernetes.io/v1` or another of that group. */
  readonly apiVersion: string
  readonly functionConfig?: ValueSpan
  /** Results that a function before this one has left. */
  readonly results?: ValueSpan
  readonly layout: ListLayout
}

/** How the ResourceList's own mapping is written: what `replaceResults` needs to know. */
export type ListLayout = BlockListLayout | FlowListLayout

export interface BlockListLayout {
  readonly flow: false
  /** Columns before the keys, and before the dashes of `items`. */
  readonly indent: number
  readonly itemIndent: number
  /** The lines of `results`, where it is there. */
  readonly results?: { readonly start: number; readonly end: number }
  /** Where another key can be put: before `...`, or the end of the bytes. */
  readonly end: number
}

export interface FlowListLayout {
  readonly flow: true
  readonly tree: YamlTree
  readonly mapping: MappingNode
}

/**
 * Finds the items of a ResourceList without parsing them, or parses the whole document where its layout is unusual (JSON, flow,
 * anchors); anything else is a stream of documents. Throws BAD_INPUT.
 */
export async function readOutline(
  scan: Scan,
  options: { readonly file?: string } = {},
): Promise<Outline> {
  const { bytes } = scan
  const fast = fastOutline(scan)
  if (fast && fast !== 'other') return fast
  const documents = outlineStream(scan)
  const stream: StreamOutline = { shape: 'stream', bytes, items: spansOf(documents) }
  const [first, second] = documents
  if (
    fast === 'other' ||
    !first ||
    !bytes.subarray(first.start, first.end).includes('ResourceList')
  )
    return stream
  const outline = await fullOutline(bytes, first, options)
  if (outline && second)
    throw brokenInput(
      bytes,
      second.start,
      'a ResourceList must be the only document of the input, found another',
      options.file,
    )
  return outline ?? stream
}

async function fullOutline(
  bytes: Buffer,
  document: ValueSpan,
  options: { readonly file?: string },
): Promise<ResourceListOutline | undefined> {
  const tree = await readYaml(bytes, document, options)
  const { root } = tree
  const text = (key: string) => {
    const value = entryOf(tree, root, key)?.value
    return value ? textOf(tree, value) : ''
  }
  const apiVersion = text('apiVersion')
  if (
    root?.kind !== 'mapping' ||
    text('kind') !== 'ResourceList' ||
    !apiVersion.startsWith('config.kubernetes.io/')
  )
    return undefined

  const partOf = (key: string): ValueSpan | undefined => {
    const value = entryOf(tree, root, key)?.value
    return value && { start: value.start, end: value.end, blank: 0, tree: { ...tree, root: value } }
  }
  const functionConfig = partOf('functionConfig')
  const results = partOf('results')
  const itemsValue = entryOf(tree, root, 'items')?.value
  const sequence = itemsValue?.kind === 'alias' ? itemsValue.to : itemsValue
  if (
    sequence &&
    sequence.kind !== 'sequence' &&
    (sequence.kind !== 'scalar' || textOf(tree, sequence) !== '')
  ) {
    throw brokenInput(
      bytes,
      sequence.start,
      '`items` of a ResourceList must be a sequence',
      options.file,
    )
  }
  const items =
    sequence?.kind === 'sequence'
      ? sequence.items.map(item => ({
          start: item.start,
          end: item.end,
          blank: 0,
          tree: { ...tree, root: item },
        }))
      : []
  return {
    shape: 'ResourceList',
    bytes,
    apiVersion,
    items: spansOf(items),
    ...(functionConfig ? { functionConfig } : {}),
    ...(results ? { results } : {}),
    layout: root.flow
      ? { flow: true, tree, mapping: root }
      : blockLayout(bytes, document, tree, root),
  }
}

function blockLayout(
  bytes: Buffer,
  document: ValueSpan,
  tree: YamlTree,
  root: MappingNode,
): BlockListLayout {
  const column = (offset: number) => offset - lineStart(bytes, offset)
  const indent = column(root.start)
  const items = entryOf(tree, root, 'items')?.value
  const results = entryOf(tree, root, 'results')
  return {
    flow: false,
    indent,
    itemIndent: items?.kind === 'sequence' && !items.flow ? column(items.start) : indent,
    ...(results
      ? {
          results: {
            start: lineStart(bytes, results.key.start),
            end: nextLine(bytes, results.value.end),
          },
        }
      : {}),
    end: contentEnd(bytes, document),
  }
}
