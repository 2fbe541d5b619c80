import { brokenInput } from '../parse/broken-input.ts'
import { readYaml } from '../parse/read-yaml.ts'
import type { ValueSpan } from '../parse/value-span.ts'
import { lineStart, nextLine } from '../position.ts'
import type { MappingNode, YamlTree } from '../tree/node.ts'
import { entryOf, textOf } from '../tree/value.ts'
import {
  type BlockListLayout,
  fastOutline,
  type ResourceListOutline,
} from './resource-list-outline.ts'
import type { Scan } from './scan.ts'
import { contentEnd, outlineStream } from './stream-outline.ts'
import { spansOf, type ValueSpans } from './value-spans.ts'

export type {
  BlockListLayout,
  FlowListLayout,
  ListLayout,
  ResourceListOutline,
} from './resource-list-outline.ts'

/** The shape of the input, and where its items are. */
export type Outline = StreamOutline | ResourceListOutline

export interface StreamOutline {
  readonly shape: 'stream'
  readonly bytes: Buffer
  /** The documents, in order. */
  readonly items: ValueSpans
}

/**
 * Finds the items of a ResourceList without parsing them, or parses the whole document if its
 * layout is unusual (JSON, flow, anchors). Any other input is a stream of documents. Throws
 * BAD_INPUT.
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

  const spanOf = (key: string): ValueSpan | undefined => {
    const value = entryOf(tree, root, key)?.value
    return value && { start: value.start, end: value.end, blank: 0, tree: { ...tree, root: value } }
  }
  const functionConfig = spanOf('functionConfig')
  const results = spanOf('results')
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
