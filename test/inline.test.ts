import { applyImagePolicies, recordedTags } from '../src/index.ts'

const image = 'my-registry.com/my-app'
const pin = `sha256:${'a'.repeat(64)}`
const stable = `sha256:${'b'.repeat(64)}`
const listed = [
  'latest',
  'stable',
  'v1.2.2',
  'v1.2.3',
  'v1.2.3-beta.1',
  'v1.2.3-rc.1',
  'v1.2.4',
  'v1.3.0-alpine',
  'v2.0.0',
  'build-9',
  'build-10',
]

const tagSource = (tags: readonly string[] = listed) =>
  recordedTags(
    new Map([[image, tags]]),
    new Map([
      [`${image}:${pin}`, pin],
      [`${image}:stable`, stable],
    ]),
  )

const local = { 'config.kubernetes.io/local-config': 'true' }

/** A Flux Kustomization with one inline policy. */
const kustomization = (entry: object, spec: object = {}, annotations: object = local) => ({
  apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
  kind: 'Kustomization',
  metadata: { name: 'apps', namespace: 'flux-system', annotations },
  spec: { ...spec, imagePolicies: [entry] },
})

const deployment = (from: string, metadata: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop', ...metadata },
  spec: { template: { spec: { containers: [{ name: 'app', image: from }] } } },
})

const stream = (...items: readonly object[]) =>
  items.map(item => JSON.stringify(item)).join('\n---\n')

const resourceList = (items: readonly object[], functionConfig?: object) =>
  JSON.stringify({
    apiVersion: 'config.kubernetes.io/v1',
    kind: 'ResourceList',
    items,
    ...(functionConfig && { functionConfig }),
  })

const at = (path: string) => ({ annotations: { 'config.kubernetes.io/path': path } })

type Applied = Awaited<ReturnType<typeof applyImagePolicies>>

const imagesOf = ({ changes }: Applied) =>
  changes.filter(({ path }) => path.endsWith('.image')).map(({ after }) => after)
const messagesOf = ({ results }: Applied, severity: 'error' | 'warning' | 'info') =>
  results
    .filter(result => result.severity === severity && !result.message.startsWith('summary'))
    .map(({ message }) => message)

/** The image that a Deployment at v1.2.2 gets by an inline policy. */
async function chosen(policy: object, rules: object | undefined, tags?: readonly string[]) {
  const applied = await applyImagePolicies(
    stream(
      kustomization({ name: 'my-app', policy, aws: { image, policy: rules } }),
      deployment(`${image}:v1.2.2`),
    ),
    {
      tagSource: tagSource(tags),
    },
  )
  return applied.exitCode === 0
    ? imagesOf(applied)[0]?.slice(image.length)
    : messagesOf(applied, 'error').join('\n')
}

const range = '>=1.2.3 <2.0.0'
const released = '^v[0-9]+\\.[0-9]+\\.[0-9]+$'

describe('an inline policy chooses', () => {
  test.each([
    ['by range, among all tags', { semver: { range } }, undefined, undefined, ':v1.2.4'],
    [
      'by range and identifier',
      { semver: { range, identifier: 'v' } },
      { tags: { regex: released, extract: '$0' } },
      undefined,
      ':v1.2.4',
    ],
    [
      'by range, an identifier beside the rule',
      { semver: { range }, identifier: 'v' },
      undefined,
      undefined,
      ':v1.2.4',
    ],
    [
      'only tags with the identifier',
      { semver: { range, identifier: 'app-' } },
      undefined,
      ['1.2.9', 'app-1.2.4', 'app-1.2.3'],
      ':app-1.2.4',
    ],
    [
      'by an identifier that is no regexp',
      { semver: { range, identifier: 'a.' } },
      undefined,
      ['ab1.2.4', 'a.1.2.3'],
      ':a.1.2.3',
    ],
    [
      'after extract, where the value has no identifier any more',
      { semver: { range, identifier: 'app-' } },
      { tags: { regex: '^app-(.*)$', extract: '$1' } },
      ['app-1.2.3', 'app-1.2.4'],
      ':app-1.2.4',
    ],
    [
      'after extract, where the value still begins with the identifier',
      { semver: { range, identifier: 'app-' } },
      { tags: { regex: '^(app-.*)_x$', extract: '$1' } },
      ['app-1.2.3_x', 'app-1.2.4_x'],
      ':app-1.2.4_x',
    ],
    [
      'by number',
      { numerical: { order: 'asc' } },
      { tags: { regex: '^build-(?P<n>[0-9]+)$', extract: '$n' } },
      undefined,
      ':build-10',
    ],
    [
      'by number after an identifier',
      { numerical: { identifier: 'build-' } },
      undefined,
      undefined,
      ':build-10',
    ],
    [
      'by letters',
      { alphabetical: { order: 'desc' } },
      { tags: { regex: '^v' } },
      ['v1.2.4', 'v1.2.3', 'a'],
      ':v1.2.3',
    ],
    [
      'only what regex matches',
      { semver: { range } },
      { tags: { regex: '-alpine$' } },
      ['v1.2.4', 'v1.2.3-alpine'],
      'only pre-releases match',
    ],
    [
      'what allowTags alone lets in',
      { semver: { range } },
      { allowTags: ['^v1\\.2\\.3$'] },
      undefined,
      ':v1.2.3',
    ],
    [
      'what regex or allowTags lets in',
      { alphabetical: {} },
      { tags: { regex: '^v1' }, allowTags: ['^zebra$'] },
      ['v1.2.3', 'zebra', 'zoo'],
      ':zebra',
    ],
    [
      'allowTags under tags',
      { semver: { range } },
      { tags: { allowTags: ['^v1\\.2\\.3$'] } },
      undefined,
      ':v1.2.3',
    ],
    [
      'not what ignoreTags matches',
      { semver: { range } },
      { ignoreTags: ['^v1\\.2\\.4$'] },
      undefined,
      ':v1.2.3',
    ],
    [
      'ignoreTags under tags',
      { semver: { range } },
      { tags: { ignoreTags: ['^v1\\.2\\.4$'] } },
      undefined,
      ':v1.2.3',
    ],
    [
      'ignoreTags over regex and allowTags',
      { semver: { range } },
      { tags: { regex: released }, allowTags: ['^v1\\.2\\.4$'], ignoreTags: ['4$'] },
      undefined,
      ':v1.2.3',
    ],
    [
      'the whole tag where only allowTags lets it in',
      { alphabetical: {} },
      { tags: { regex: '^v1\\.(?P<rest>.*)$', extract: 'a$rest' }, allowTags: ['^b$'] },
      ['v1.9', 'b'],
      ':b',
    ],
    [
      'an allowed pre-release by its release',
      { semver: { range, identifier: 'v' } },
      { tags: { regex: released }, allowTags: ['^v1.2.3-rc.*$'], ignoreTags: ['^v1.2.3-beta.*$'] },
      ['v1.2.2', 'v1.2.3-rc.1', 'v1.2.3-beta.9'],
      ':v1.2.3-rc.1',
    ],
    [
      'the release before its allowed pre-release',
      { semver: { range, identifier: 'v' } },
      { tags: { regex: released }, allowTags: ['^v1.2.3-rc.*$'] },
      ['v1.2.3', 'v1.2.3-rc.1'],
      ':v1.2.3',
    ],
    [
      'the later of allowed pre-releases',
      { semver: { range } },
      { allowTags: ['-rc'] },
      ['v1.2.3-rc.2', 'v1.2.3-rc.10'],
      ':v1.2.3-rc.10',
    ],
    [
      'an allowed pre-release not below the range',
      { semver: { range: '>=1.2.3' } },
      { allowTags: ['-rc'] },
      ['v1.2.2-rc.1'],
      'outside the range',
    ],
    [
      'a pre-release that regex lets in as Flux does',
      { semver: { range } },
      { tags: { regex: '.' }, allowTags: ['-rc'] },
      ['v1.2.2', 'v1.2.4-rc.1', 'v1.2.3'],
      ':v1.2.3',
    ],
    [
      'nothing, with a hint at doubled backslashes',
      { semver: { range } },
      { tags: { regex: '^v\\\\d+' } },
      undefined,
      'YAML does not need `\\\\`',
    ],
    ['a pinned digest', { digest: { pin } }, undefined, undefined, `@${pin}`],
    ['a pinned digest as a string', { digest: pin }, undefined, undefined, `@${pin}`],
    [
      'a followed tag with its digest',
      { digest: { tag: 'stable' } },
      undefined,
      undefined,
      `:stable@${stable}`,
    ],
    [
      'no digest that the registry does not hold',
      { digest: `sha256:${'c'.repeat(64)}` },
      undefined,
      undefined,
      'no digest is recorded',
    ],
  ])('%s', async (_what, policy, rules, tags, expected) => {
    const got = await chosen(policy, rules, tags)
    if (/^[:@]/.test(expected)) expect(got).toBe(expected)
    else expect(got).toContain(expected)
  })

  test('the digest of a followed tag even where the functionConfig wants none', async () => {
    const items = [
      kustomization({ name: 'a', policy: { digest: { tag: 'stable' } }, oci: { image } }),
      deployment(image),
    ]
    const functionConfig = {
      apiVersion: 'fn.kpt.dev/v1alpha1',
      kind: 'ApplyImagePolicies',
      metadata: { name: 'a' },
      spec: { digests: 'never' },
    }
    expect(
      imagesOf(
        await applyImagePolicies(stream(...items), { tagSource: tagSource(), functionConfig }),
      ),
    ).toEqual([`${image}:stable@${stable}`])
  })

  test('a pin that another digest answers for is an error', async () => {
    const source = { ...tagSource(), digestOf: async () => stable }
    const items = [
      kustomization({ name: 'a', policy: { digest: { pin } }, oci: { image } }),
      deployment(image),
    ]
    const applied = await applyImagePolicies(stream(...items), { tagSource: source })
    expect(applied.exitCode).toBe(3)
    expect(messagesOf(applied, 'error')[0]).toContain('must be a digest that the registry holds')
  })
})

const semver = { semver: { range } }

describe('an inline policy must', () => {
  test.each([
    [
      'have one rule',
      { policy: {}, aws: { image } },
      'spec.imagePolicies[0].policy: must have exactly one of `semver`, `alphabetical`, `numerical`, `digest`; got none',
    ],
    [
      'have only one rule',
      { policy: { ...semver, numerical: {} }, aws: { image } },
      'got `semver` and `numerical`',
    ],
    [
      'have one provider block',
      { policy: semver },
      'spec.imagePolicies[0]: must have exactly one of `aws`, `gcr`, `azure`, `github`, `dockerhub`, `oci`; got none',
    ],
    [
      'have only one provider block',
      { policy: semver, aws: { image }, oci: { image } },
      'got `aws` and `oci`',
    ],
    ['have known keys', { policy: semver, was: { image } }, 'did you mean `aws`?'],
    [
      'have a known rule',
      { policy: { semvar: { range } }, aws: { image } },
      'did you mean `semver`?',
    ],
    [
      'have known keys in a rule',
      { policy: { semver: { rnage: range } }, aws: { image } },
      'did you mean `range`?',
    ],
    [
      'have known keys in its block',
      { policy: semver, aws: { image, polcy: {} } },
      'did you mean `policy`?',
    ],
    [
      'have known rules for tags',
      { policy: semver, aws: { image, policy: { ignoreTag: [] } } },
      'did you mean `ignoreTags`?',
    ],
    [
      'have known keys under tags',
      { policy: semver, aws: { image, policy: { tags: { pattern: 'v' } } } },
      'spec.imagePolicies[0].aws.policy.tags.pattern: must be one of the known keys',
    ],
    [
      'name an image',
      { policy: semver, aws: {} },
      'spec.imagePolicies[0].aws.image: must be a non-empty string',
    ],
    [
      'name an image without tag',
      { policy: semver, aws: { image: `${image}:v1` } },
      "remove ':v1'",
    ],
    [
      'have a regex beside extract',
      { policy: semver, aws: { image, policy: { tags: { extract: '$0' } } } },
      'must stand beside a `regex`',
    ],
    [
      'have valid regexps',
      { policy: semver, aws: { image, policy: { allowTags: ['v', '('] } } },
      'spec.imagePolicies[0].aws.policy.allowTags[1]: must be a regular expression',
    ],
    [
      'have few regexps',
      { policy: semver, aws: { image, policy: { ignoreTags: Array(26).fill('v') } } },
      'must hold at most 25 regular expressions',
    ],
    [
      'have a valid range',
      { policy: { semver: { range: '1,,2' } }, aws: { image } },
      'must be a version range',
    ],
    [
      'have one identifier',
      { policy: { semver: { range, identifier: 'v' }, identifier: 'w' }, aws: { image } },
      'must be the same as `semver.identifier`',
    ],
    [
      'pin a digest',
      { policy: { digest: 'stable' }, aws: { image } },
      'write `digest: {tag: stable}`',
    ],
    [
      'pin or follow',
      { policy: { digest: { pin, tag: 'stable' } }, aws: { image } },
      'must have exactly one of `pin`, `tag`; got `pin` and `tag`',
    ],
    [
      'follow a tag',
      { policy: { digest: { tag: '$(x)' } }, aws: { image } },
      'must be a tag, got "$(x)"',
    ],
  ])('%s', async (_what, entry, message) => {
    const applied = await applyImagePolicies(
      stream(kustomization({ name: 'my-app', ...entry }), deployment(`${image}:v1.2.2`)),
      {
        tagSource: tagSource(),
      },
    )
    expect(applied.exitCode).toBe(1)
    expect(applied.output).toHaveLength(0)
    expect(messagesOf(applied, 'error').join('\n')).toContain(message)
  })

  test('have a name', async () => {
    const applied = await applyImagePolicies(
      stream(kustomization({ policy: semver, aws: { image } })),
      { tagSource: tagSource() },
    )
    expect(messagesOf(applied, 'error')).toEqual([
      'Kustomization flux-system/apps spec.imagePolicies[0].name: must be a non-empty string, got nothing',
    ])
  })
})

describe('a provider block', () => {
  test.each([
    ['aws', 'aws'],
    ['gcr', 'gcr'],
    ['azure', 'azure'],
    ['github', 'github'],
    ['dockerhub', 'dockerhub'],
    ['oci', 'generic'],
  ])('%s only says where credentials come from, whatever the host', async (block, provider) => {
    const seen: unknown[] = []
    const source = {
      ...tagSource(),
      listTags: async (repository: string, access?: { readonly provider?: string }) => {
        seen.push([repository, access?.provider])
        return listed
      },
    }
    const applied = await applyImagePolicies(
      stream(
        kustomization({ name: 'a', policy: semver, [block]: { image } }),
        deployment(`${image}:v1.2.3`),
      ),
      { tagSource: source },
    )
    expect(imagesOf(applied)).toEqual([`${image}:v1.2.4`])
    expect(seen).toEqual([[image, provider]])
  })
})

const inline = { name: 'my-app', policy: { semver: { range, identifier: 'v' } }, aws: { image } }
const config = (spec: object) => ({
  apiVersion: 'fn.kpt.dev/v1alpha1',
  kind: 'ApplyImagePolicies',
  metadata: { name: 'config' },
  spec,
})

describe('inline policies are found', () => {
  const web = deployment(`${image}:v1.2.3`)

  test.each([
    ['in an item', resourceList([kustomization(inline), web])],
    [
      'in the functionConfig itself, as kustomize sends it',
      resourceList([web], kustomization(inline)),
    ],
    [
      'once, where kpt sends the functionConfig as an item too',
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

  test('of a functionConfig that is an item too, the item counts', async () => {
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
      'spec.policies[0].filterTag: must be one of the known keys; did you mean `filterTags`?',
    ],
    [
      "no rule in Flux's form",
      { name: 'a', image, policy: {} },
      'spec.policies[0].policy: must have one of semver, alphabetical, numerical',
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

  test('digestReflectionPolicy brings the digest', async () => {
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
  const warning = "is no field of Flux's Kustomization, so a cluster refuses the object"

  test('so an object that is not local-config is a warning', async () => {
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

  test('what is only read is not put out, so it needs no warning', async () => {
    const applied = await applyImagePolicies(stream(deployment(`${image}:v1.2.3`)), {
      tagSource: tagSource(),
      policies: [kustomization(inline, {}, {})],
    })
    expect(messagesOf(applied, 'warning')).toEqual([])
    expect(imagesOf(applied)).toEqual([`${image}:v1.2.4`])
  })

  const written = `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps, namespace: flux-system}
spec:
  interval: 5m # often
  imagePolicies:
    # our own app
    - name: my-app
      policy: {semver: {range: "${range}"}}
      oci: {image: ${image}}
  path: ./apps
---
${JSON.stringify(deployment(`${image}:v1.2.4`))}
`

  test('`inlinePolicies: strip` removes it, and nothing else', async () => {
    const functionConfig = config({ inlinePolicies: 'strip', annotations: false })
    const applied = await applyImagePolicies(written, { tagSource: tagSource(), functionConfig })
    expect(messagesOf(applied, 'warning')).toEqual([])
    expect(Buffer.from(applied.output).toString()).toBe(
      written.replace(/ {2}imagePolicies:.*?(?= {2}path)/s, ''),
    )
    const again = await applyImagePolicies(applied.output, {
      tagSource: tagSource(),
      functionConfig,
    })
    expect(Buffer.from(again.output)).toEqual(Buffer.from(applied.output))
  })

  test('by default it stays', async () => {
    const applied = await applyImagePolicies(written, {
      tagSource: tagSource(),
      functionConfig: config({ annotations: false }),
    })
    expect(Buffer.from(applied.output).toString()).toBe(written)
  })

  test('nothing is stripped of what is only read', async () => {
    const functionConfig = config({ inlinePolicies: 'strip', annotations: false })
    const input = stream(deployment(`${image}:v1.2.4`))
    const applied = await applyImagePolicies(input, {
      tagSource: tagSource(),
      functionConfig,
      policies: [kustomization(inline)],
    })
    expect(Buffer.from(applied.output).toString()).toBe(input)
  })

  test('where an alias shares the spec, it can not be stripped', async () => {
    const shared = written
      .replace('spec:\n', 'spec: &spec\n')
      .replace('\n---', '\nother: *spec\n---')
    const applied = await applyImagePolicies(shared, {
      tagSource: tagSource(),
      functionConfig: config({ inlinePolicies: 'strip' }),
    })
    expect(messagesOf(applied, 'error')).toEqual([
      'Kustomization flux-system/apps spec.imagePolicies: must stand in a mapping of its own to be removed, not in one that an alias or a merge key shares; write it out',
    ])
  })

  test('a check strips nothing', async () => {
    const applied = await applyImagePolicies(written, {
      tagSource: tagSource(),
      functionConfig: config({ inlinePolicies: 'strip', annotations: false }),
      mode: 'check',
    })
    expect(Buffer.from(applied.output).toString()).toBe(written)
    expect(applied.exitCode).toBe(0)
  })
})

/** An ImagePolicy of Flux and its repository. */
const fluxPolicy = (
  name: string,
  wanted: string,
  {
    namespace = 'flux-system',
    labels = {},
    ...annotated
  }: { namespace?: string; labels?: object; annotations?: object } = {},
) => [
  {
    apiVersion: 'image.toolkit.fluxcd.io/v1',
    kind: 'ImageRepository',
    metadata: { name, namespace },
    spec: { image, interval: '5m' },
  },
  {
    apiVersion: 'image.toolkit.fluxcd.io/v1',
    kind: 'ImagePolicy',
    metadata: { name, namespace, labels, ...annotated },
    spec: { imageRepositoryRef: { name }, policy: { semver: { range: wanted } } },
  },
]

const inlineAt = (path: string, wanted: string, name = 'my-app') => ({
  ...kustomization({ name, policy: { semver: { range: wanted } }, oci: { image } }, { path }),
  metadata: { name: `apps-${wanted}`, namespace: 'flux-system', annotations: local },
})

const automation = (path: string | undefined, spec: object = {}, namespace = 'flux-system') => ({
  apiVersion: 'image.toolkit.fluxcd.io/v1',
  kind: 'ImageUpdateAutomation',
  metadata: { name: 'auto', namespace },
  spec: { ...spec, update: { strategy: 'Setters', ...(path !== undefined && { path }) } },
})

const old = `${image}:v1.2.2`

describe('a policy governs', () => {
  test.each<readonly [string, readonly object[], readonly string[]]>([
    [
      'only what lies under the path of its Kustomization',
      [
        inlineAt('./overlays/prod', '1.2.3'),
        deployment(old, at('overlays/prod/web.yaml')),
        deployment(old, at('base/web.yaml')),
      ],
      [':v1.2.3'],
    ],
    [
      'no folder that only begins alike',
      [
        inlineAt('./overlays/prod', '1.2.3'),
        deployment(old, at('overlays/prod/a.yaml')),
        deployment(old, at('overlays/production/a.yaml')),
      ],
      [':v1.2.3'],
    ],
    [
      'in two overlays, each its own files',
      [
        inlineAt('./overlays/prod', '1.2.3'),
        inlineAt('overlays/staging/', '1.2.4'),
        deployment(old, at('overlays/prod/web.yaml')),
        deployment(old, at('overlays/staging/web.yaml')),
      ],
      [':v1.2.3', ':v1.2.4'],
    ],
    [
      'paths from a package, by dropping the fewest leading folders',
      [
        inlineAt('./clusters/overlays/prod', '1.2.3'),
        inlineAt('./clusters/overlays/staging', '1.2.4'),
        deployment(old, at('prod/web.yaml')),
        deployment(old, at('staging/web.yaml')),
      ],
      [':v1.2.3', ':v1.2.4'],
    ],
    [
      'everything in a package that is the folder',
      [inlineAt('./overlays/prod', '1.2.3'), deployment(old, at('web.yaml'))],
      [':v1.2.3'],
    ],
    [
      'not by dropping more where some item lies under a scope',
      [
        inlineAt('./overlays/prod', '1.2.3'),
        {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: 's', ...at('overlays/prod/s.yaml') },
        },
        deployment(old, at('web.yaml')),
      ],
      [],
    ],
    [
      'everything where no path is known',
      [inlineAt('./overlays/prod', '1.2.3'), deployment(old)],
      [':v1.2.3'],
    ],
    [
      'what kustomize says the origin of',
      [
        inlineAt('./prod', '1.2.3'),
        deployment(old, {
          annotations: { 'config.kubernetes.io/origin': 'path: prod/web.yaml\n' },
        }),
        deployment(old, {
          name: 'b',
          annotations: { 'config.kubernetes.io/origin': 'path: other/web.yaml\n' },
        }),
      ],
      [':v1.2.3'],
    ],
    [
      'what comes from outside, for its path is unknown',
      [
        inlineAt('./prod', '1.2.3'),
        deployment(old, {
          name: 'a',
          annotations: { 'config.kubernetes.io/origin': 'path: ../base/web.yaml\n' },
        }),
        deployment(old, {
          name: 'b',
          annotations: { 'config.kubernetes.io/origin': 'path: prod/web.yaml\n' },
        }),
      ],
      [':v1.2.3', ':v1.2.3'],
    ],
    [
      'what comes from another repository, for its path is unknown',
      [
        inlineAt('./prod', '1.2.3'),
        deployment(old, {
          name: 'a',
          annotations: { 'config.kubernetes.io/origin': 'repo: https://x\npath: else/web.yaml\n' },
        }),
        deployment(old, {
          name: 'b',
          annotations: { 'config.kubernetes.io/origin': 'path: prod/web.yaml\n' },
        }),
      ],
      [':v1.2.3', ':v1.2.3'],
    ],
    [
      'the narrowest scope first',
      [
        inlineAt('./apps', '1.2.3', 'wide'),
        inlineAt('./apps/web', '1.2.4', 'narrow'),
        deployment(old, at('apps/web/d.yaml')),
        deployment(old, at('apps/api/d.yaml')),
      ],
      [':v1.2.4', ':v1.2.3'],
    ],
    [
      'a scope before a Flux policy without',
      [
        ...fluxPolicy('app', '1.2.3'),
        inlineAt('./apps', '1.2.4'),
        deployment(old, at('apps/d.yaml')),
        deployment(old, at('d.yaml')),
      ],
      [':v1.2.4', ':v1.2.3'],
    ],
    [
      'everything, where no automation selects a Flux policy',
      [
        ...fluxPolicy('app', '1.2.3'),
        automation('./apps', {}, 'other'),
        deployment(old, at('apps/d.yaml')),
        deployment(old, at('d.yaml')),
      ],
      [':v1.2.3', ':v1.2.3'],
    ],
    [
      'only the path of the automation that carries it out',
      [
        ...fluxPolicy('app', '1.2.3'),
        automation('./apps'),
        deployment(old, at('apps/d.yaml')),
        deployment(old, at('d.yaml')),
      ],
      [':v1.2.3'],
    ],
    [
      'the whole repository, where the automation names no path',
      [
        ...fluxPolicy('app', '1.2.3'),
        automation(undefined),
        deployment(old, at('apps/d.yaml')),
        deployment(old, at('d.yaml')),
      ],
      [':v1.2.3', ':v1.2.3'],
    ],
    [
      'the paths of all automations that select it',
      [
        ...fluxPolicy('app', '1.2.3'),
        automation('./a'),
        automation('./b'),
        deployment(old, at('a/d.yaml')),
        deployment(old, at('b/d.yaml')),
        deployment(old, at('c/d.yaml')),
      ],
      [':v1.2.3', ':v1.2.3'],
    ],
    [
      'where an automation selects it by labels',
      [
        ...fluxPolicy('a', '1.2.3', { labels: { env: 'prod' } }),
        ...fluxPolicy('b', '1.2.4', { labels: { env: 'staging' } }),
        automation('./prod', { policySelector: { matchLabels: { env: 'prod' } } }),
        automation('./staging', {
          policySelector: {
            matchExpressions: [{ key: 'env', operator: 'In', values: ['staging'] }],
          },
        }),
        deployment(old, at('prod/d.yaml')),
        deployment(old, at('staging/d.yaml')),
      ],
      [':v1.2.3', ':v1.2.4'],
    ],
    [
      'by binding, of equal scopes',
      [
        ...fluxPolicy('a', '1.2.3'),
        ...fluxPolicy('b', '1.2.4'),
        deployment(old, { annotations: { 'fluxcd.io/policy.app': 'flux-system:b' } }),
      ],
      [':v1.2.4'],
    ],
    [
      'by scope before binding',
      [
        ...fluxPolicy('a', '1.2.3'),
        inlineAt('./apps', '1.2.4'),
        deployment(old, {
          annotations: {
            ...at('apps/d.yaml').annotations,
            'fluxcd.io/policy.app': 'flux-system:a',
          },
        }),
      ],
      [':v1.2.4'],
    ],
    [
      'by namespace, of equal scopes',
      [
        ...fluxPolicy('a', '1.2.3'),
        ...fluxPolicy('b', '1.2.4', { namespace: 'shop' }),
        deployment(old),
      ],
      [':v1.2.4'],
    ],
    [
      'by binding before namespace',
      [
        ...fluxPolicy('a', '1.2.3'),
        ...fluxPolicy('b', '1.2.4', { namespace: 'shop' }),
        deployment(old, { annotations: { 'fluxcd.io/policy.app': 'flux-system:a' } }),
      ],
      [':v1.2.3'],
    ],
    [
      'by the name before a host renamed it',
      [
        ...fluxPolicy('a', '1.2.3'),
        ...fluxPolicy('pre-b', '1.2.4', {
          annotations: { 'internal.config.kubernetes.io/previousNames': 'b' },
        }),
        deployment(old, { annotations: { 'fluxcd.io/policy.app': 'flux-system:b' } }),
      ],
      [':v1.2.4'],
    ],
  ])('%s', async (_what, items, expected) => {
    const applied = await applyImagePolicies(stream(...items), {
      tagSource: tagSource(),
      functionConfig: config({ annotations: false }),
    })
    expect(messagesOf(applied, 'error')).toEqual([])
    expect(imagesOf(applied)).toEqual(expected.map(tag => image + tag))
  })

  test('everything where no path is known, and says so', async () => {
    const applied = await applyImagePolicies(
      stream(inlineAt('./overlays/prod', '1.2.3'), deployment(old)),
      { tagSource: tagSource() },
    )
    expect(messagesOf(applied, 'info').join('\n')).toContain(
      'does not say in which files its items are, so none can be told to be outside "overlays/prod"',
    )
  })

  test.each<readonly [string, readonly object[], string, readonly string[]]>([
    [
      'several are left',
      [...fluxPolicy('a', '1.2.3'), ...fluxPolicy('b', '1.2.4'), deployment(old)],
      'AMBIGUOUS_POLICY',
      ['flux-system/a', 'flux-system/b', '`fluxcd.io/policy.app: <namespace>:<name>`'],
    ],
    [
      'a binding names none',
      [
        ...fluxPolicy('a', '1.2.3'),
        deployment(old, { annotations: { 'fluxcd.io/policy.app': 'flux-system:x' } }),
      ],
      'UNKNOWN_POLICY',
      ['"flux-system:x"', 'flux-system/a'],
    ],
    [
      'a binding names one out of scope',
      [
        inlineAt('./apps', '1.2.3'),
        deployment(old, at('apps/d.yaml')),
        deployment(old, {
          annotations: {
            ...at('b/d.yaml').annotations,
            'fluxcd.io/policy.app': 'flux-system:my-app',
          },
        }),
      ],
      'UNKNOWN_POLICY',
      ['in whose scope the workload lies'],
    ],
    [
      'two have one name and different meaning',
      [
        ...fluxPolicy('a', '1.2.3', { annotations: { 'config.kubernetes.io/path': 'one.yaml' } }),
        ...fluxPolicy('a', '1.2.4', { annotations: { 'config.kubernetes.io/path': 'two.yaml' } }),
        deployment(old, at('d.yaml')),
      ],
      'AMBIGUOUS_POLICY',
      ['one.yaml', 'two.yaml'],
    ],
    [
      'two inline ones have one name, one path and different meaning',
      [inlineAt('./apps', '1.2.3'), inlineAt('apps/', '1.2.4'), deployment(old, at('apps/d.yaml'))],
      'AMBIGUOUS_POLICY',
      ['must be the only policy of its name'],
    ],
  ])('an error where %s', async (_what, items, code, words) => {
    const applied = await applyImagePolicies(stream(...items), { tagSource: tagSource() })
    const errors = applied.results.filter(
      ({ severity, tags }) => severity === 'error' && tags?.code === code,
    )
    expect(errors).toHaveLength(1)
    for (const word of words) expect(errors[0]?.message).toContain(word)
    expect(applied.output).toHaveLength(0)
  })

  test('by scope before binding, and says so', async () => {
    const bound = deployment(old, {
      annotations: { ...at('apps/d.yaml').annotations, 'fluxcd.io/policy.app': 'flux-system:a' },
    })
    const applied = await applyImagePolicies(
      stream(...fluxPolicy('a', '1.2.3'), inlineAt('./apps', '1.2.4'), bound),
      {
        tagSource: tagSource(),
      },
    )
    expect(messagesOf(applied, 'warning')[0]).toContain(
      'is bound to "flux-system:a", but flux-system/my-app has a narrower scope',
    )
  })

  test('once, what is written twice with one meaning', async () => {
    const applied = await applyImagePolicies(
      stream(...fluxPolicy('a', '1.2.3'), ...fluxPolicy('a', '1.2.3'), deployment(old)),
      {
        tagSource: tagSource(),
      },
    )
    expect(imagesOf(applied)).toEqual([`${image}:v1.2.3`])
    expect(messagesOf(applied, 'warning')).toEqual([])
  })

  test('a marker, the policy of that name in whose scope it stands', async () => {
    const marked = (folder: string) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${folder}, annotations: {config.kubernetes.io/path: ${folder}/d.yaml}}
spec:
  template:
    spec:
      containers:
        - name: app
          image: ${old} # {"$imagepolicy": "flux-system:my-app"}
`
    const input = [
      JSON.stringify(inlineAt('./prod', '1.2.3')),
      JSON.stringify(inlineAt('./staging', '1.2.4')),
      marked('prod'),
      marked('staging'),
      marked('other'),
    ].join('\n---\n')
    const applied = await applyImagePolicies(input, { tagSource: tagSource() })
    expect(imagesOf(applied)).toEqual([`${image}:v1.2.3`, `${image}:v1.2.4`])
  })
})

test('a field of the functionConfig, the policy of that name in whose scope it stands', async () => {
  const release = (folder: string) => ({
    apiVersion: 'helm.toolkit.fluxcd.io/v2',
    kind: 'HelmRelease',
    metadata: { name: folder, ...at(`${folder}/release.yaml`) },
    spec: { values: { tag: 'v1.2.2' } },
  })
  const items = [
    inlineAt('./prod', '1.2.3'),
    inlineAt('./staging', '1.2.4'),
    release('prod'),
    release('staging'),
    release('other'),
  ]
  const fields = [
    { kind: 'HelmRelease', path: 'spec.values.tag', part: 'tag', policy: 'flux-system:my-app' },
  ]
  const applied = await applyImagePolicies(stream(...items), {
    tagSource: tagSource(),
    functionConfig: config({ targets: { fields } }),
  })
  expect(applied.changes.map(({ resource, after }) => [resource.name, after])).toEqual([
    ['prod', 'v1.2.3'],
    ['staging', 'v1.2.4'],
  ])
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

test('rules for tags beside a digest are a warning', async () => {
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
    'Kustomization flux-system/apps spec.imagePolicies[0].policy.digest: looks at no list of tags, so its rules for tags have no effect: remove them',
  ])
})

test('a policy that governs nothing is a warning that names the closest repository', async () => {
  const applied = await applyImagePolicies(
    stream(kustomization(inline), deployment('my-registry.com/my-ap:v1')),
    {
      tagSource: tagSource(),
    },
  )
  expect(messagesOf(applied, 'warning')).toEqual([
    'Kustomization flux-system/apps spec.imagePolicies[0]: governs nothing: no image of "my-registry.com/my-app" was found; the closest one seen is "my-registry.com/my-ap"',
  ])
})

describe('annotations of Flux v1', () => {
  const workload = (annotations: object, containers = [{ name: 'app', image: old }]) => ({
    ...deployment(old, { annotations }),
    spec: { template: { spec: { containers } } },
  })
  const automated = { 'fluxcd.io/automated': 'true' }

  test.each<readonly [string, object, readonly string[]]>([
    ['hold a policy by range', { ...automated, 'fluxcd.io/tag.app': 'semver:~1.2' }, [':v1.2.4']],
    [
      'have an older prefix',
      { 'flux.weave.works/automated': 'true', 'flux.weave.works/tag.app': 'semver:1.2.3' },
      [':v1.2.3'],
    ],
    [
      'have a prefix of their own for the tag',
      { ...automated, 'filter.fluxcd.io/app': 'semver:1.2.3' },
      [':v1.2.3'],
    ],
    ['must be automated', { 'fluxcd.io/tag.app': 'semver:~1.2' }, []],
    [
      'must be automated by "true"',
      { 'fluxcd.io/automated': 'yes', 'fluxcd.io/tag.app': 'semver:~1.2' },
      [],
    ],
    [
      'are vetoed by locked',
      { ...automated, 'fluxcd.io/locked': 'true', 'fluxcd.io/tag.app': 'glob:*' },
      [],
    ],
    [
      'are vetoed by ignore',
      { ...automated, 'fluxcd.io/ignore': 'true', 'fluxcd.io/tag.app': 'glob:*' },
      [],
    ],
    [
      'are not vetoed by sync_only',
      { ...automated, 'fluxcd.io/ignore': 'sync_only', 'fluxcd.io/tag.app': 'semver:1.2.3' },
      [':v1.2.3'],
    ],
    [
      'hold our output, where no word says a policy',
      { ...automated, 'fluxcd.io/tag.app': 'v1.2.2' },
      [],
    ],
  ])('%s', async (_what, annotations, expected) => {
    const applied = await applyImagePolicies(stream(workload(annotations)), {
      tagSource: tagSource(),
    })
    expect(messagesOf(applied, 'error')).toEqual([])
    expect(imagesOf(applied)).toEqual(expected.map(tag => image + tag))
  })

  test('govern only their container of their workload', async () => {
    const containers = [
      { name: 'app', image: old },
      { name: 'other', image: old },
    ]
    const annotated = workload({ ...automated, 'fluxcd.io/tag.app': 'semver:1.2.3' }, containers)
    const applied = await applyImagePolicies(stream(annotated, deployment(old, { name: 'b' })), {
      tagSource: tagSource(),
    })
    expect(
      applied.changes
        .filter(({ path }) => path.endsWith('.image'))
        .map(({ resource, path }) => [resource.name, path]),
    ).toEqual([['web', 'spec.template.spec.containers[0].image']])
  })

  test('come before every other policy', async () => {
    const applied = await applyImagePolicies(
      stream(
        ...fluxPolicy('a', '1.2.4'),
        workload({ ...automated, 'fluxcd.io/tag.app': 'semver:1.2.3' }),
        deployment(old, { name: 'b' }),
      ),
      { tagSource: tagSource() },
    )
    expect(imagesOf(applied)).toEqual([`${image}:v1.2.3`, `${image}:v1.2.4`])
  })

  test('are never overwritten', async () => {
    const applied = await applyImagePolicies(
      stream(
        workload({ ...automated, 'fluxcd.io/tag.my-app': 'semver:1.2.3' }, [
          { name: 'my-app', image: old },
        ]),
      ),
      { tagSource: tagSource() },
    )
    expect(Buffer.from(applied.output).toString()).toContain(
      '"fluxcd.io/tag.my-app":"semver:1.2.3"',
    )
    expect(messagesOf(applied, 'info').join('\n')).toContain(
      'holds a Flux v1 policy ("semver:1.2.3"), so the chosen tag "v1.2.3" is not written there',
    )
  })

  test.each([
    ['glob:v1.2.*', "filterTags: {pattern: '^v1\\.2\\..*$'}, policy: {alphabetical: {order: asc}}"],
    ['regex:^main-[0-9]+$', "filterTags: {pattern: '^main-[0-9]+$'}"],
    ['regexp:^main-[0-9]+$', "filterTags: {pattern: '^main-[0-9]+$'}"],
  ])('with %s are an error that shows the ImagePolicy', async (rule, spec) => {
    const applied = await applyImagePolicies(
      stream(workload({ ...automated, 'fluxcd.io/tag.app': rule })),
      { tagSource: tagSource() },
    )
    expect(applied.exitCode).toBe(1)
    const [message] = messagesOf(applied, 'error')
    expect(message).toContain(
      `Deployment shop/web metadata.annotations[fluxcd.io/tag.app]: must be "semver:<range>", got "${rule}"`,
    )
    expect(message).toContain(spec)
  })

  test('with a bad range are an error', async () => {
    const applied = await applyImagePolicies(
      stream(workload({ ...automated, 'fluxcd.io/tag.app': 'semver:x.y' })),
      {
        tagSource: tagSource(),
      },
    )
    expect(messagesOf(applied, 'error')[0]).toContain('must be a version range')
  })

  test('for no container are a warning', async () => {
    const applied = await applyImagePolicies(
      stream(workload({ ...automated, 'fluxcd.io/tag.ap': 'semver:1.2.3' })),
      {
        tagSource: tagSource(),
      },
    )
    expect(messagesOf(applied, 'warning').join('\n')).toContain(
      'the workload has no container "ap"; the closest one is "app"',
    )
  })
})
