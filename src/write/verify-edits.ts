import { FunctionError } from '../errors.ts'
import { type FieldPath, formatPath } from '../field-path.ts'
import { placeOf, type Resource, type ResourceDocument } from '../krm/resource.ts'
import type { Problems } from '../problems.ts'
import { type Difference, differences, type PlacedEdit } from '../yaml/edit/differences.ts'
import type { Edit } from '../yaml/edit/splice.ts'
import { compareReadings } from '../yaml/parse/reading.ts'
import type { ValueSpan } from '../yaml/parse/value-span.ts'

/** The edits of one resource, and what must differ after them. */
export interface EditedResource {
  readonly resource: Resource
  readonly edits: readonly Edit[]
  readonly intended: readonly { readonly path: FieldPath; readonly text: string | undefined }[]
}

/**
 * Reads every edited item again, as it will be written: it must be the old one with exactly the
 * intended differences. Else the edit is wrong, and BAD_FIELD is reported: half a manifest, or
 * another one, is worse than none. Items that only the full parser reads are not read again.
 */
export function verifyEdits(edited: readonly EditedResource[], problems: Problems): void {
  for (const { document, span, resources } of itemsOf(edited)) {
    const [first] = resources
    if (first === undefined || isAsIntended(document, span, resources)) continue
    const must =
      'must be edited by hand: writing it would change something else, too; please report this layout as a bug'
    const [intended] = first.intended
    problems.fail(
      new FunctionError(
        'BAD_FIELD',
        must,
        placeOf(first.resource, formatPath(intended?.path ?? [])),
      ),
    )
  }
}

interface EditedItem {
  readonly document: ResourceDocument
  readonly span: ValueSpan
  readonly resources: EditedResource[]
}

/** The items with edits. Resources of one item (the elements of a List) follow each other. */
function* itemsOf(edited: readonly EditedResource[]): Generator<EditedItem> {
  let item: (EditedItem & { index: number }) | undefined
  for (const resource of edited) {
    const [edit] = resource.edits
    if (edit === undefined) continue
    const { document } = resource.resource
    const index = document.items.holding(edit.start, edit.end, item?.index ?? 0)
    if (item !== undefined && item.document === document && item.index === index)
      item.resources.push(resource)
    else {
      if (item !== undefined) yield item
      item = { document, index, span: document.items.at(index), resources: [resource] }
    }
  }
  if (item !== undefined) yield item
}

function isAsIntended(
  { bytes }: ResourceDocument,
  span: ValueSpan,
  resources: readonly EditedResource[],
): boolean {
  const { start, end, blank } = span
  const edits = resources.flatMap(({ edits }) => edits).sort((a, b) => a.start - b.start)
  const { text, placed } = edited(bytes, span, edits)
  const found = compareReadings(
    [bytes, { start, end, blank }],
    [text, { start: 0, end: text.length, blank }],
    (before, after) => differences(before, after, placed, start),
  )
  return found === 'unread' || (found !== undefined && areIntended(found, resources))
}

/** The item after its edits, which are given with their places in it. */
function edited(
  bytes: Buffer,
  { start, end }: ValueSpan,
  edits: readonly Edit[],
): { readonly text: Buffer; readonly placed: readonly PlacedEdit[] } {
  const pieces: Buffer[] = []
  const placed: PlacedEdit[] = []
  let position = start
  let length = 0
  const add = (piece: Buffer) => {
    pieces.push(piece)
    length += piece.length
  }
  for (const edit of edits) {
    add(bytes.subarray(position, edit.start))
    const newStart = length
    add(Buffer.from(typeof edit.text === 'string' ? edit.text : [...edit.text].join('')))
    placed.push({ start: edit.start, end: edit.end, newStart, newEnd: length })
    position = edit.end
  }
  add(bytes.subarray(position, end))
  return { text: Buffer.concat(pieces, length), placed }
}

/** Whether these are the intended differences, in any order. */
function areIntended(found: readonly Difference[], resources: readonly EditedResource[]): boolean {
  const left = new Map<string, Intended[]>()
  let count = 0
  for (const { intended } of resources)
    for (const one of intended) {
      const known = left.get(stepOf(one))
      if (known === undefined) left.set(stepOf(one), [one])
      else known.push(one)
      count++
    }
  // both are in the order of the bytes, as a rule
  for (const some of left.values()) some.reverse()
  return (
    found.length === count &&
    found.every(difference => {
      const known = left.get(stepOf(difference)) ?? []
      const index = known.findLastIndex(
        one => one.text === difference.text && leadsTo(one, difference),
      )
      if (index !== -1) known.splice(index, 1)
      return index !== -1
    })
  )
}

type Intended = EditedResource['intended'][number]

/** The last step of a path and the text: usually there is only one such difference. */
const stepOf = ({ path, text }: Intended) => `${path.at(-1)} ${text}`

/** Whether the paths are the same, except that the one of an element of a List begins there. */
function leadsTo({ path }: Intended, difference: Difference): boolean {
  const above = difference.path.length - path.length
  return (
    above >= 0 &&
    (above === 0 || typeof difference.path[above - 1] === 'number') &&
    path.every((step, index) => step === difference.path[above + index])
  )
}
