import { filter } from '../../src/filter.ts'
import { FunctionError, type RepositoryAccess, type TagSource } from '../../src/index.ts'
import { newDigest, oldDigest, policyFor, runOn, someTags, workload } from '../fixtures/apply.ts'

const app = 'ghcr.io/acme/app'
const input = workload(`containers:\n- image: ${app}:v1.0.0\n`, {
  metadata: 'name: web, annotations: {fluxcd.io/tag.app: v1.0.0}',
})
const moved = input.replaceAll('v1.0.0', 'v1.1.0')

/** A source that records what it is asked. */
function watched(source: TagSource = someTags()) {
  const asked: string[] = []
  const note = <T>(question: string, answer: Promise<T>) => {
    asked.push(question)
    return answer
  }
  const watching: TagSource = {
    listTags: (repository, access) =>
      note(
        `tags ${repository}${access?.secret ? ` as ${access.secret.name}` : ''}`,
        source.listTags(repository),
      ),
    digestOf: (repository, reference) =>
      note(`digest ${repository}:${reference}`, source.digestOf(repository, reference)),
  }
  return { asked, source: watching }
}

describe('source: status', () => {
  const run = (status: string) => {
    const { asked, source } = watched()
    return runOn(input, {
      policies: policyFor(app, { status }),
      config: { source: 'status' },
      source,
    }).then(ran => ({ ...ran, asked }))
  }

  test.each([
    ['latestRef', `latestRef: {name: ${app}, tag: v1.1.0}`],
    ['of its own generation', `observedGeneration: 2, latestRef: {name: ${app}, tag: v1.1.0}`],
    ['latestImage of v1beta1', `latestImage: "${app}:v1.1.0"`],
  ])('%s: what Flux chose, without a look-up', async (_name, status) => {
    const { text, asked, infos } = await run(status)
    expect({ text, asked }).toEqual({ text: moved, asked: [] })
    expect(infos.join()).toContain(`chose "v1.1.0" of ${app}: what Flux chose, by status.latestRef`)
  })

  test.each([
    ['no status', '', 'has no `status.latestRef` of its present generation'],
    [
      'another generation',
      `observedGeneration: 1, latestRef: {name: ${app}, tag: v1.1.0}`,
      'has no `status.latestRef` of its present generation',
    ],
    [
      'another repository',
      'latestRef: {name: ghcr.io/acme/old, tag: v1.1.0}',
      'has a `status.latestRef` of another repository, "ghcr.io/acme/old"',
    ],
  ])('%s: nothing changes, with a warning', async (_name, status, why) => {
    const { text, warnings, exitCode, asked } = await run(status)
    expect({ text, exitCode, asked }).toEqual({ text: input, exitCode: 0, asked: [] })
    expect(warnings).toEqual([
      `ImagePolicy flux-system/app (policies[0]) spec: ${why}, so nothing changes; let Flux choose again, or ask the registry with \`source: registry\``,
    ])
  })
})

test('a status that is not an image is an error, as in Flux', async () => {
  const { errors, exitCode } = await runOn(input, {
    policies: policyFor(app, { status: `latestRef: {name: ${app}, tag: "a b"}` }),
    config: { source: 'status' },
  })
  expect(exitCode).toBe(1)
  expect(errors[0]).toContain(
    'ImagePolicy flux-system/app (policies[0]) status.latestRef: must be an image with a tag',
  )
})

describe('a suspended policy', () => {
  test('keeps what the manifests have', async () => {
    const { asked, source } = watched()
    const { text, infos } = await runOn(input, {
      policies: policyFor(app, { spec: 'suspend: true' }),
      source,
    })
    expect({ text, asked }).toEqual({ text: input, asked: [] })
    expect(infos).toContain(
      'ImagePolicy flux-system/app (policies[0]) spec: is suspended, so the manifests keep what they have',
    )
  })

  test('uses its status', async () => {
    const policies = policyFor(app, {
      spec: 'suspend: true',
      status: `latestRef: {name: ${app}, tag: v1.1.0}`,
    })
    expect((await runOn(input, { policies })).text).toBe(moved)
  })

  test('its repository counts too', async () => {
    const policies = policyFor(app).replace(`{image: ${app}}`, `{image: ${app}, suspend: true}`)
    expect((await runOn(input, { policies })).text).toBe(input)
  })
})

describe('onError: keep-current', () => {
  const failing = (code: 'REGISTRY_FAILED' | 'REGISTRY_DENIED' | 'BAD_FIELD'): TagSource => ({
    listTags: async () => {
      throw new FunctionError(code, 'GET https://ghcr.io/v2/: no')
    },
    digestOf: async () => newDigest,
  })

  test.each(['REGISTRY_FAILED', 'REGISTRY_DENIED'] as const)('%s: a warning', async code => {
    const { text, warnings, exitCode } = await runOn(input, {
      config: { onError: 'keep-current' },
      source: failing(code),
    })
    expect({ text, exitCode }).toEqual({ text: input, exitCode: 0 })
    expect(warnings[0]).toContain(
      'keeps its current image because of `onError: keep-current`: GET https://ghcr.io/v2/: no',
    )
    expect((await runOn(input, { source: failing(code) })).exitCode).toBe(3)
  })

  test('anything else is an error', async () => {
    const { exitCode, errors } = await runOn(input, {
      config: { onError: 'keep-current' },
      source: failing('BAD_FIELD'),
    })
    expect(exitCode).toBe(1)
    expect(errors[0]).toContain('no')
    const none = policyFor(app, { policy: 'semver: {range: ">9"}' })
    expect(
      (await runOn(input, { config: { onError: 'keep-current' }, policies: none })).exitCode,
    ).toBe(1)
  })
})

describe('IfNotPresent', () => {
  const run = (tag: string, name = app) => {
    const { asked, source } = watched()
    const status = `latestRef: {name: ${name}, tag: ${tag}, digest: "${oldDigest}"}`
    const policies = policyFor(app, { spec: 'digestReflectionPolicy: IfNotPresent', status })
    return runOn(input, { policies, source }).then(({ text }) => ({ text, asked }))
  }

  test('keeps the digest that Flux recorded for the chosen tag', async () => {
    const { text, asked } = await run('v1.1.0')
    expect(text).toContain(`${app}:v1.1.0@${oldDigest}`)
    expect(asked).toEqual([`tags ${app}`])
  })

  test.each([
    ['tag', 'v1.0.0', app],
    ['repository', 'v1.1.0', 'ghcr.io/acme/old'],
  ])('asks if the %s is different', async (_name, tag, name) => {
    const { text, asked } = await run(tag, name)
    expect(text).toContain(`${app}:v1.1.0@${newDigest}`)
    expect(asked).toEqual([`tags ${app}`, `digest ${app}:v1.1.0`])
  })
})

test('one listing for each repository and each way to access it', async () => {
  const secret =
    'apiVersion: v1\nkind: Secret\nmetadata: {name: creds, namespace: flux-system}\ntype: kubernetes.io/dockerconfigjson\nstringData: {".dockerconfigjson": "{}"}\n'
  const named = (name: string) => policyFor(app, { name })
  const secretly = named('three').replace(
    `{image: ${app}}`,
    `{image: ${app}, secretRef: {name: creds}}`,
  )
  const marked = ['one', 'two', 'three']
    .map(name => `${name}: ${app}:v1.0.0 # {"$imagepolicy": "flux-system:${name}"}\n`)
    .join('')
  const { asked, source } = watched()
  const { errors } = await runOn(marked, {
    policies: [named('one'), named('two'), secretly, secret].join('---\n'),
    source,
  })
  expect(errors).toEqual([])
  expect(asked.sort()).toEqual([`tags ${app}`, `tags ${app} as flux-system/creds`])
})

test('policies of one repository share one failure', async () => {
  const source: TagSource = {
    listTags: async () => {
      throw new FunctionError('REGISTRY_FAILED', 'GET https://ghcr.io/v2/: no')
    },
    digestOf: async () => newDigest,
  }
  const marked = ['one', 'two']
    .map(name => `${name}: ${app}:v1.0.0 # {"$imagepolicy": "flux-system:${name}"}\n`)
    .join('')
  const policies = ['one', 'two'].map(name => policyFor(app, { name })).join('---\n')
  const { results } = await runOn(marked, { policies, source })
  expect(results.filter(({ tags }) => tags?.code === 'REGISTRY_FAILED')).toHaveLength(1)
})

test('a policy that governs nothing is checked, without a look-up', async () => {
  const { asked, source } = watched()
  const policies = policyFor('ghcr.io/acme/elsewhere', { policy: 'semver: {range: "not a range"}' })
  const { errors } = await runOn(input, { policies, source })
  expect(errors[0]).toContain('ImagePolicy flux-system/app (policies[0]) spec.policy.semver.range')
  expect(asked).toEqual([])
})

test.each([
  [
    'tag',
    { listTags: async () => ['v1.0.0\n- evil'], digestOf: async () => newDigest },
    'alphabetical: {}',
  ],
  [
    'digest',
    { listTags: async () => ['v1.1.0'], digestOf: async () => 'sha256:x # evil' },
    'semver: {range: "1"}',
  ],
])('what is not a %s never reaches YAML', async (_name, source, policy) => {
  const { text, errors, exitCode } = await runOn(input, {
    source,
    policies: policyFor(app, { policy, spec: 'digestReflectionPolicy: Always' }),
  })
  expect({ text, exitCode }).toEqual({ text: '', exitCode: 3 })
  expect(errors[0]).toMatch(
    /^ImageRepository flux-system\/app \(policies\[0\]\) spec\.image: must (?:list tags|have a digest), but /,
  )
})

test('a source that can not be opened is one error', async () => {
  const outcome = await filter(Buffer.from(`${policyFor(app)}---\n${input}`), {
    mode: 'apply',
    settings: [],
    policies: [],
    openTagSource: async () => {
      throw new FunctionError('BAD_ARGUMENT', 'IMAGE_POLICY_X must be Y')
    },
  })
  expect(outcome.exitCode).toBe(1)
  expect([...outcome.stderr].join('')).toBe('error: IMAGE_POLICY_X must be Y\n')
})

test('access of a repository reaches the source', async () => {
  let seen: RepositoryAccess | undefined
  const source: TagSource = {
    listTags: async (_repository, access) => {
      seen = access
      return ['v1.1.0']
    },
    digestOf: async () => newDigest,
  }
  const policies = policyFor(app).replace(
    `{image: ${app}}`,
    `{image: ${app}, insecure: true, timeout: 30s, provider: aws}`,
  )
  await runOn(input, { policies, source })
  expect(seen).toMatchObject({ insecure: true, timeout: 30_000, provider: 'aws' })
})
