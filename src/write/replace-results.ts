import type { Result } from '../krm/result.ts'
import { editFlowMapping, flowSpacing } from '../yaml/edit/flow-mapping.ts'
import { quote } from '../yaml/edit/format-scalar.ts'
import type { Edit } from '../yaml/edit/splice.ts'
import type {
  BlockListLayout,
  FlowListLayout,
  ResourceListOutline,
} from '../yaml/locate/outline.ts'
import { lineBreakAt, lineStart } from '../yaml/position.ts'
import { entryOf, textOf } from '../yaml/tree/value.ts'
import { resultFormatter } from './format-result.ts'

/**
 * The edits that make `results` the last key of the ResourceList, in its syntax and line ends,
 * instead of any that it has. Without results there is no key.
 */
export function replaceResults(outline: ResourceListOutline, results: Iterable<Result>): Edit[] {
  const { bytes, layout } = outline
  return layout.flow
    ? flowResults(bytes, layout, [...results])
    : blockResults(bytes, layout, results)
}

function blockResults(bytes: Buffer, layout: BlockListLayout, results: Iterable<Result>): Edit[] {
  const { results: old, end } = layout
  const lineBreak = lineBreakAt(bytes, lineStart(bytes, end))
  const inPlace = old !== undefined && old.end >= end
  const needsBreak = end > 0 && bytes[end - 1] !== 10 && !inPlace
  const none = results[Symbol.iterator]().next().done === true
  const text = none ? '' : blockLines(results, layout, lineBreak, needsBreak)
  if (old === undefined) return none ? [] : [{ start: end, end, text }]
  if (inPlace) return [{ start: old.start, end: old.end, text }]
  return [
    { start: old.start, end: old.end, text: '' },
    ...(none ? [] : [{ start: end, end, text }]),
  ]
}

function* blockLines(
  results: Iterable<Result>,
  { indent, itemIndent }: BlockListLayout,
  lineBreak: string,
  needsBreak: boolean,
): Generator<string> {
  const line = lineBreak + ' '.repeat(itemIndent)
  const formatResult = resultFormatter()
  let text = `${needsBreak ? lineBreak : ''}${' '.repeat(indent)}results:`
  for (const result of results) {
    const lines = formatResult(result)
    text += line === '\n' ? lines : lines.replaceAll('\n', line)
    if (text.length < pieceSize) continue
    yield text
    text = ''
  }
  yield text + lineBreak
}

/** How much text is written at a time. */
const pieceSize = 1 << 14

function flowResults(
  bytes: Buffer,
  { tree, mapping }: FlowListLayout,
  results: readonly Result[],
): Edit[] {
  const old = mapping.entries.filter(
    ({ key }) => key.kind === 'scalar' && textOf(tree, key) === 'results',
  )
  if (results.length === 0 && old.length === 0) return []
  const { ownLines, separator } = flowSpacing(bytes, mapping)
  const margin = separator.replace(/^,/, '')
  const items = entryOf(tree, mapping, 'items')
  const unit = items && ownLines ? margin.replace(/^\r?\n/, '') : ''
  // JSON.stringify leaves no character that YAML could not read, but see `quote`
  const json = JSON.stringify(results, undefined, ownLines ? unit || '  ' : undefined).replace(
    /[\x7f-\x9f\u2028\u2029\ufeff]/g,
    found => quote(found).slice(1, -1),
  )
  const value = ownLines ? json.replaceAll('\n', margin) : json
  return editFlowMapping(bytes, mapping, {
    insert: results.length === 0 ? [] : [['"results"', value]],
    remove: new Set(old),
  })
}
