import { firstFrom } from '../offsets.ts'
import {
  afterIn,
  endIn,
  hasRecordIn,
  insideIn,
  isQuotedIn,
  kindIn,
  type Reading,
  startIn,
  targetIn,
  textIn,
  whatIn,
} from '../parse/reading.ts'
import { isPlainString } from './plain-string.ts'

/** A scalar that was set (added, or given another text), or an entry that was removed. */
export interface Difference {
  readonly path: readonly (string | number)[]
  /** Undefined: the entry was removed. */
  readonly text: string | undefined
}

/** An edit and the place of its text in the edited bytes. */
export interface PlacedEdit {
  readonly start: number
  readonly end: number
  readonly newStart: number
  readonly newEnd: number
}

/**
 * How a value differs from the one before these edits, which are in order. The edited bytes begin
 * with what was at the offset `origin`. Undefined if the value differs in anything but scalars that
 * were set and entries that were removed. Outside the edits the bytes are the same, so a node that
 * touches no edit needs only to begin and end at its place.
 */
export function differences(
  before: Reading,
  after: Reading,
  edits: readonly PlacedEdit[],
  origin: number,
): readonly Difference[] | undefined {
  const found: Difference[] = []
  const path: (string | number)[] = []

  // there may be very many edits, so each question is a binary search
  const ends = edits.map(({ end }) => end)
  const newEnds = edits.map(({ newEnd }) => newEnd)
  /** Where an offset that is in no edit is now. */
  const moved = (offset: number) => shifted(offset, edits[firstFrom(ends, offset + 1) - 1])
  /** The same for the end of a node: what is inserted there comes after it. */
  const movedEnd = (offset: number) => shifted(offset, edits[firstFrom(ends, offset) - 1])
  const shifted = (offset: number, last: PlacedEdit | undefined) =>
    offset + (last === undefined ? -origin : last.newEnd - last.end)
  const isTouched = (start: number, end: number) =>
    (edits[firstFrom(ends, start)]?.start ?? Infinity) <= end
  const isRemoved = (offset: number) =>
    (edits[firstFrom(ends, offset + 1)]?.start ?? Infinity) <= offset
  const isNew = (offset: number) =>
    (edits[firstFrom(newEnds, offset + 1)]?.newStart ?? Infinity) <= offset
  /** Where a node is now, whose text may be replaced. */
  const targetNow = (offset: number): number => {
    if (!isRemoved(offset)) return moved(offset)
    const edit = edits[firstFrom(ends, offset + 1)]
    return edit?.start === offset ? edit.newStart : -1
  }

  const isUnmoved = (old: number, node: number) =>
    whatIn(before, old) === whatIn(after, node) &&
    moved(startIn(before, old)) === startIn(after, node) &&
    movedEnd(endIn(before, old)) === endIn(after, node) &&
    afterIn(before, old) - old === afterIn(after, node) - node

  /** Whether a node touches no edit and is where it was. */
  const isSameNode = (old: number, node: number) =>
    isUnmoved(old, node) && !isTouched(startIn(before, old), endIn(before, old))

  /** Compares two nodes. */
  const compare = (old: number, node: number): boolean => {
    if (isSameNode(old, node)) return true
    const [oldKind, kind] = [kindIn(before, old), kindIn(after, node)]
    if (hasRecordIn(before, old) !== hasRecordIn(after, node) && oldKind !== 'alias') return false
    // where aliases lead is compared at the end
    if (oldKind === 'alias' && kind === 'alias') return isUnmoved(old, node)
    if (oldKind === 'mapping' && kind === 'mapping') return compareMappings(old, node)
    if (oldKind === 'sequence' && kind === 'sequence') return compareSequences(old, node)
    if (kind === 'scalar' && (oldKind === 'scalar' || oldKind === 'alias')) {
      const isSame =
        oldKind === 'scalar' &&
        textIn(before, old) === textIn(after, node) &&
        isQuotedIn(before, old) === isQuotedIn(after, node)
      return isSame || set(node)
    }
    // an absent value gets entries
    return (
      oldKind === 'scalar' &&
      /^(?:|~|null)$/i.test(textIn(before, old)) &&
      isNew(startIn(after, node)) &&
      add(node)
    )
  }

  const set = (node: number): boolean => {
    const text = textIn(after, node)
    found.push({ path: [...path], text })
    return isQuotedIn(after, node) || isPlainString(text)
  }

  /** Everything in a new value was added: mappings and strings. */
  const add = (node: number): boolean => {
    if (kindIn(after, node) === 'scalar') return set(node)
    if (kindIn(after, node) !== 'mapping') return false
    for (let key = insideIn(after, node); key < afterIn(after, node); ) {
      const value = afterIn(after, key)
      if (!at(textIn(after, key), () => add(value))) return false
      key = afterIn(after, value)
    }
    return true
  }

  const at = (step: string | number, look: () => boolean): boolean => {
    path.push(step)
    const isExpected = look()
    path.pop()
    return isExpected
  }

  const compareMappings = (old: number, node: number): boolean => {
    let [oldKey, key] = [insideIn(before, old), insideIn(after, node)]
    const [oldEnd, end] = [afterIn(before, old), afterIn(after, node)]
    const removed = new Set<string>()
    while (oldKey < oldEnd || key < end) {
      const oldValue = oldKey < oldEnd ? afterIn(before, oldKey) : 0
      const value = key < end ? afterIn(after, key) : 0
      if (oldKey < oldEnd && isRemoved(startIn(before, oldKey))) {
        removed.add(textIn(before, oldKey)) // duplicates are removed together
        oldKey = afterIn(before, oldValue)
      } else if (key < end && isNew(startIn(after, key))) {
        if (!at(textIn(after, key), () => add(value))) return false
        key = afterIn(after, value)
      } else {
        if (oldKey >= oldEnd || key >= end || !isSameKey(oldKey, key)) return false
        const isSame =
          isSameNode(oldValue, value) || at(textIn(before, oldKey), () => compare(oldValue, value))
        if (!isSame) return false
        oldKey = afterIn(before, oldValue)
        key = afterIn(after, value)
      }
    }
    for (const key of removed) found.push({ path: [...path, key], text: undefined })
    return true
  }

  const isSameKey = (oldKey: number, key: number): boolean =>
    isUnmoved(oldKey, key) ||
    (kindIn(before, oldKey) === 'scalar' &&
      whatIn(before, oldKey) === whatIn(after, key) &&
      textIn(before, oldKey) === textIn(after, key))

  const compareSequences = (old: number, node: number): boolean => {
    let [oldItem, item] = [insideIn(before, old), insideIn(after, node)]
    const [oldEnd, end] = [afterIn(before, old), afterIn(after, node)]
    for (let index = 0; oldItem < oldEnd && item < end; index++) {
      const [from, to] = [oldItem, item]
      if (!at(index, () => compare(from, to))) return false
      oldItem = afterIn(before, from)
      item = afterIn(after, to)
    }
    return oldItem === oldEnd && item === end
  }

  /** Every alias that is still there leads to the same node. */
  const haveSameTargets = (): boolean => {
    const targets = (reading: Reading) => {
      const all: { start: number; target: number }[] = []
      for (let node = 0; node < reading.count; node += hasRecordIn(reading, node) ? 2 : 1)
        if (kindIn(reading, node) === 'alias')
          all.push({
            start: startIn(reading, node),
            target: startIn(reading, targetIn(reading, node)),
          })
      return all
    }
    const kept = targets(before).filter(({ start }) => !isRemoved(start))
    const now = targets(after)
    return (
      kept.length === now.length &&
      kept.every(({ start, target }, index) => {
        const other = now[index]
        return other?.start === moved(start) && other.target === targetNow(target)
      })
    )
  }

  if (before.count === 0 || after.count === 0) return undefined
  const isExpected =
    compare(0, 0) && (!(before.hasAliases || after.hasAliases) || haveSameTargets())
  return isExpected ? found : undefined
}
