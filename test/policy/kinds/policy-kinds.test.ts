import { applyImagePolicies } from '../../../src/index.ts'
import { fieldsOf } from '../../../src/krm/fields.ts'
import { readChooser } from '../../../src/policy/choose-tag.ts'
import type { PolicyKind, TagKind } from '../../../src/policy/kinds/policy-kind.ts'
import { policyKinds } from '../../../src/policy/kinds/policy-kinds.ts'
import {
  config,
  deployment,
  fluxPolicy,
  image,
  imagesOf,
  kustomization,
  messagesOf,
  old,
  resourceList,
  stream,
  tagSource,
} from '../../fixtures/inline.ts'

/** A kind that Flux does not have: the longest value of at least `minimum` characters. */
const longest: TagKind<'minimum'> = {
  asks: 'tags',
  keys: ['minimum'],
  meaning: ({ minimum }) => ({ minimum: minimum ?? '0' }),
  read(spec) {
    const minimum = Number(spec.optionalString('minimum') ?? '0')
    if (Number.isNaN(minimum)) throw spec.error('BAD_FIELD', 'must be digits', 'minimum')
    return {
      superlative: 'the longest tag',
      countsBuilds: true,
      choose(candidates) {
        const [first] = candidates
          .filter(({ value }) => value.length >= minimum)
          .sort((a, b) => b.value.length - a.value.length)
        return first && { candidate: first, ties: [] }
      },
      compare: () => undefined,
      comparesAllTags: false,
      reject: ({ value }) => (value.length < minimum ? 'too short' : undefined),
      warnings: () => (minimum === 0 ? [{ key: 'minimum', problem: 'should be set' }] : []),
      remedy: (_candidates, showFilter) => `try \`${showFilter('.')}\``,
    }
  },
}

beforeAll(() => {
  ;(policyKinds as Map<string, PolicyKind>).set('longest', longest)
})
afterAll(() => {
  ;(policyKinds as Map<string, PolicyKind>).delete('longest')
})

type Inputs = readonly (readonly [string, (rule: object) => string])[]

const [repository, semverPolicy] = fluxPolicy('app', '1.x')
const web = deployment(old)
const forms: Inputs = [
  [
    'an ImagePolicy of Flux',
    rule =>
      stream(
        repository as object,
        {
          ...semverPolicy,
          spec: { imageRepositoryRef: { name: 'app' }, policy: { longest: rule } },
        },
        web,
      ),
  ],
  [
    'an inline policy',
    rule => stream(kustomization({ name: 'a', policy: { longest: rule }, oci: { image } }), web),
  ],
  [
    'spec.policies in the inline form',
    rule =>
      resourceList(
        [web],
        config({ policies: [{ name: 'a', policy: { longest: rule }, oci: { image } }] }),
      ),
  ],
  [
    "spec.policies in Flux's form",
    rule =>
      resourceList([web], config({ policies: [{ name: 'a', image, policy: { longest: rule } }] })),
  ],
]
const apply = (input: string) =>
  applyImagePolicies(input, { tagSource: tagSource(['v1', 'v1.22', 'v1.2']) })

describe.each(forms)('a kind that is added to the map works in %s', (_form, inputOf) => {
  test('its choice, its reason and its build number', async () => {
    const applied = await apply(inputOf({ minimum: '2' }))
    expect(messagesOf(applied, 'error')).toEqual([])
    expect(messagesOf(applied, 'warning')).toEqual([])
    expect(imagesOf(applied)).toEqual([`${image}:v1.22`])
    expect(messagesOf(applied, 'info').join('\n')).toContain('the longest tag')
    expect(applied.changes.map(({ path, after }) => [path, after])).toContainEqual([
      'metadata.annotations[fluxcd.io/build.number]',
      'v1.22',
    ])
  })

  test('its warnings', async () => {
    expect(messagesOf(await apply(inputOf({})), 'warning')).toEqual([
      expect.stringContaining('policy.longest.minimum: should be set'),
    ])
  })

  test.each([
    [{ minimum: 'x' }, 'policy.longest.minimum: must be digits'],
    [
      { minimun: '1' },
      'policy.longest.minimun: must be one of the known keys, got `minimun`; did you mean `minimum`?',
    ],
    [{ minimum: '9' }, '"v1.22" (too short)'],
    [{ minimum: '9' }, "'.'}`"],
  ])('its errors: %j', async (rule, message) => {
    const applied = await apply(inputOf(rule))
    expect(applied.exitCode).toBe(1)
    expect(messagesOf(applied, 'error').join('\n')).toContain(message)
  })
})

test('a policy without a kind is an error that names every kind', async () => {
  const entry = { name: 'a', policy: {}, oci: { image } }
  const applied = await apply(stream(kustomization(entry), web))
  expect(messagesOf(applied, 'error').join('\n')).toContain(
    'must have exactly one of `semver`, `alphabetical`, `numerical`, `digest`, `longest`; got none',
  )
  expect(() => readChooser(fieldsOf(undefined, { policy: {} }, 'spec'))).toThrow(
    'must have one of `semver`, `alphabetical`, `numerical`, `longest`; got none',
  )
})
