import { applyImagePolicies } from '../../src/index.ts'
import {
  deployment,
  fluxPolicy,
  image,
  imagesOf,
  messagesOf,
  old,
  stream,
  tagSource,
} from '../fixtures/inline.ts'

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
      'have a third prefix for the tag',
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
      'without the prefix of a policy hold the output of this function',
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

  test.each([
    ['semver:~1.2', 'the policy chooses'],
    ['glob:*', 'must be "semver:<range>"'],
  ])('under a veto: what %s would do is reported', async (rule, words) => {
    const annotations = {
      ...automated,
      'flux.weave.works/locked': 'true',
      'fluxcd.io/tag.app': rule,
    }
    const applied = await applyImagePolicies(stream(workload(annotations)), {
      tagSource: tagSource(),
    })
    const messages = (['info', 'warning'] as const).flatMap(severity =>
      messagesOf(applied, severity),
    )
    expect(messages.join('\n')).toContain('`flux.weave.works/locked` is "true"')
    expect(messages.join('\n')).toContain(words)
    expect(imagesOf(applied)).toEqual([])
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

  test('for a container that does not exist trigger a warning', async () => {
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
