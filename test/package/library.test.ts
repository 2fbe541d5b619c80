import {
  type ApplyOptions,
  applyImagePolicies,
  FunctionError,
  recordedTags,
  type TagPolicy,
  type TagSource,
} from '../../src/index.ts'
import type { RuleSpec } from '../../src/policy/kinds/policy-kinds.ts'

const image = 'registry.example.com/web'
const pod = `apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: "${image}:v1.0.0"}]}\n`
const functionConfig = {
  policies: [{ name: 'web', image, policy: { semver: { range: '1.x' } } }],
}
const tagSource = recordedTags(new Map([[image, ['v1.0.0', 'v1.1.0']]]))

/** What a program in JavaScript can pass. */
const wrong = (value: unknown) => value as never

const circular: Record<string, unknown> = {}
circular.self = circular

test.each<[string, unknown, unknown, RegExp]>([
  ['no input', undefined, {}, /^`input` .* must be a string or a Uint8Array, got undefined$/],
  ['an array as input', [pod], {}, /^`input` .*, got an array$/],
  ['options that are null', pod, null, /^`options` .* must be an object, got null$/],
  [
    'a misspelt option',
    pod,
    { tagsource: tagSource },
    /^`options.tagsource` .* did you mean `tagSource`\?/,
  ],
  [
    'another mode',
    pod,
    { mode: 'chek' },
    /^`options.mode` .* must be 'apply' or 'check', got "chek"$/,
  ],
  [
    'a Map as tagSource',
    pod,
    { tagSource: new Map() },
    /^`options.tagSource` .* as what `recordedTags` returns/,
  ],
  [
    'a function as tagSource',
    pod,
    { tagSource: () => [] },
    /^`options.tagSource` .* got a function$/,
  ],
  [
    'an array as functionConfig',
    pod,
    { functionConfig: [] },
    /^`options.functionConfig` .* got an array$/,
  ],
  [
    'a functionConfig that is not JSON',
    pod,
    { functionConfig: circular },
    /^`options.functionConfig` .* JSON/,
  ],
  ['an object as policies', pod, { policies: {} }, /^`options.policies` .* must be an array/],
  [
    'a number among policies',
    pod,
    { policies: [{}, 1] },
    /^`options.policies\[1\]` .* got a number$/,
  ],
])('applyImagePolicies with %s throws BAD_ARGUMENT', async (_, input, options, message) => {
  await expect(applyImagePolicies(wrong(input), wrong(options))).rejects.toThrow(
    expect.objectContaining({
      name: 'FunctionError',
      code: 'BAD_ARGUMENT',
      message: expect.stringMatching(message),
    }),
  )
})

test.each([
  ['an object', { [image]: [] }, undefined],
  ['nothing', undefined, undefined],
  ['an object of digests', new Map(), { [image]: 'sha256:…' }],
])('recordedTags with %s throws BAD_ARGUMENT that shows how to make a Map', (_, tags, digests) => {
  expect(() => recordedTags(wrong(tags), wrong(digests))).toThrow(
    expect.objectContaining({
      code: 'BAD_ARGUMENT',
      message: expect.stringContaining('new Map(Object.entries(…))'),
    }),
  )
})

const errorsOf = async (options: ApplyOptions) => {
  const { results, exitCode, output } = await applyImagePolicies(pod, {
    functionConfig,
    ...options,
  })
  expect(output).toHaveLength(0)
  const errors = results.filter(({ tags }) => tags?.code !== undefined)
  return { exitCode, errors: errors.map(({ message, tags }) => `${tags?.code} ${message}`) }
}

test('without a tagSource, the error of the policy says what to pass', async () => {
  expect(await errorsOf({})).toEqual({
    exitCode: 1,
    errors: [
      expect.stringMatching(
        /^BAD_ARGUMENT ApplyImagePolicies image-policies \(functionConfig\) spec\.policies\[0\]\.image: .*`tagSource`.*`recordedTags\(.*`source: status`/,
      ),
    ],
  })
})

const broken: Record<string, [Partial<TagSource>, string]> = {
  'throws an Error': [
    {
      listTags: async () => {
        throw new TypeError('fetch failed')
      },
    },
    '`tagSource.listTags("registry.example.com/web")` threw: fetch failed',
  ],
  'throws before it returns a promise': [
    {
      listTags() {
        throw 'no tags'
      },
    },
    '`tagSource.listTags("registry.example.com/web")` threw: no tags',
  ],
  'returns no list': [
    { listTags: async () => wrong({ tags: [] }) },
    'must return a promise of an array of strings',
  ],
  'lists numbers': [
    { listTags: async () => wrong([1]) },
    'must return a promise of an array of strings',
  ],
  'has no digest': [
    { digestOf: async () => wrong(undefined) },
    '`tagSource.digestOf("registry.example.com/web", "v1.1.0")` must return a promise of a string',
  ],
}
test.each(Object.entries(broken))(
  'a tagSource that %s fails like a registry',
  async (_, [part, problem]) => {
    const given = {
      functionConfig: { ...functionConfig, digests: 'always' },
      tagSource: { ...tagSource, ...part },
    }
    expect(await errorsOf(given)).toEqual({
      exitCode: 3,
      errors: [expect.stringMatching(/^REGISTRY_FAILED .*spec\.policies\[0\]\.image: /)],
    })
    expect((await errorsOf(given)).errors[0]).toContain(problem)
  },
)

test('a FunctionError of a tagSource stays what it is', async () => {
  const listTags = async () => {
    throw new FunctionError('REGISTRY_DENIED', 'must have a login')
  }
  expect(await errorsOf({ tagSource: { ...tagSource, listTags } })).toEqual({
    exitCode: 3,
    errors: ['REGISTRY_DENIED must have a login'],
  })
})

test('the type of a policy has every rule and every key of the policies', () => {
  type Rules = TagPolicy['policy']
  type KeysOf<Spec> = {
    [Kind in keyof Spec]-?: `${Kind & string}.${keyof NonNullable<Spec[Kind]> & string}`
  }[keyof Spec]
  type Missing = Exclude<KeysOf<RuleSpec>, KeysOf<Rules>>
  const complete: [Missing] extends [never] ? true : Missing = true // checked by the compiler
  expect(complete).toBe(true)
})
