import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isMap, isScalar, isSeq, parseAllDocuments } from 'yaml'
import { applyImagePolicies, recordedTags } from '../../src/index.ts'
import { policyFor } from '../fixtures/apply.ts'

// Mutated manifests. Whatever the input: no exception, no partial output with exit code 0, and the
// output is the old tree with exactly the reported changes. FUZZ_SECONDS=60 in CI; FUZZ_SEED gives
// other cases.

const seconds = Number(process.env.FUZZ_SECONDS ?? 3)
const root = new URL('../..', import.meta.url).pathname
const image = 'registry.example.com/shop/web'

const policies = [
  policyFor(image, { name: 'web', policy: 'semver: {range: ">=1.0.0 <2.0.0"}' }),
  policyFor('registry.example.com/shop/report', {
    name: 'report',
    policy: 'numerical: {}',
    spec: 'filterTags: {pattern: "^build-(?P<n>[0-9]+)$", extract: "$n"}',
  }),
  policyFor('ghcr.io/acme/app', { name: 'app', policy: 'semver: {range: "*"}' }),
  policyFor('ghcr.io/acme/side', { name: 'side', policy: 'alphabetical: {}' }),
].join('---\n')
const tagSource = recordedTags(
  new Map([
    [image, ['v1.2.3', 'v1.3.0', 'v2.0.0']],
    ['registry.example.com/shop/report', ['build-41', 'build-42']],
    ['ghcr.io/acme/app', ['1.0.0', '1.1.0']],
    ['ghcr.io/acme/side', ['2.0.0', '2.1.0']],
  ]),
)

/** Real inputs, and small ones with the features that mutations should meet. */
const seeds: readonly string[] = [
  ...['pipe', 'kpt', 'kustomize', 'digest'].map(name =>
    readFileSync(join(root, 'examples', name, 'input.yaml'), 'utf8'),
  ),
  ...readdirSync(join(root, 'test/yaml/data')).map(name =>
    readFileSync(join(root, 'test/yaml/data', name), 'utf8'),
  ),
  `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, annotations: {fluxcd.io/tag.web: v1.2.3}}
spec:
  template:
    spec:
      containers:
      - &c {name: a, image: "${image}:v1.2.3"}
      - <<: *c
        name: b
      - name: c
        image: >-
          ${image}:v1.2.3 # {"$imagepolicy": "flux-system:web"}
      - name: d
        image: ${image}:v1.2.3 # {"$imagepolicy": "flux-system:web"}
---
images:
- name: ${image}
  newTag: v1.2.3
`,
]

/** Texts that mean something to YAML, to this program or to its readers. */
const tokens = [
  ...['\n', '\r\n', '\r', '\t', ' ', '  ', ': ', ':', '- ', '? ', '#', ' #', '|', '>-', '"', "'"],
  ...['&a ', '*a', '<<: ', '!!str ', '{', '}', '[', ']', ',', '---\n', '...\n', '%YAML 1.1\n'],
  ...['\\u0024', '\\x41', '\u0000', '\ufeff', '😀', '\u2028', 'null', '~', '1.20', '__proto__: '],
  ...[`${image}:v1.2.3`, 'image: ', 'containers:\n', 'kind: Secret\n', 'kind: List\nitems:\n'],
  ...['# {"$imagepolicy": "flux-system:web:tag"}', 'fluxcd.io/ignore: "true"\n', 'metadata:\n'],
]

/** A small generator of pseudo-random numbers, the same in every run (mulberry32). */
function random(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * below)
  }
}

function mutated(text: string, below: (limit: number) => number): string {
  let result = text
  for (let count = 1 + below(4); count > 0; count--) {
    const at = below(result.length + 1)
    const length = below(3) === 0 ? below(40) : below(4)
    const kind = below(4)
    const token = tokens[below(tokens.length)] ?? ''
    const [before, cut, after] = [
      result.slice(0, at),
      result.slice(at, at + length),
      result.slice(at + length),
    ]
    if (kind === 0) result = before + after
    else if (kind === 1) result = before + token + after
    else if (kind === 2) result = before + cut + cut + after
    else result = before + token + cut + after
  }
  return Buffer.from(result).toString() // half of a surrogate pair has no bytes in UTF-8
}

/** What every scalar of the documents says, by its path, duplicate keys and all. */
function textsOf(text: string): ReadonlyMap<string, string> | undefined {
  const found = new Map<string, string>()
  const documents = parseAllDocuments(text, {
    uniqueKeys: false,
    schema: 'failsafe',
    strict: false,
  })
  if (!Array.isArray(documents)) return found
  const visit = (node: unknown, path: string): void => {
    if (isMap(node))
      for (const [index, { key, value }] of node.items.entries()) {
        visit(key, `${path}/${index}?`)
        visit(value, `${path}/${index}`)
      }
    else if (isSeq(node))
      for (const [index, item] of node.items.entries()) visit(item, `${path}/${index}`)
    else if (isScalar(node)) found.set(path, String(node.source ?? node.value))
  }
  for (const [index, { contents, errors }] of documents.entries()) {
    if (errors.length > 0) return undefined
    visit(contents, `${index}`)
  }
  return found
}

/** Everything that a run must keep. Returns whether it changed something. */
async function checkRun(input: string): Promise<boolean> {
  const { output, changes, exitCode, results } = await applyImagePolicies(input, {
    policies,
    tagSource,
  })
  expect([0, 1, 2, 3]).toContain(exitCode)
  const text = Buffer.from(output).toString()
  const isList = text.includes('\nresults:') || text.includes('"results"')
  if (exitCode !== 0) {
    expect(changes).toEqual([])
    expect(isList || text === '').toBe(true)
    expect(results.some(({ severity }) => severity === 'error')).toBe(true)
    return false
  }
  expect(text.length).toBeGreaterThan(0)
  if (changes.length === 0 && !isList) expect(text).toBe(input)
  if (isList && input.includes('results')) return changes.length > 0
  const [before, after] = [textsOf(input), textsOf(text)]
  if (before === undefined) return changes.length > 0 // broken where no policy looks
  expect(after).toBeDefined()
  const news = new Set(changes.flatMap(({ after }) => after ?? []))
  const olds = new Set(changes.flatMap(({ before }) => before ?? []))
  for (const [path, value] of before) {
    const now = after?.get(path)
    if (now === value || now === undefined) continue
    // an annotation that is inserted moves others; a value that changed must be a reported one
    const isReported = olds.has(value) && news.has(now)
    if (!isReported) expect([...(after?.values() ?? [])]).toContain(value)
  }
  return changes.length > 0
}

test(
  'mutated manifests',
  async () => {
    const below = random(Number(process.env.FUZZ_SEED ?? 1))
    const end = Date.now() + seconds * 1000
    let [runs, changed] = [0, 0]
    do {
      const input = mutated(seeds[below(seeds.length)] ?? '', below)
      try {
        if (await checkRun(input)) changed++
      } catch (error) {
        throw new Error(`for the input ${JSON.stringify(input)}`, { cause: error })
      }
      runs++
    } while (Date.now() < end)
    expect(runs).toBeGreaterThan(20)
    expect(changed).toBeGreaterThan(runs / 20)
  },
  (seconds + 60) * 1000,
)
