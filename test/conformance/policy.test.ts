import { readFileSync } from 'node:fs'
import { FunctionError } from '../../src/errors.ts'
import { repositoryProblem } from '../../src/image/repository.ts'
import { chooseTag, scanTags, type TagPolicy } from '../../src/index.ts'
import { parseTagVersion } from '../../src/policy/version.ts'

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')

/** What `act` returns, or Flux's message if it fails. */
function outcome<T>(act: () => T): T | { readonly error: string | undefined } {
  try {
    return act()
  } catch (error) {
    if (error instanceof FunctionError) return { error: error.flux }
    throw error
  }
}

interface Golden {
  readonly request: TagPolicy & { readonly tags: readonly string[]; readonly scan: boolean }
  readonly response: { readonly tag?: string; readonly error?: string }
}

describe('answers of Flux 2.9', () => {
  const golden = read('flux-golden.jsonl')
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as Golden)

  test('the file is whole', () => expect(golden).toHaveLength(1500))

  test.each(golden.map(({ request, response }, index) => [index + 1, request, response] as const))(
    'line %i',
    (_line, request, { tag, error }) => {
      const { tags, scan, ...policy } = request
      const chosen = outcome(() => ({ tag: chooseTag(policy, scan ? scanTags(tags) : tags).tag }))
      expect({ request, ...chosen }).toEqual({
        request,
        ...(error === undefined ? { tag } : { error }),
      })
    },
  )
})

interface Case {
  readonly kind: string
  readonly name?: string
  readonly policy: TagPolicy['policy'] & { readonly pattern?: string }
  readonly filterTags: TagPolicy['filterTags']
  readonly exclusionList?: readonly string[]
  readonly tags: readonly string[]
  readonly scan?: boolean
  readonly image?: string
  readonly expected?: unknown
  readonly error?: true | string
  readonly possible?: readonly string[]
}

const sorted = (values: readonly string[]): readonly string[] => [...values].sort()

/** Chooses, takes the chosen tag away, and chooses again, until nothing is left to choose. */
function inOrder(policy: TagPolicy, tags: readonly string[]): readonly string[] {
  const chosen = outcome(() => chooseTag(policy, tags).tag)
  if (typeof chosen !== 'string') return []
  const at = tags.indexOf(chosen)
  return [chosen, ...inOrder(policy, [...tags.slice(0, at), ...tags.slice(at + 1)])]
}

const choose = ({ policy, filterTags = null, tags, scan }: Case): unknown =>
  outcome(() => chooseTag({ policy, filterTags }, scan ? scanTags(tags) : tags).tag)

/** The values that the policies see, each once. */
const values = ({ filterTags = null, tags }: Case): readonly string[] => {
  const policy: TagPolicy = { policy: { alphabetical: {} }, filterTags }
  return sorted([...new Set(inOrder(policy, tags).map(tag => chooseTag(policy, [tag]).value))])
}

/** For each kind of case, the answer of the public functions, to be compared with `expected`. */
const kinds: ReadonlyMap<string, (given: Case) => unknown> = new Map([
  ['ImagePolicy', choose],
  ['edge', choose],
  ['alphabetical-order', choose],
  ['numerical-order', choose],
  // reading a policy comes before looking at the tags
  ['semver-range', ({ policy }) => outcome(() => chooseTag({ policy }, []))],
  ['semver-check', given => choose({ ...given, scan: false })],
  ['sort', ({ policy, filterTags = null, tags }) => inOrder({ policy, filterTags }, tags)],
  ['filter', values],
  [
    'exclusionList',
    ({ tags, exclusionList }) => outcome(() => sorted(scanTags(tags, exclusionList))),
  ],
  ['latestTags', ({ tags }) => scanTags(tags).slice(0, 10)],
  ['parseVersion', ({ tags }) => parsed(tags[0] ?? '')],
  ['imageReference', ({ image = '' }) => repositoryProblem(image)],
])

function parsed(tag: string): unknown {
  const version = parseTagVersion(tag)
  return (
    version && {
      major: Number(version.major),
      minor: Number(version.minor),
      patch: Number(version.patch),
      pre: version.prerelease,
    }
  )
}

describe('cases from the tests of Flux and Masterminds', () => {
  const cases = JSON.parse(read('flux-policy-cases.json')) as readonly Case[]
  // Flux v1 orders by creation time, which a listing does not have: only its semver patterns are
  // read
  const evaluated = cases.filter(({ kind }) => kind !== 'fluxV1Pattern')

  test('the file is whole', () => expect([cases.length, evaluated.length]).toEqual([251, 242]))

  test.each(evaluated.map((given, index) => [index, given.kind, given.name ?? '', given] as const))(
    '%i %s %s',
    (_index, kind, _name, given) => {
      const answer = kinds.get(kind)?.(given)
      const { expected, error, tags } = given
      if (kind === 'semver-range' && error === undefined)
        expect(answer).toEqual({ error: 'no tags in database' })
      else if (kind === 'semver-check' && error === undefined)
        expect(answer === tags[0]).toBe(expected)
      else if (kind === 'parseVersion' && typeof expected === 'object')
        expect(expected).toMatchObject(answer as object)
      else if (kind === 'parseVersion') expect(answer !== undefined).toBe(error === undefined)
      else if (kind === 'imageReference') expect(answer !== undefined).toBe(error !== undefined)
      else if (typeof error === 'string')
        expect(answer).toEqual({ error: expect.stringContaining(error) })
      else if (error) expect(answer).toEqual({ error: expect.any(String) })
      else expect(answer).toEqual(expected)
    },
  )
})
