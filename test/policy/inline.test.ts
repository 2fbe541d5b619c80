import { applyImagePolicies } from '../../src/index.ts'
import {
  deployment,
  image,
  imagesOf,
  kustomization,
  listed,
  messagesOf,
  pin,
  range,
  stable,
  stream,
  tagSource,
} from '../fixtures/inline.ts'

/** What follows the repository in the image that an inline policy chooses, or the errors. */
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
      'by an identifier that is not a regular expression',
      { semver: { range, identifier: 'a.' } },
      undefined,
      ['ab1.2.4', 'a.1.2.3'],
      ':a.1.2.3',
    ],
    [
      'after extract, if the value no longer has the identifier',
      { semver: { range, identifier: 'app-' } },
      { tags: { regex: '^app-(.*)$', extract: '$1' } },
      ['app-1.2.3', 'app-1.2.4'],
      ':app-1.2.4',
    ],
    [
      'after extract, if the value still has the identifier',
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
      'only what allowTags lets in, without regex',
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
      'the whole tag if only allowTags lets it in',
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
      'nothing, with a hint about doubled backslashes',
      { semver: { range } },
      { tags: { regex: '^v\\\\d+' } },
      undefined,
      'YAML does not need `\\\\`',
    ],
    [
      'nothing, with the rules for tags that work',
      { semver: { range: '16.x' } },
      undefined,
      ['16.9', '16.10'],
      "`policy: {numerical: {order: asc}}` and `tags: {regex: '^16\\.(?P<minor>[0-9]+)$', extract: '$minor'}`",
    ],
    [
      'nothing, with a hint about parts of versions',
      { semver: { range: '16.x', identifier: 'v' } },
      undefined,
      ['v16.9', 'v16.10'],
      '"16.10" has two: cut one number out of the tags and compare it with `numerical`',
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

  test('the digest of a followed tag even if the functionConfig wants no digests', async () => {
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

  test('a pin is an error if the registry answers with another digest', async () => {
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
      'needs a `regex` beside it',
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
  ])('%s only selects the source of credentials, for any host', async (block, provider) => {
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
