import { applyImagePolicies, recordedTags } from '../../src/index.ts'

const image = 'ghcr.io/acme/app'
const tagSource = recordedTags(new Map([[image, ['1.0.0', '1.1.0', '1.2.0']]]))

const object = (kind: string, spec: object, rest: object = {}) => ({
  apiVersion: 'image.toolkit.fluxcd.io/v1',
  kind,
  ...rest,
  metadata: {
    name: 'app',
    namespace: 'apps',
    ...('metadata' in rest ? (rest.metadata as object) : {}),
  },
  spec,
})
const repository = (more: object = {}) => object('ImageRepository', { image, ...more })
const policy = (rest: object = {}, range = '1.x') =>
  object(
    'ImagePolicy',
    { imageRepositoryRef: { name: 'app' }, policy: { semver: { range } } },
    rest,
  )
const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p' },
  spec: { containers: [{ name: 'app', image: `${image}:1.0.0` }] },
}
const chosen = (tag: string, observedGeneration?: number) => ({
  status: { latestRef: { name: image, tag }, ...(observedGeneration && { observedGeneration }) },
  ...(observedGeneration && { metadata: { generation: observedGeneration } }),
})

async function run(stdin: readonly object[], policies: readonly object[], source = 'status') {
  const { changes, results, exitCode } = await applyImagePolicies(
    [...stdin, pod].map(one => JSON.stringify(one)).join('\n---\n'),
    { policies, tagSource, functionConfig: { source, annotations: false } },
  )
  const of = (severity: string) =>
    results
      .filter(result => result.severity === severity && !result.message.startsWith('summary'))
      .map(({ message }) => message)
  return {
    tag: changes[0]?.after?.slice(image.length + 1),
    exitCode,
    warnings: of('warning'),
    errors: of('error'),
  }
}

describe('of the copies of one policy, the status counts', () => {
  const git = policy()
  test.each<readonly [string, readonly object[], readonly object[], string | undefined]>([
    ['of the only copy that has one, in --policies', [git], [policy(chosen('1.1.0', 3))], '1.1.0'],
    ['of the only copy that has one, on stdin', [policy(chosen('1.1.0', 3))], [git], '1.1.0'],
    [
      'that is newer, in --policies',
      [policy(chosen('1.2.0', 3))],
      [policy(chosen('1.1.0', 4))],
      '1.1.0',
    ],
    [
      'that is newer, on stdin',
      [policy(chosen('1.2.0', 4))],
      [policy(chosen('1.1.0', 3))],
      '1.2.0',
    ],
    [
      'of --policies, if both are as new',
      [policy(chosen('1.2.0', 3))],
      [policy(chosen('1.1.0', 3))],
      '1.1.0',
    ],
    [
      'of --policies, if no generation is known',
      [policy(chosen('1.2.0'))],
      [policy(chosen('1.1.0'))],
      '1.1.0',
    ],
    [
      'that is not older than its spec',
      [git],
      [
        policy({
          ...chosen('1.2.0'),
          metadata: { generation: 5 },
          status: { latestRef: { name: image, tag: '1.2.0' }, observedGeneration: 4 },
        }),
        policy(chosen('1.1.0', 3)),
      ],
      '1.1.0',
    ],
  ])('%s', async (_what, stdin, policies, tag) => {
    const withRepository = await run([repository(), ...stdin], [repository(), ...policies])
    expect(withRepository).toEqual({ tag, exitCode: 0, warnings: [], errors: [] })
    expect(await run(stdin, policies)).toEqual(withRepository) // as Flux: without the repository
  })

  test.each([[[repository()]], [[]]])(
    'but copies that ask for different things are an error',
    async repositories => {
      const { errors, exitCode } = await run(
        [...repositories, git],
        [policy(chosen('1.1.0', 3), '1.1.x')],
      )
      expect(exitCode).toBe(1)
      expect(errors).toEqual([
        'ImagePolicy apps/app (policies[0]) spec: must be the only policy of its name; ImagePolicy (spec) and policies[0] (spec) define it differently: remove one, or rename it',
      ])
    },
  )
})

describe('of the copies of one repository', () => {
  const other = 'ghcr.io/acme/other'
  test('a policy uses the one of its own party', async () => {
    const shadow = repository({ image: other })
    const { tag, errors } = await run([shadow], [repository(), policy()], 'registry')
    expect([tag, errors]).toEqual(['1.2.0', []])
    expect((await run([repository(), policy()], [shadow], 'registry')).tag).toBe('1.2.0')
  })

  test('a policy uses that of the other party if its own party has none', async () => {
    expect((await run([policy()], [repository()], 'registry')).tag).toBe('1.2.0')
  })

  test('those of one party must have the same tags', async () => {
    const run2 = (more: object) =>
      run([policy()], [repository({ interval: '1m' }), repository(more)], 'registry')
    expect((await run2({ interval: '5m', provider: 'generic' })).tag).toBe('1.2.0')
    for (const more of [{ image: other }, { exclusionList: ['x'] }])
      expect((await run2(more)).errors).toEqual([
        expect.stringContaining('must name one ImageRepository, but two of this name have'),
      ])
  })
})

describe('a patch', () => {
  const patchOf = (kind: string, spec: object, rest: object = {}) => object(kind, spec, rest)
  const place = 'spec: is a patch, not a'

  async function infosOf(...policies: readonly object[]) {
    const { results, changes, exitCode } = await applyImagePolicies(JSON.stringify(pod), {
      policies,
      tagSource,
      functionConfig: { annotations: false },
    })
    return {
      infos: results
        .map(({ message }) => message)
        .filter(message => message.includes(' is a patch')),
      errors: results
        .filter(({ severity, message }) => severity === 'error' && !message.startsWith('summary'))
        .map(({ message }) => message),
      tag: changes[0]?.after?.slice(image.length + 1),
      exitCode,
    }
  }

  test.each<readonly [string, object, string]>([
    [
      'without any field of a policy',
      patchOf('ImagePolicy', { digestReflectionPolicy: 'Always' }),
      'policy',
    ],
    ['without a spec', { ...patchOf('ImagePolicy', {}), spec: undefined }, 'policy'],
    [
      'with the rule alone',
      patchOf('ImagePolicy', { policy: { semver: { range: '2.x' } } }),
      'policy',
    ],
    [
      'with the reference alone',
      patchOf('ImagePolicy', { imageRepositoryRef: { name: 'x' } }),
      'policy',
    ],
    [
      'without a namespace',
      {
        ...patchOf('ImagePolicy', { policy: { semver: { range: '2.x' } } }),
        metadata: { name: 'app' },
      },
      'policy',
    ],
    ['for a repository', patchOf('ImageRepository', { interval: '1m' }), 'repository'],
    ['that deletes', { ...repository(), $patch: 'delete' }, 'repository'],
  ])('%s is an info', async (_what, patch, what) => {
    const { infos, ...rest } = await infosOf(patch, repository(), policy())
    expect(rest).toEqual({ errors: [], tag: '1.2.0', exitCode: 0 })
    expect(infos).toEqual([expect.stringContaining(`${place} ${what}, so it is not read`)])
  })

  test('is named if nothing else defines the repository', async () => {
    const { errors } = await infosOf(patchOf('ImageRepository', { interval: '1m' }), policy())
    expect(errors).toEqual([
      'ImagePolicy apps/app (policies[1]) spec.imageRepositoryRef.name: must name an ImageRepository of the input, got "apps/app"; policies[0] has only a patch for it, without `spec.image`',
    ])
  })

  test.each([
    ['rule', { imageRepositoryRef: { name: 'app' } }],
    ['reference', { policy: { semver: { range: '1.x' } } }],
  ])('is not a policy that only lacks its %s: that is a mistake', async (_what, spec) => {
    const { infos, errors } = await infosOf(repository(), patchOf('ImagePolicy', spec))
    expect(infos).toEqual([])
    expect(errors).toHaveLength(1)
  })
})
