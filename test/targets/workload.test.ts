import { parse, stringify } from 'yaml'
import { nestedWorkloads, outermost } from '../../src/targets/workload.ts'
import { evaluateAll } from '../fixtures/evaluated.ts'
import { readResources } from '../fixtures/read-resources.ts'

const old = 'ghcr.io/acme/app:v1.0.0'
const moved = 'ghcr.io/acme/app:v1.1.0'

const deployment = (name: string, annotations?: object) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, ...(annotations && { annotations }) },
  spec: { template: { spec: { containers: [{ name: 'a', image: old }] } } },
})
type Deployment = ReturnType<typeof deployment>

/** Objects that hold others, and where. */
const holders: readonly (readonly [
  string,
  (objects: readonly object[], annotations?: object) => object,
  readonly (string | number)[],
])[] = [
  [
    'an OpenShift Template',
    (objects, annotations) => ({
      apiVersion: 'template.openshift.io/v1',
      kind: 'Template',
      metadata: { name: 'outer', ...(annotations && { annotations }) },
      objects,
    }),
    ['objects'],
  ],
  [
    'a custom resource',
    (objects, annotations) => ({
      apiVersion: 'example.com/v1',
      kind: 'Bundle',
      metadata: { name: 'outer', ...(annotations && { annotations }) },
      spec: { resources: objects },
    }),
    ['spec', 'resources'],
  ],
  [
    'a custom resource in another one',
    (objects, annotations) => ({
      apiVersion: 'example.com/v1',
      kind: 'Set',
      metadata: { name: 'outer', ...(annotations && { annotations }) },
      spec: { bundle: { apiVersion: 'example.com/v1', kind: 'Bundle', resources: objects } },
    }),
    ['spec', 'bundle', 'resources'],
  ],
]
const objectsOf = (text: string, path: readonly (string | number)[]): readonly Deployment[] =>
  path.reduce<unknown>(
    (value, key) => (value as Record<string, unknown>)[key],
    parse(text),
  ) as never
const recorded = { 'fluxcd.io/tag.app': 'v1.1.0' }
const vetoes = [
  { 'fluxcd.io/ignore': 'true' },
  { 'fluxcd.io/locked': 'true', 'fluxcd.io/locked_msg': 'audit' },
]
const write = (object: object) => stringify(object, { aliasDuplicateObjects: false })

describe.each(holders)('in %s', (_what, holder, path) => {
  test('each object gets its own annotation, and the outer one none', async () => {
    const { texts } = await evaluateAll([write(holder([deployment('a'), deployment('b')]))])
    const [text = ''] = texts
    expect(parse(text).metadata.annotations).toBeUndefined()
    for (const { metadata, spec } of objectsOf(text, path)) {
      expect(metadata.annotations).toEqual(recorded)
      expect(spec.template.spec.containers[0]?.image).toBe(moved)
    }
  })

  test.each(vetoes)('%j holds for its object alone', async veto => {
    const { texts, notes } = await evaluateAll([
      write(holder([deployment('a', veto), deployment('b')])),
    ])
    const [a, b] = objectsOf(texts[0] ?? '', path)
    expect(a).toEqual(deployment('a', veto))
    expect(b?.metadata.annotations).toEqual(recorded)
    expect(notes).toHaveLength(1)
  })

  test.each(vetoes)('%j on the outer object holds for all in it', async veto => {
    const input = write(holder([deployment('a'), deployment('b')], veto))
    const { texts, notes } = await evaluateAll([input])
    expect(texts).toEqual([input])
    expect(notes).toHaveLength(2)
  })

  test('an object without metadata gets one', async () => {
    const { metadata: _, ...bare } = deployment('a')
    const { texts } = await evaluateAll([write(holder([bare]))])
    expect(objectsOf(texts[0] ?? '', path)[0]?.metadata).toEqual({ annotations: recorded })
  })

  test('a binding on the object counts', async () => {
    const binding = { 'fluxcd.io/policy.a': 'flux-system:none' }
    const { errors } = await evaluateAll([write(holder([deployment('a', binding)]))])
    expect(errors[0]).toContain('metadata.annotations[fluxcd.io/policy.a]: must name')
    expect(errors[0]).toContain('[0].metadata')
  })

  test('a field of the functionConfig in a vetoed object stays', async () => {
    const input = write(holder([deployment('a', vetoes[0]), deployment('b')]))
    const kind = parse(input).kind as string
    const field = `${path.join('.')}[*].spec.template.spec.containers[0].image`
    const fields = [{ kind, path: field, policy: 'flux-system:app' }]
    const { moved } = await evaluateAll([input], { config: { targets: { fields } } })
    expect(moved).toEqual([
      `${path.join('.')}[1].spec.template.spec.containers[0].image ghcr.io/acme/app:v1.1.0`,
    ])
  })
})

test.each(vetoes)('%j on an element of a List holds for it alone', async veto => {
  const list = { apiVersion: 'v1', kind: 'List', items: [deployment('a', veto), deployment('b')] }
  const { texts } = await evaluateAll([write(list)])
  const [a, b] = objectsOf(texts[0] ?? '', ['items'])
  expect(a).toEqual(deployment('a', veto))
  expect(b?.metadata.annotations).toEqual(recorded)
})

describe('the innermost object around a field', () => {
  const inner = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace: 'in', annotations: { 'fluxcd.io/x': 'y' } },
    spec: { template: { apiVersion: 'not an object' } },
  }
  const text = JSON.stringify({
    apiVersion: 'v1',
    kind: 'Bundle',
    metadata: { namespace: 'out' },
    a: [inner, { kind: 'x', spec: {} }],
    b: { apiVersion: 'v1', kind: 'Set', c: { apiVersion: 'v1', kind: 'Pod', spec: {} } },
  })
  test.each<
    readonly [
      readonly (string | number)[],
      readonly (string | number)[] | undefined,
      string | undefined,
    ]
  >([
    [['a', 0, 'spec', 'template', 'x'], ['a', 0], 'in'],
    [['a', 0, 'spec'], ['a', 0], 'in'],
    [['a', 1, 'spec'], undefined, undefined],
    [['b', 'c', 'spec'], ['b', 'c'], 'out'],
    [['b', 'x'], ['b'], 'out'],
    [['metadata'], undefined, undefined],
  ])('%j is at %j, in namespace %s', async (path, expected, namespace) => {
    const [resource] = await readResources(text)
    const workload = resource && nestedWorkloads(resource)(path)
    expect(workload?.path).toEqual(expected)
    expect(workload?.namespace).toBe(namespace)
  })

  test('has its annotations, and the object around it', async () => {
    const [resource] = await readResources(text)
    if (resource === undefined) throw new Error('nothing was read')
    const at = nestedWorkloads(resource)
    expect(at(['a', 0, 'spec'])?.annotations).toEqual(new Map([['fluxcd.io/x', 'y']]))
    expect(at(['b', 'c', 'spec'])?.around?.path).toEqual(['b'])
    expect(at(['b', 'c', 'spec'])?.around?.around).toEqual(outermost(resource))
  })
})
