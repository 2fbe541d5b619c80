import { parse } from 'yaml'
import { readFunctionConfig } from '../../src/krm/function-config.ts'
import { newProblems } from '../../src/problems.ts'

const read = async (
  value: Record<string, unknown> | undefined,
  settings: [string, string][] = [],
) => {
  const { apiVersion = 'fn.kpt.dev/v1alpha1', kind = 'ApplyImagePolicies' } = (value ??
    {}) as Record<string, string>
  const given = value && { id: { apiVersion, kind, name: 'config' }, value }
  const problems = newProblems()
  const parseYaml = async (text: string) => parse(text)
  const config = await readFunctionConfig(given, settings, 'apply', parseYaml, problems)
  return { config, problems: problems.errors.map(({ message }) => message) }
}

test('without a functionConfig every default holds', async () => {
  const { config, problems } = await read(undefined)
  expect(problems).toEqual([])
  expect(config).toMatchObject({
    mode: 'apply',
    source: 'auto',
    annotations: true,
    strict: false,
    usePolicies: ['*'],
    targets: { containers: true, values: true, valuesFiles: false, knownFields: true, fields: [] },
  })
})

test.each([
  ['CheckImagePolicies', 'check'],
  ['ApplyImagePolicies', 'apply'],
])('the kind %s picks the function %s', async (kind, mode) => {
  expect((await read({ kind })).config.mode).toBe(mode)
})

test('spec.mode wins over the kind, --set over both', async () => {
  expect((await read({ kind: 'ApplyImagePolicies', spec: { mode: 'check' } })).config.mode).toBe(
    'check',
  )
  expect(
    (await read({ kind: 'ApplyImagePolicies', spec: { mode: 'check' } }, [['mode', 'apply']]))
      .config.mode,
  ).toBe('apply')
})

test('a ConfigMap says the same in strings', async () => {
  const data = {
    source: 'status',
    'targets.markers': 'false',
    strict: 'true',
    'targets.fields': '[{kind: HelmRelease, path: spec.values.tag, policy: "a:b"}]',
    usePolicies: '["apps/*"]',
  }
  const { config, problems } = await read({ apiVersion: 'v1', kind: 'ConfigMap', data })
  expect(problems).toEqual([])
  expect(config).toMatchObject({
    source: 'status',
    strict: true,
    usePolicies: ['apps/*'],
    targets: { markers: false, containers: true, fields: [{ kind: 'HelmRelease' }] },
  })
})

test('a setting knows where it was written, for the problems that later steps find', async () => {
  const set: [string, string][] = [['usePolicies', '[a/*]']]
  const { config } = await read({ spec: {} }, set)
  expect(config.fieldOf('usePolicies[0]')).toBe('--set usePolicies[0]')
  expect(config.fieldOf('targets.fields[1]')).toBe('spec.targets.fields[1]')
  const { config: data } = await read({ apiVersion: 'v1', kind: 'ConfigMap', data: {} })
  expect(data.fieldOf('targets.fields[1]')).toBe('data.targets.fields[1]')
  expect(data.fieldOf('')).toBe('data')
})

test('an empty ConfigMap, as kpt fn eval sends it, says nothing', async () => {
  expect((await read({ apiVersion: 'v1', kind: 'ConfigMap', data: {} })).problems).toEqual([])
  expect((await read({ apiVersion: 'v1', kind: 'ConfigMap' })).problems).toEqual([])
})

describe('every problem is named at once, with the nearest known key', () => {
  test('in a spec', async () => {
    const { problems } = await read({
      spec: { moed: 'x', targets: { marker: true }, source: 'git', strict: 'yes', policies: 3 },
    })
    expect(problems).toEqual([
      'ApplyImagePolicies config spec.policies: must be a sequence, got 3',
      expect.stringContaining(
        'ApplyImagePolicies config spec.targets.marker: must be one of the known keys; did you mean `markers`?',
      ),
      'ApplyImagePolicies config spec.source: must be one of "auto", "registry", "lock", "status", got "git"',
      'ApplyImagePolicies config spec.strict: must be true or false, got "yes"',
      expect.stringContaining(
        'ApplyImagePolicies config spec.moed: must be one of the known keys; did you mean `mode`?',
      ),
    ])
  })

  test('in a ConfigMap', async () => {
    expect(
      (await read({ apiVersion: 'v1', kind: 'ConfigMap', data: { sorce: 'lock' } })).problems,
    ).toEqual([
      expect.stringContaining(
        'ConfigMap config data.sorce: must be one of the known keys; did you mean `source`?',
      ),
    ])
  })

  test('in --set', async () => {
    expect((await read(undefined, [['modes', 'check']])).problems).toEqual([
      expect.stringContaining('--set modes: must be one of the known keys; did you mean `mode`?'),
    ])
  })

  test('a required key', async () => {
    expect((await read({ spec: { targets: { fields: [{ kind: 'X' }] } } })).problems).toEqual([
      'ApplyImagePolicies config spec.targets.fields[0].path: must be set',
    ])
  })

  test.each([
    [{ mode: 'check' }, 'ApplyImagePolicies config mode: must be below `spec`, or absent'],
    [
      { kind: 'ConfigMap', apiVersion: 'v1', mode: 'check' },
      'ConfigMap config mode: must be below `data`, or absent',
    ],
  ])('a key beside spec or data: %j', async (value, problem) => {
    expect((await read(value)).problems).toEqual([expect.stringContaining(problem)])
  })

  test('several keys at once, at every level', async () => {
    const targets = {
      marker: false,
      field: [],
      fields: [{ kind: 'A', path: 'b', policy: 'c:d', x: 1 }],
    }
    const { config, problems } = await read({
      spec: { foo: 1, bar: 2, mode: 'no', strict: true, targets },
    })
    expect(problems.map(problem => problem.split(':')[0])).toEqual(
      expect.arrayContaining([
        'ApplyImagePolicies config spec.foo',
        'ApplyImagePolicies config spec.bar',
        'ApplyImagePolicies config spec.mode',
        'ApplyImagePolicies config spec.targets.marker',
        'ApplyImagePolicies config spec.targets.field',
        'ApplyImagePolicies config spec.targets.fields[0].x',
      ]),
    )
    expect(config.strict).toBe(true)
  })

  test.each(['__proto__.mode', '__proto__', 'constructor.prototype.mode'])(
    '%s has no effect and is an error',
    async key => {
      const data = JSON.parse(`{"${key}": "check"}`)
      const { config, problems } = await read({ apiVersion: 'v1', kind: 'ConfigMap', data })
      expect(problems).toEqual([expect.stringContaining('must be one of the known keys')])
      expect(config.mode).toBe('apply')
      expect((await read(undefined, [[key, 'check']])).problems).toHaveLength(1)
    },
  )

  test('an unknown kind', async () => {
    expect((await read({ apiVersion: 'v1', kind: 'Secret' })).problems).toEqual([
      'Secret config kind: must be one of fn.kpt.dev/v1alpha1 ApplyImagePolicies, fn.kpt.dev/v1alpha1 CheckImagePolicies, v1 ConfigMap, kustomize.toolkit.fluxcd.io/v1 Kustomization; got v1 Secret',
    ])
  })
})
