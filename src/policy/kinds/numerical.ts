import { parseGoFloat } from '../go-float.ts'
import { showText } from '../show-text.ts'
import { orderMeaning, readOrder } from './order.ts'
import type { Candidate, TagKind } from './policy-kind.ts'

/**
 * `policy.numerical`: the candidate with the largest number (`order: asc`, the default) or the
 * smallest (`desc`).
 *
 * As in Flux, one value that is not a number fails the policy instead of being skipped, and of two
 * equal numbers the later one wins.
 * Source: fluxcd/image-reflector-controller v1.2.0, internal/policy/numerical.go.
 */
export const numerical: TagKind<'order'> = {
  asks: 'tags',
  keys: ['order'],
  meaning: orderMeaning,
  read(spec) {
    const order = readOrder(spec)

    return {
      superlative: order === 'ASC' ? 'the largest number' : 'the smallest number',
      countsBuilds: true,
      choose(candidates) {
        let best: { candidate: Candidate; number: number } | undefined
        let ties: Candidate[] = []
        let incomparable = false
        for (const candidate of candidates) {
          const number = parseGoFloat(candidate.value)
          if (number === undefined) {
            const error = spec.error(
              'NO_TAG_CHOSEN',
              `every value must be a number, got ${showText(candidate.value)} from tag ${showText(candidate.tag)}; ` +
                'narrow the pattern that lets tags in, or cut the number out with `extract`',
            )
            error.flux = `failed to parse invalid numeric value '${candidate.value}'`
            throw error
          }
          incomparable ||= Number.isNaN(number)
          // Flux skips what is worse instead of taking what is better: with NaN every comparison is
          // false, so NaN replaces and is replaced
          const isWorse =
            best !== undefined && (order === 'ASC' ? number < best.number : number > best.number)
          if (isWorse) continue
          if (best?.number === number) ties.push(best.candidate)
          else ties = []
          best = { candidate, number }
        }
        if (best === undefined) return undefined
        const winner = best.candidate
        return {
          candidate: winner,
          ties: incomparable ? candidates.filter(candidate => candidate !== winner) : ties,
        }
      },
      compare(a, b) {
        const difference = (parseGoFloat(a) ?? Number.NaN) - (parseGoFloat(b) ?? Number.NaN)
        if (Number.isNaN(difference)) return undefined
        return order === 'ASC' ? difference : -difference
      },
      comparesAllTags: false,
      reject: ({ value }) => (parseGoFloat(value) === undefined ? 'not a number' : undefined),
      warnings: () => [],
      remedy: () => undefined,
    }
  },
}
