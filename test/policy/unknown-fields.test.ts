import { fluxFields, type KnownFields } from '../../src/policy/flux-fields.ts'
import { warnOfUnknownFields } from '../../src/policy/unknown-fields.ts'
import { newProblems } from '../../src/problems.ts'
import { readResources } from '../fixtures/read-resources.ts'

async function warningsOf(kind: string, version: string, spec: unknown) {
  const [resource] = await readResources({
    apiVersion: `image.toolkit.fluxcd.io/${version}`,
    kind,
    metadata: { name: 'a' },
    spec,
  })
  const problems = newProblems()
  if (resource !== undefined) warnOfUnknownFields(resource, problems)
  expect(problems.errors).toEqual([])
  return problems.notices.map(({ place, problem }) => `${place?.field} ${problem}`)
}

/** A `spec` with every field of the table. */
const complete = (known: KnownFields): object =>
  Object.fromEntries(
    Object.entries(known).map(([key, below]) => [
      key,
      below === 'any' ? 'x' : [complete(below), complete(below)],
    ]),
  )

const versions = [...fluxFields].flatMap(([kind, byVersion]) =>
  [...byVersion].map(([version, known]) => [kind, version, known] as const),
)

test.each(versions)('no field of %s %s is unknown', async (kind, version, known) => {
  expect(await warningsOf(kind, version, complete(known))).toEqual([])
})

test.each(versions)(
  'another field of %s %s is unknown, at any depth',
  async (kind, version, known) => {
    const mappings = Object.keys(known).filter(key => known[key] !== 'any')
    for (const key of mappings) {
      expect(await warningsOf(kind, version, { x: 1, [key]: { y: null } })).toEqual([
        expect.stringMatching(/^spec\.x is not a field of /),
        expect.stringContaining(`spec.${key}.y is not a field of ${kind}, so it has no effect`),
      ])
    }
  },
)

test.each([
  [
    'ImageUpdateAutomation',
    'v1',
    { update: { pth: './apps' } },
    'spec.update.pth is not a field of ImageUpdateAutomation, so it has no effect: did you mean `path`?',
  ],
  [
    'ImageUpdateAutomation',
    'v1beta1',
    { policySelector: { matchLabels: {} } },
    'spec.policySelector is not a field of ImageUpdateAutomation in v1beta1, so a cluster drops it: set `apiVersion: image.toolkit.fluxcd.io/v1`',
  ],
  [
    'ImageUpdateAutomation',
    'v1beta2',
    { policySelector: { matchExpressions: [{ key: 'a' }, { keys: 'a' }] } },
    'spec.policySelector.matchExpressions[1].keys is not a field of ImageUpdateAutomation, so it has no effect: did you mean `key`?',
  ],
  [
    'ImageRepository',
    'v1alpha2',
    { imag: 'x' },
    'spec.imag is not a field of ImageRepository, so it has no effect: did you mean `image`?',
  ],
  [
    'ImagePolicy',
    'v1',
    { constructor: 'x' },
    'spec.constructor is not a field of ImagePolicy, so it has no effect: did you mean `policy`?',
  ],
])('%s %s %j', async (kind, version, spec, warning) => {
  expect(await warningsOf(kind, version, spec)).toEqual([warning])
})

test.each([[null], ['text'], [[]], [7]])('a spec that is %j has no unknown fields', async spec => {
  expect(await warningsOf('ImagePolicy', 'v1', spec)).toEqual([])
})
