import { compareBytes } from '../byte-order.ts'
import { showText } from '../show-text.ts'
import { orderMeaning, readOrder } from './order.ts'
import type { Candidate, RuleWarning, ShowFilter, TagKind } from './policy-kind.ts'

/**
 * `policy.alphabetical`: the value that comes last by its bytes (`order: asc`, the default) or
 * first (`desc`). `9` comes after `10`.
 * Source: fluxcd/image-reflector-controller v1.2.0, internal/policy/alphabetical.go.
 */
export const alphabetical: TagKind<'order'> = {
  asks: 'tags',
  keys: ['order'],
  meaning: orderMeaning,
  read(spec) {
    const isAscending = readOrder(spec) === 'ASC'
    const best = ([first, ...others]: readonly Candidate[]): Candidate | undefined => {
      let found = first
      for (const candidate of others) {
        const order = compareBytes(candidate.value, found?.value ?? '')
        if (isAscending ? order > 0 : order < 0) found = candidate
      }
      return found
    }

    return {
      superlative: isAscending
        ? 'the last in alphabetical order'
        : 'the first in alphabetical order',
      countsBuilds: false,
      choose(candidates) {
        const candidate = best(candidates)
        return candidate && { candidate, ties: [] } // values that differ are never equal
      },
      compare: (a, b) => (isAscending ? compareBytes(a, b) : compareBytes(b, a)),
      comparesAllTags: false,
      reject: () => undefined,
      warnings(candidatesOf, showFilter) {
        const candidates = candidatesOf()
        return [
          ...unequalNumbers(candidates),
          ...wordAmongVersions(best(candidates), candidates, showFilter),
        ]
      },
      remedy: () => undefined,
    }
  },
}

/** `build-9` and `build-10` differ in the length of a number alone, and `9` comes after `10`. */
function unequalNumbers(candidates: readonly Candidate[]): readonly RuleWarning[] {
  const shapes = new Map<string, { readonly value: string; readonly lengths: string }>()
  for (const { value } of candidates) {
    const parts = value.split(/([^0-9A-Za-z]+)/)
    const numbers = parts.filter(part => /^v?[0-9]+$/.test(part))
    const shape = parts.map(part => part.replace(/^(v?)[0-9]+$/, '$1#')).join('')
    const lengths = numbers.map(number => number.length).join()
    const other = shapes.get(shape)
    if (other === undefined) shapes.set(shape, { value, lengths })
    else if (other.lengths !== lengths) {
      const problem =
        `compares characters, not numbers, and ${showText(other.value)} and ${showText(value)} have numbers of different length: ` +
        'use `semver` for versions; for one number, cut it out with `extract` and use `numerical`'
      return [{ problem }]
    }
  }
  return []
}

const looksLikeVersionOrDate = /[0-9][._-][0-9]|[0-9]{6}/

/** `latest` comes after every version, since letters come after digits. */
function wordAmongVersions(
  chosen: Candidate | undefined,
  candidates: readonly Candidate[],
  showFilter: ShowFilter,
): readonly RuleWarning[] {
  if (chosen === undefined || /[0-9]/.test(chosen.value)) return []
  const other = candidates.find(({ value }) => looksLikeVersionOrDate.test(value))
  if (other === undefined) return []
  const start = other.tag.slice(0, other.tag.search(/[0-9]/)).replaceAll('.', '\\.')
  return [
    {
      problem: `chooses ${showText(chosen.tag)}, a word, although other tags look like versions or dates, such as ${showText(other.tag)}: let in only those, for example with \`${showFilter(`^${start}[0-9]`)}\``,
    },
  ]
}
