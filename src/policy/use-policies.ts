import { FunctionError } from '../errors.ts'
import type { FunctionConfig, Mode } from '../krm/function-config.ts'
import { nearest } from '../krm/nearest.ts'
import type { Problems } from '../problems.ts'
import type { ImagePolicy, PolicyId } from './image-policy.ts'

/**
 * What identifies a policy that takes no part in the run, so that what names it can be left alone.
 */
export type UnusedPolicy = Pick<ImagePolicy, 'id' | 'resource'>

/** Which policies take part in the run, by `usePolicies`. */
export interface PolicyFilter {
  /** Whether a policy takes part: a glob matches its original or its current name. */
  takes(id: PolicyId): boolean
  /**
   * Warns about globs that match none of the policies that were asked about. If that leaves a check
   * without any policy, it is an error, since the check would pass.
   */
  finish(mode: Mode, problems: Problems): void
}

type Setting = Pick<FunctionConfig, 'usePolicies' | 'resource' | 'fieldOf'>

/** The filter of the globs in `usePolicies`. */
export function policyFilter({ usePolicies: globs, resource, fieldOf }: Setting): PolicyFilter {
  if (globs.some(takesAll)) return { takes: () => true, finish: () => {} }
  const names = new Set<string>()
  const used = new Set<string>()
  return {
    takes({ original, current }) {
      const own = [original, current].map(({ namespace, name }) => `${namespace}/${name}`)
      for (const name of own) names.add(name)
      const matching = globs.filter(glob => own.some(name => matchesGlob(glob, name)))
      for (const glob of matching) used.add(glob)
      return matching.length > 0
    },
    finish(mode, problems) {
      const known = [...names]
      for (const [index, glob] of globs.entries()) {
        if (used.has(glob)) continue
        const closest = nearest(glob, known, problems.hints)
        const hint =
          closest === undefined
            ? `the input has ${known.length === 0 ? 'no policy' : 'other policies'}`
            : `the closest one is "${closest}"`
        const problem = `"${glob}" matches no policy (<namespace>/<name>); ${hint}`
        const place = { resource, field: fieldOf(`usePolicies[${index}]`) }
        if (mode === 'check' && used.size === 0)
          problems.fail(new FunctionError('BAD_FIELD', problem, place))
        else problems.warn(problem, place)
      }
    },
  }
}

const takesAll = (glob: string) => glob === '*' || glob === '**'

/**
 * Whether a glob matches a whole text: `*` stands for any characters but `/`, `**` for any. Takes
 * time in proportion to both lengths.
 */
export function matchesGlob(glob: string, text: string): boolean {
  /** Whether what was read of the glob matches so many characters of the text. */
  let reached = Array.from({ length: text.length + 1 }, (_, index) => index === 0)
  for (const token of glob.match(/\*+|[^*]/gs) ?? []) {
    const next: boolean[] = []
    for (let end = 0; end <= text.length; end++) {
      const last = text[end - 1]
      const isRepeated = next[end - 1] === true && (token !== '*' || last !== '/')
      const isWildcard = token.startsWith('*') && (reached[end] === true || isRepeated)
      next.push(isWildcard || (token === last && reached[end - 1] === true))
    }
    reached = next
  }
  return reached[text.length] === true
}
