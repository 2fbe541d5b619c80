import { policyFor, runOn, workload } from '../../fixtures/apply.ts'
import { evaluateAll, type Given } from '../../fixtures/evaluated.ts'

const old = 'ghcr.io/acme/app:v1.0.0'
const marker = (policy = 'flux-system:app') => `# {"$imagepolicy": "${policy}"}`

test('a policy that a marker names governs only its markers', async () => {
  const input = workload(`containers:\n- image: ${old} ${marker()}\n- image: ${old}\n`)
  expect((await runOn(input)).text).toBe(input.replace('v1.0.0', 'v1.1.0'))
})

test('in a ResourceList, in a List and in a values file', async () => {
  const list = `apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n- apiVersion: v1\n  kind: Pod\n  metadata: {name: p}\n  spec:\n    containers:\n    - image: ${old} ${marker()}\n`
  expect((await runOn(list)).text.startsWith(list.replace('v1.0.0', 'v1.1.0'))).toBe(true)
  const nested = `apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: A\n  metadata: {name: a}\n  image: ${old} ${marker()}\n`
  expect((await runOn(nested)).text).toBe(nested.replace('v1.0.0', 'v1.1.0'))
  const values = `image:\n  tag: v1.0.0 ${marker('flux-system:app:tag')}\n`
  expect((await runOn(values)).text).toBe(values.replace('v1.0.0', 'v1.1.0'))
})

test('an unknown policy is a warning that names the closest', async () => {
  const { text, warnings } = await runOn(`image: ${old} ${marker('flux-system:ap')}\n`)
  expect(text).toContain(old)
  expect(warnings).toContain(
    'image stdin: is marked with "flux-system:ap", which is not the name of a policy of the input; the closest one is "flux-system:app"',
  )
})

test('Flux would skip the file of a sequence; in a stream only that document is skipped', async () => {
  const input = `- a: ${old} ${marker()}\n---\n${workload(`containers:\n- image: ${old} ${marker()}\n- image: ${old}\n`)}---\nx: ${old} ${marker()}\n`
  const { text, warnings } = await runOn(input)
  expect(text.match(/v1\.1\.0/g)).toHaveLength(2)
  expect(text).toContain(`- a: ${old}`)
  expect(warnings).toEqual([
    'stdin:1: mentions $imagepolicy, but marks nothing: Flux reads markers only in mappings, and this is in a document whose root is a sequence',
  ])
})

test('with targets.markers: false the policy governs the containers', async () => {
  const input = workload(`containers:\n- image: ${old} ${marker()}\n- image: ${old}\n`)
  const { moved } = await runOn(input, { config: { targets: { markers: false } } })
  expect(moved).toHaveLength(3)
})

test('a marked annotation is edited once', async () => {
  const input = `apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  annotations:\n    fluxcd.io/tag.app: v1.0.0 ${marker('flux-system:marked:tag')}\nspec:\n  containers:\n  - image: ${old}\n`
  const policies = `${policyFor('ghcr.io/acme/app')}---\n${policyFor('ghcr.io/acme/app', { name: 'marked' })}`
  expect((await runOn(input, { policies })).text).toBe(input.replaceAll('v1.0.0', 'v1.1.0'))
})

/** Forms that Flux honours only in a file that holds `"$imagepolicy"`. */
const unusual = [
  '# {"$ref": "#/definitions/io.k8s.cli.setters.flux-system:app"}',
  '# {"\\u0024ref": "#/definitions/io.k8s.cli.setter\\u0073.flux-system:app"}',
  '# {"\\u0024imagepolicy": "flux-system:app"}',
  '# {"\\u0024imagepolicy": "flux-system:\\u0061pp"}',
]
const named = (name: string, line: string) =>
  `apiVersion: v1\nkind: A\nmetadata: {name: ${name}}\nimage: ${line}\n`
const item = (name: string, path: string, line: string) =>
  `- ${named(name, line)
    .replace('}', `, annotations: {config.kubernetes.io/path: ${path}}}`)
    .trimEnd()
    .replaceAll('\n', '\n  ')}\n`
const listOf = (...items: readonly string[]) =>
  `apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n${items.join('')}`

describe.each(unusual)('%s', form => {
  /** The names of the objects whose image moves. */
  const movedIn = async (...given: readonly Given[]) => {
    const { evaluation } = await evaluateAll(given)
    return evaluation.changes.map(({ resource }) => resource.id.name)
  }
  const plain = `${old} ${marker()}`
  const other = `${old} ${form}`

  test.each<readonly [string, readonly string[], readonly Given[]]>([
    ['alone in a stream', [], [named('a', other)]],
    ['beside a plain marker', ['a', 'b'], [`${named('a', other)}---\n${named('b', plain)}`]],
    ['after a plain marker', ['b', 'a'], [`${named('b', plain)}---\n${named('a', other)}`]],
    ['in one document with it', ['a', 'a'], [`${named('a', other)}other: ${plain}\n`]],
    ['beside a comment with the name in quotes', ['a'], [`# "$imagepolicy"\n${named('a', other)}`]],
    ['beside the name without quotes', [], [`# the $imagepolicy\n${named('a', other)}`]],
    ['beside a data field with the name', ['a'], [`${named('a', other)}why: '"$imagepolicy"'\n`]],
    [
      'in a file without plain marker',
      ['b'],
      [
        { text: named('a', other), file: 'a.yaml' },
        { text: named('b', plain), file: 'b.yaml' },
      ],
    ],
    [
      'in a file with a plain marker',
      ['a', 'b'],
      [{ text: `${named('a', other)}---\n${named('b', plain)}`, file: 'a.yaml' }],
    ],
    [
      'in a file that Flux skips',
      [],
      [{ text: `- a\n---\n${named('a', other)}---\n${named('b', plain)}`, file: 'a.yaml' }],
    ],
    [
      'in a stream that Flux skips',
      [],
      [`%YAML 1.2\n---\n${named('a', other)}---\n${named('b', plain)}`],
    ],
    ['alone in a list', [], [listOf(item('a', 'f.yaml', other))]],
    [
      'with a plain marker in its file',
      ['a', 'b'],
      [listOf(item('a', 'f.yaml', other), item('b', 'f.yaml', plain))],
    ],
    [
      'after a plain marker of its file',
      ['b', 'a'],
      [listOf(item('b', 'f.yaml', plain), item('a', 'f.yaml', other))],
    ],
    [
      'with a plain marker in another file',
      ['b'],
      [listOf(item('a', 'f.yaml', other), item('b', 'g.yaml', plain))],
    ],
    [
      'with the name without quotes in its file',
      ['c'],
      [
        listOf(
          item('a', 'f.yaml', other),
          item('b', 'f.yaml', 'x # an $imagepolicy'),
          item('c', 'g.yaml', plain),
        ),
      ],
    ],
    [
      'with the name without quotes in its item',
      ['c'],
      [
        listOf(
          item('a', 'f.yaml', `${other}\n  why: x # an $imagepolicy`),
          item('c', 'g.yaml', plain),
        ),
      ],
    ],
  ])('%s: %j', async (_what, names, given) => {
    expect((await movedIn(...given)).sort()).toEqual([...names].sort())
  })
})

test('the long form names a part', async () => {
  const long = '# {"$ref": "#/definitions/io.k8s.cli.setters.flux-system:app:tag"}'
  const input = `tag: v1.0.0 ${long}\nimage: ${old} ${marker()}\n`
  expect((await runOn(input)).text).toBe(input.replaceAll('v1.0.0', 'v1.1.0'))
})

describe('a scalar belongs to its marker, though it names an unknown policy', () => {
  const unknown = marker('flux-system:other')
  const entry = (tag: string, comment: string) =>
    `images:\n- name: ghcr.io/acme/app\n  newTag: ${tag} ${comment}\n`
  test.each([
    ['a container', workload(`containers:\n- image: ${old} ${unknown}\n`), {}],
    ['a tag of a kustomization', entry('v1.0.0', marker('flux-system:other:tag')), {}],
    [
      'a configured field',
      named('a', `${old} ${unknown}`),
      { targets: { fields: [{ kind: 'A', path: 'image', policy: 'flux-system:app' }] } },
    ],
    [
      'a container that another uses by an alias',
      workload(`containers:\n- image: &i ${old} ${unknown}\ninitContainers:\n- image: *i\n`),
      {},
    ],
  ])('%s', async (_what, input, config) => {
    const { texts, warnings } = await evaluateAll([input], { config })
    expect(texts).toEqual([input])
    expect(warnings[0]).toBe(
      'is marked with "flux-system:other", which is not the name of a policy of the input; the closest one is "flux-system:app"',
    )
  })

  test('and other scalars with its repository are governed by their policy', async () => {
    const input = workload(`containers:\n- image: ${old} ${unknown}\n- image: ${old}\n`)
    const { moved } = await evaluateAll([input])
    expect(moved[0]).toBe('spec.template.spec.containers[1].image ghcr.io/acme/app:v1.1.0')
  })
})

test.each(['TAG=1.0.0', '--tag=1.0.0', '-t=1.0.0', 'a.b-c=1'])(
  'a marker on %s replaces all of it, with a warning',
  async value => {
    const input = (text: string) => `args:\n- ${text} ${marker('flux-system:app:tag')}\n`
    const { texts, stderr } = await evaluateAll([input(value)])
    expect(texts).toEqual([input('v1.1.0')])
    expect(stderr).toContain(
      `warning: args[0] stdin: is "${value}", which its marker replaces as a whole, as Flux does; move the image to a field of its own\n`,
    )
  },
)

test('a tag with another sign is not an assignment', async () => {
  const { warnings } = await evaluateAll([`a: "1=x" ${marker('flux-system:app:tag')}\n`])
  expect(warnings).toEqual([])
})

test('a Secret is never edited, with a warning', async () => {
  const secret = named('a', `${old} ${marker()}`).replace('kind: A', 'kind: Secret')
  const { texts, warnings } = await evaluateAll([secret])
  expect(texts).toEqual([secret])
  expect(warnings).toEqual([
    'is left alone in spite of its marker: values of a Secret are never edited',
  ])
})
