import { FunctionError } from '../errors.ts'
import { type FieldPath, formatPath } from '../field-path.ts'
import { placeOf, type Resource, type ResourceDocument } from '../krm/resource.ts'
import type { Problems } from '../problems.ts'
import type { Change, Removal } from '../rewrite/change.ts'
import { editEntries } from '../yaml/edit/edit-entries.ts'
import { replaceScalar } from '../yaml/edit/format-scalar.ts'
import type { Edit } from '../yaml/edit/splice.ts'
import { isUsualInsertion } from '../yaml/edit/usual-insertion.ts'
import type { ScalarNode, ScalarStyle } from '../yaml/tree/node.ts'
import { nodeAt } from '../yaml/tree/value.ts'
import { type EditedResource, verifyEdits } from './verify-edits.ts'

type Intended = EditedResource['intended']

/** What one mapping gets and loses. */
interface MappingEdit {
  /** Where the mapping is; it may be missing. */
  readonly path: FieldPath
  readonly set: [key: string, text: string][]
  readonly remove: string[]
}

/**
 * Turns changes into byte edits of their documents: a scalar is replaced; what one mapping gets and
 * loses is one edit of it. Reports BAD_FIELD for a mapping that can't be edited alone.
 */
export function editsOf(
  changes: readonly Change[],
  removals: readonly Removal[],
  problems: Problems,
): ReadonlyMap<ResourceDocument, readonly Edit[]> {
  const edits = new Map<ResourceDocument, Edit[]>()
  const add = ({ document }: Resource, some: readonly Edit[]) => {
    const known = edits.get(document) ?? []
    for (const edit of some) known.push(edit)
    edits.set(document, known)
  }
  const edited: EditedResource[] = []
  const addAll = (resource: Resource, some: readonly Edit[], intended: Intended) => {
    add(resource, some)
    edited.push({ resource, edits: some, intended })
  }
  for (const own of runsOfResources(changes)) {
    const { resource } = own[0] as Change
    const intended = own
      .filter(({ before, after }) => before !== after)
      .map(({ path, after }) => ({ path, text: after }))
    problems.attempt(() => {
      const { edits, areUsual } = resourceEdits(resource, own)
      if (areUsual) add(resource, edits)
      else addAll(resource, edits, intended)
    })
  }
  for (const { resource, path } of removals)
    problems.attempt(() =>
      addAll(resource, removalEdits(resource, path), [{ path, text: undefined }]),
    )
  verifyEdits(edited, problems)
  return edits
}

/** The changes of one resource after another: they are next to each other. */
function* runsOfResources(changes: readonly Change[]): Generator<readonly Change[]> {
  for (let start = 0, end = 0; start < changes.length; start = end) {
    while (changes[end]?.resource === changes[start]?.resource) end++
    yield changes.slice(start, end)
  }
}

/**
 * `areUsual`: every edit replaces a text on one line where it is, or inserts lines into a mapping
 * that is written as usual, so nothing else can change.
 */
function resourceEdits(
  resource: Resource,
  changes: readonly Change[],
): { readonly edits: readonly Edit[]; readonly areUsual: boolean } {
  const edits: Edit[] = []
  const mappings = new Map<string, MappingEdit>()
  let areUsual = true
  for (const change of changes) {
    const inPlace = inPlaceEdit(change)
    const edit = inPlace ?? scalarEdit(change)
    if (edit === undefined) addTo(mappings, change)
    else {
      edits.push(edit)
      areUsual &&= inPlace !== undefined
    }
  }
  for (const mapping of mappings.values()) {
    const own = mappingEdits(resource, mapping)
    edits.push(...own)
    areUsual &&= isUsual(resource, mapping, own)
  }
  return { edits, areUsual }
}

/** The edit of a scalar whose text is in the bytes as it is. */
function inPlaceEdit({ resource, offset, before, after }: Change): Edit | undefined {
  if (before === undefined || after === undefined) return undefined
  const scalar = scalarAt(resource.document, offset, before)
  return scalar && replaceScalar(resource.document, scalar, after)
}

/** The edit of another scalar; undefined if a key is added or removed. */
function scalarEdit({ resource, path, after }: Change): Edit | undefined {
  if (after === undefined) return undefined
  const { tree, root } = resource.open()
  const node = nodeAt(tree, root, path)
  return node?.kind === 'scalar' ? replaceScalar(tree, node, after) : undefined
}

/** Adds a change to the edit of the mapping that holds its field. */
function addTo(mappings: Map<string, MappingEdit>, { path, after }: Change): void {
  const parent = path.slice(0, -1)
  const mapping = mappings.get(formatPath(parent)) ?? { path: parent, set: [], remove: [] }
  mappings.set(formatPath(parent), mapping)
  const key = String(path.at(-1))
  if (after === undefined) mapping.remove.push(key)
  else mapping.set.push([key, after])
}

/**
 * The scalar at an offset whose text is there as it is, plain or in quotes: so that its resource
 * need not be read again. Undefined if the bytes are anything else, such as an escape, a folded
 * line or a block scalar.
 */
function scalarAt(
  { bytes }: ResourceDocument,
  offset: number | undefined,
  text: string,
): ScalarNode | undefined {
  if (offset === undefined || !/^[!-&(-[\]-~]+$/.test(text)) return undefined
  const quote = bytes[offset] ?? 0
  const style = quoted.get(quote) ?? 'plain'
  const start = style === 'plain' ? offset : offset + 1
  const end = start + text.length
  if (bytes.toString('latin1', start, end) !== text) return undefined
  if (style === 'plain') return { kind: 'scalar', style, start, end }
  return bytes[end] === quote ? { kind: 'scalar', style, start: offset, end: end + 1 } : undefined
}

const quoted: ReadonlyMap<number, ScalarStyle> = new Map([
  [0x22, 'double'],
  [0x27, 'single'],
])

function mappingEdits(resource: Resource, { path, set, remove }: MappingEdit): readonly Edit[] {
  const { tree, root } = resource.open()
  // an element of a sequence must be there; keys below it can be added
  const depth = path.findLastIndex(step => typeof step === 'number') + 1
  const start = nodeAt(tree, root, path.slice(0, depth))
  const edits =
    start?.kind === 'mapping' &&
    editEntries(tree, start, path.slice(depth).map(String), { set, remove })
  if (edits) return edits
  const must =
    'must be a mapping of its own to be edited, not one that an alias or a merge key shares; write it out, or set `annotations: false`'
  throw new FunctionError('BAD_FIELD', must, placeOf(resource, formatPath(path)))
}

function isUsual(resource: Resource, { path }: MappingEdit, edits: readonly Edit[]): boolean {
  const { tree, root } = resource.open()
  const mapping = nodeAt(tree, root, path)
  return mapping?.kind === 'mapping' && isUsualInsertion(tree, mapping, edits)
}

function removalEdits(resource: Resource, path: readonly string[]): readonly Edit[] {
  const { tree, root } = resource.open()
  const [key = ''] = path.slice(-1)
  const edits = editEntries(tree, root, path.slice(0, -1), { remove: [key] })
  if (edits !== undefined && edits.length > 0) return edits
  const must =
    'must be in a mapping of its own to be removed, not in one that an alias or a merge key shares; write it out'
  throw new FunctionError('BAD_FIELD', must, placeOf(resource, formatPath(path)))
}
