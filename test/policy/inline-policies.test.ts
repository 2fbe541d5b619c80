import { applyImagePolicies, recordedTags } from '../../src/index.ts'
import {
  config,
  deployment,
  image,
  imagesOf,
  inline,
  kustomization,
  listed,
  local,
  messagesOf,
  old,
  pin,
  range,
  resourceList,
  stable,
  stream,
  tagSource,
} from '../fixtures/inline.ts'

const semver = { semver: { range } }

describe('inline policies are found', () => {
  const web = deployment(`${image}:v1.2.3`)

  test.each([
    ['in an item', resourceList([kustomization(inline), web])],
    [
      'in the functionConfig itself, as kustomize sends it',
      resourceList([web], kustomization(inline)),
    ],
    [
      'once, if the functionConfig is an item too, as kpt sends it',
      resourceList(
        [kustomization(inline, {}, { ...local, 'config.kubernetes.io/path': 'p.yaml' }), web],
        kustomization(inline, {}, { ...local, 'config.kubernetes.io/path': 'p.yaml' }),
      ),
    ],
    ['in spec.policies, in this form', resourceList([web], config({ policies: [inline] }))],
    [
      "in spec.policies, in Flux's form",
      resourceList(
        [web],
        config({
          policies: [
            {
              name: 'my-app',
              namespace: 'shop',
              image,
              policy: semver,
              filterTags: { pattern: '^v' },
            },
          ],
        }),
      ),
    ],
    [
      'in a ConfigMap',
      resourceList([web], {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'c' },
        data: {
          policies: `[{name: a, policy: {semver: {range: "${range}"}}, oci: {image: ${image}}}]`,
        },
      }),
    ],
  ])('%s', async (_what, input) => {
    const applied = await applyImagePolicies(input, { tagSource: tagSource() })
    expect(messagesOf(applied, 'error')).toEqual([])
    expect(messagesOf(applied, 'warning')).toEqual([])
    expect(imagesOf(applied)).toEqual([`${image}:v1.2.4`])
    expect(
      applied.results.filter(({ message }) => message.includes('chose "v1.2.4"')),
    ).toHaveLength(1)
  })

  test('in the item, if the functionConfig is an item too', async () => {
    const older = { ...inline, policy: { semver: { range: '1.2.2' } } }
    const applied = await applyImagePolicies(
      resourceList([kustomization(inline), web], kustomization(older)),
      { tagSource: tagSource() },
    )
    expect(imagesOf(applied)).toEqual([`${image}:v1.2.4`])
  })

  test.each([
    [
      "an unknown key in Flux's form",
      { name: 'a', image, policy: semver, filterTag: {} },
      'spec.policies[0].filterTag: must be one of the known keys, got `filterTag`; did you mean `filterTags`?',
    ],
    [
      "no rule in Flux's form",
      { name: 'a', image, policy: {} },
      'spec.policies[0].policy: must have one of `semver`, `alphabetical`, `numerical`; got none',
    ],
    [
      "an image with a tag in Flux's form",
      { name: 'a', image: `${image}:v1`, policy: semver },
      "remove ':v1'",
    ],
    [
      'no name',
      { policy: semver, aws: { image } },
      'spec.policies[0].name: must be a non-empty string',
    ],
  ])('an error: %s', async (_what, policy, message) => {
    const applied = await applyImagePolicies(resourceList([web], config({ policies: [policy] })), {
      tagSource: tagSource(),
    })
    expect(applied.exitCode).toBe(1)
    expect(messagesOf(applied, 'error').join('\n')).toContain(message)
  })

  test('with digestReflectionPolicy, the digest is added', async () => {
    const source = recordedTags(new Map([[image, listed]]), new Map([[`${image}:v1.2.4`, stable]]))
    for (const policies of [
      [{ ...inline, digestReflectionPolicy: 'Always' }],
      [{ name: 'a', image, policy: semver, digestReflectionPolicy: 'Always' }],
    ]) {
      const applied = await applyImagePolicies(resourceList([web], config({ policies })), {
        tagSource: source,
      })
      expect(imagesOf(applied)).toEqual([`${image}:v1.2.4@${stable}`])
    }
  })
})

describe('a cluster refuses spec.imagePolicies', () => {
  const warning = "is not a field of Flux's Kustomization, so a cluster refuses the object"

  test('so an object that is not local-config triggers a warning', async () => {
    const applied = await applyImagePolicies(
      stream(kustomization(inline, {}, {}), deployment(`${image}:v1.2.3`)),
      {
        tagSource: tagSource(),
      },
    )
    expect(messagesOf(applied, 'warning').join('\n')).toContain(warning)
    expect(applied.exitCode).toBe(0)
  })

  test('with strict, an error', async () => {
    const applied = await applyImagePolicies(
      stream(kustomization(inline, {}, {}), deployment(`${image}:v1.2.3`)),
      {
        tagSource: tagSource(),
        functionConfig: config({ strict: true }),
      },
    )
    expect(messagesOf(applied, 'error').join('\n')).toContain(warning)
  })

  test('but what is only read is never emitted, so there is no warning', async () => {
    const applied = await applyImagePolicies(stream(deployment(`${image}:v1.2.3`)), {
      tagSource: tagSource(),
      policies: [kustomization(inline, {}, {})],
    })
    expect(messagesOf(applied, 'warning')).toEqual([])
    expect(imagesOf(applied)).toEqual([`${image}:v1.2.4`])
  })
})

test('a policy of the functionConfig has the namespace that it names', async () => {
  const named = (namespace: string, wanted: string) => ({
    name: 'a',
    namespace,
    image,
    policy: { semver: { range: wanted } },
  })
  const policies = [named('one', '1.2.3'), named('two', '1.2.4')]
  const governed = async (namespace: string) => {
    const bound = deployment(old, { annotations: { 'fluxcd.io/policy.app': `${namespace}:a` } })
    const { changes } = await applyImagePolicies(
      resourceList([bound], config({ policies, annotations: false })),
      {
        tagSource: tagSource(),
      },
    )
    return changes.map(({ policy, after }) => [policy, after])
  }
  expect(await governed('one')).toEqual([['one/a', `${image}:v1.2.3`]])
  expect(await governed('two')).toEqual([['two/a', `${image}:v1.2.4`]])
})

test('rules for tags beside a digest trigger a warning', async () => {
  const entry = {
    name: 'a',
    policy: { digest: { pin } },
    oci: { image, policy: { ignoreTags: ['x'] } },
  }
  const applied = await applyImagePolicies(stream(kustomization(entry), deployment(old)), {
    tagSource: tagSource(),
  })
  expect(imagesOf(applied)).toEqual([`${image}@${pin}`])
  expect(messagesOf(applied, 'warning')).toEqual([
    'Kustomization flux-system/apps spec.imagePolicies[0].policy.digest: does not read the list of tags, so its rules for tags have no effect: remove them',
  ])
})
