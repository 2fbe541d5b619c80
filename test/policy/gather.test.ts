import { applyImagePolicies, recordedTags } from '../../src/index.ts'
import { parseYamlText } from '../../src/krm/document.ts'
import { readFunctionConfig } from '../../src/krm/function-config.ts'
import { gatherPolicies } from '../../src/policy/gather.ts'
import { policyFilter } from '../../src/policy/use-policies.ts'
import { newProblems } from '../../src/problems.ts'
import { readResources } from '../fixtures/read-resources.ts'

const image = 'ghcr.io/acme/app'
const digest = `sha256:${'d'.repeat(64)}`
const tagSource = recordedTags(new Map([[image, ['1.0.0', '1.1.0', '1.2.0']]]))

const repository = (apiVersion: string, spec: object = {}) => ({
  apiVersion: `image.toolkit.fluxcd.io/${apiVersion}`,
  kind: 'ImageRepository',
  metadata: { name: 'app', namespace: 'flux-system' },
  spec: { image, interval: '5m', ...spec },
})

const policy = (
  apiVersion: string,
  { spec = {}, ...rest }: { spec?: object; status?: object; metadata?: object } = {},
) => ({
  apiVersion: `image.toolkit.fluxcd.io/${apiVersion}`,
  kind: 'ImagePolicy',
  ...rest,
  metadata: { name: 'app', namespace: 'flux-system', ...rest.metadata },
  spec: { imageRepositoryRef: { name: 'app' }, policy: { semver: { range: '1.x' } }, ...spec },
})

const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p' },
  spec: { containers: [{ name: 'app', image: `${image}:1.0.0` }] },
}

async function imageAfter(items: readonly object[], spec: object = {}) {
  const applied = await applyImagePolicies(
    [...items, pod].map(item => JSON.stringify(item)).join('\n---\n'),
    {
      tagSource,
      functionConfig: {
        apiVersion: 'fn.kpt.dev/v1alpha1',
        kind: 'ApplyImagePolicies',
        metadata: { name: 'c' },
        spec: { annotations: false, ...spec },
      },
    },
  )
  const messages = applied.results
    .filter(({ severity }) => severity !== 'info')
    .map(({ message }) => message)
  return {
    image: applied.changes[0]?.after?.slice(image.length),
    messages,
    results: applied.results,
  }
}

const latestRef = { name: image, tag: '1.1.0', digest }

test.each(['v1', 'v1beta2', 'v1beta1'])('objects of %s have the meaning of v1', async version => {
  expect(await imageAfter([repository(version), policy(version)])).toMatchObject({
    image: ':1.2.0',
    messages: [],
  })
})

describe('what Flux chose is read from', () => {
  test.each<readonly [string, string, object, string | undefined]>([
    ['latestRef', 'v1', { status: { latestRef } }, `:1.1.0@${digest}`],
    [
      'latestRef without digest',
      'v1beta2',
      { status: { latestRef: { name: image, tag: '1.1.0' } } },
      ':1.1.0',
    ],
    ['latestImage of v1beta1', 'v1beta1', { status: { latestImage: `${image}:1.1.0` } }, ':1.1.0'],
    [
      'latestImage with a digest',
      'v1beta2',
      { status: { latestImage: `${image}:1.1.0@${digest}` } },
      `:1.1.0@${digest}`,
    ],
    [
      'a status of this generation',
      'v1',
      { metadata: { generation: 2 }, status: { observedGeneration: 2, latestRef } },
      `:1.1.0@${digest}`,
    ],
    [
      'no status of an older generation',
      'v1',
      { metadata: { generation: 2 }, status: { observedGeneration: 1, latestRef } },
      undefined,
    ],
    [
      'no latestImage without tag',
      'v1beta1',
      { status: { latestImage: 'localhost:5000/app' } },
      undefined,
    ],
  ])('%s', async (_what, version, rest, expected) => {
    const spec = { digestReflectionPolicy: 'IfNotPresent' }
    expect(
      (
        await imageAfter([repository(version), policy(version, { spec, ...rest })], {
          source: 'status',
        })
      ).image,
    ).toBe(expected)
  })
})

describe('suspend keeps', () => {
  test.each<readonly [string, readonly object[], string | undefined]>([
    [
      'what the manifest has, for a policy',
      [repository('v1'), policy('v1', { spec: { suspend: true } })],
      undefined,
    ],
    [
      'what the manifest has, for a repository',
      [repository('v1', { suspend: true }), policy('v1')],
      undefined,
    ],
    [
      'what Flux chose last',
      [
        repository('v1'),
        policy('v1', {
          spec: { suspend: true },
          status: { latestRef: { name: image, tag: '1.1.0' } },
        }),
      ],
      ':1.1.0',
    ],
  ])('%s', async (_what, items, expected) => {
    const { image: after, messages } = await imageAfter(items)
    expect(after).toBe(expected)
    expect(messages).toEqual([])
  })
})

test('lint warnings are results, and errors with strict', async () => {
  const items = [
    repository('v1'),
    policy('v1', { spec: { policy: { semver: { range: '>=1.0.0' } } } }),
  ]
  const warning = 'ImagePolicy flux-system/app spec.policy.semver.range: has no upper bound'
  expect((await imageAfter(items)).results).toContainEqual(
    expect.objectContaining({ severity: 'warning', message: expect.stringContaining(warning) }),
  )
  expect((await imageAfter(items, { strict: true })).results).toContainEqual(
    expect.objectContaining({ severity: 'error', message: expect.stringContaining(warning) }),
  )
})

test('a policy of a repository with an error has no error of its own', async () => {
  const { messages } = await imageAfter([
    repository('v1', { image: 'https://x' }),
    policy('v1'),
    policy('v1', { metadata: { name: 'b' } }),
  ])
  expect(messages.filter(message => !message.startsWith('summary'))).toEqual([
    expect.stringContaining('ImageRepository flux-system/app spec.image: must be a repository'),
  ])
})

test('a repository that is not in the input is an error that names the closest one', async () => {
  const { messages } = await imageAfter([
    repository('v1'),
    policy('v1', { spec: { imageRepositoryRef: { name: 'ap' } } }),
  ])
  expect(messages).toContainEqual(
    'ImagePolicy flux-system/app spec.imageRepositoryRef.name: must name an ImageRepository of the input, got "flux-system/ap"; the closest one in the input is "flux-system/app"',
  )
})

describe('a value that aliases make too large is one error, and the other policies are read', () => {
  const bomb = [
    '{x: &a0 x',
    ...Array.from({ length: 9 }, (_, index) => {
      const aliases = Array(10).fill(`*a${index}`).join(', ')
      return `x${index}: &a${index + 1} [${aliases}]`
    }),
  ].join(', ')
  const flux = 'apiVersion: image.toolkit.fluxcd.io/v1'

  test.each([
    ['an ImageRepository', `${flux}\nkind: ImageRepository\nmetadata: {name: b}\nspec: ${bomb}}`],
    ['an ImagePolicy', `${flux}\nkind: ImagePolicy\nmetadata: {name: b}\nspec: ${bomb}}`],
    [
      'an ImageUpdateAutomation',
      `${flux}\nkind: ImageUpdateAutomation\nmetadata: {name: b}\nspec: ${bomb}}`,
    ],
    [
      'a Kustomization',
      `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: b}\nspec: ${bomb}}`,
    ],
  ])('%s', async (_what, yaml) => {
    const resources = await readResources(repository('v1'), policy('v1'), yaml)
    const problems = newProblems()
    const config = await readFunctionConfig(undefined, [], 'apply', parseYamlText, problems)
    const read = async () => resources
    const filter = policyFilter(config)
    const { policies } = await gatherPolicies(resources, config, undefined, read, filter, problems)
    expect(policies.map(({ id }) => id.current.name)).toEqual(['app'])
    expect(problems.errors.map(({ code, problem }) => [code, problem])).toEqual([
      ['BAD_INPUT', expect.stringContaining('aliases must not make the value larger')],
    ])
  })
})
