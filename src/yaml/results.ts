import { formatSequence } from './block-format.ts'
import type { Edit } from './edits.ts'
import { editFlowMapping, flowSpacing } from './flow-mapping.ts'
import type { BlockListLayout, FlowListLayout, ResourceListOutline } from './outline.ts'
import { lineBreakAt, lineStart } from './position.ts'
import { quote } from './scalar.ts'
import { entryOf, textOf } from './value.ts'

/** The edits that make `results` the last key of the ResourceList, in its syntax and line ends; those that stood there go. None: no key. */
export function replaceResults(outline: ResourceListOutline, results: Iterable<object>): Edit[] {
  const { bytes, layout } = outline
  return layout.flow ? flowResults(bytes, layout, [...results]) : blockResults(bytes, layout, results)
}

function blockResults(bytes: Buffer, { indent, itemIndent, results: old, end }: BlockListLayout, results: Iterable<object>): Edit[] {
  const lineBreak = lineBreakAt(bytes, lineStart(bytes, end))
  const inPlace = old !== undefined && old.end >= end
  const needsBreak = end > 0 && bytes[end - 1] !== 10 && !inPlace
  const none = results[Symbol.iterator]().next().done === true
  const text = none ? '' : pieces(needsBreak ? lineBreak : '', formatSequence('results', results, indent, itemIndent - indent, lineBreak))
  if (old === undefined) return none ? [] : [{ start: end, end, text }]
  if (inPlace) return [{ start: old.start, end: old.end, text }]
  return [{ start: old.start, end: old.end, text: '' }, ...(none ? [] : [{ start: end, end, text }])]
}

function* pieces(first: string, rest: Iterable<string>): Generator<string> {
  yield first
  yield* rest
}

function flowResults(bytes: Buffer, { tree, mapping }: FlowListLayout, results: readonly object[]): Edit[] {
  const old = mapping.entries.filter(({ key }) => key.kind === 'scalar' && textOf(tree, key) === 'results')
  if (results.length === 0 && old.length === 0) return []
  const { ownLines, separator } = flowSpacing(bytes, mapping)
  const margin = separator.replace(/^,/, '')
  const items = entryOf(tree, mapping, 'items')
  const unit = items && ownLines ? margin.replace(/^\r?\n/, '') : ''
  // JSON.stringify leaves no character that YAML could not read, but see `quote`
  const json = JSON.stringify(results, undefined, ownLines ? unit || '  ' : undefined).replace(/[\x7f-\x9f\u2028\u2029\ufeff]/g, found =>
    quote(found).slice(1, -1),
  )
  const value = ownLines ? json.replaceAll('\n', margin) : json
  return editFlowMapping(bytes, mapping, { insert: results.length === 0 ? [] : [['"results"', value]], remove: new Set(old) })
}
