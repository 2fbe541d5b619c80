import fc from 'fast-check'
import { parse } from 'yaml'
import { recordedTags } from '../../src/index.ts'
import { policyFor, runOn } from '../fixtures/apply.ts'

/** `app` twice, a name that reads like a container of it, and one that must be cut. */
const repositories = [
  'ghcr.io/acme/app',
  'ghcr.io/other/app',
  'ghcr.io/acme/app_b',
  `ghcr.io/acme/${'long-'.repeat(11)}name`,
]
const containers = ['a', 'b', 'c', 'd'] as const
const numbers = 'filterTags: {pattern: "^[0-9]+$"}'
/** Two tags with a build number and two without. */
const rules = [
  { chosen: '42', policy: 'numerical: {order: asc}', spec: numbers },
  { chosen: '7', policy: 'numerical: {order: desc}', spec: numbers },
  { chosen: 'v1.1.0', policy: 'semver: {range: "1.x"}', spec: '' },
  { chosen: 'v1.0.0', policy: 'semver: {range: "1.0.x"}', spec: '' },
]
const source = recordedTags(
  new Map(repositories.map(repository => [repository, rules.map(({ chosen }) => chosen)])),
)

/** Container `name` of a repository with a rule, by a marker or by its binding annotation. */
interface Container {
  readonly name: string
  readonly repository: number
  readonly rule: number
  readonly isMarked: boolean
  readonly tag: string
}

const policyName = ({ repository, rule, isMarked }: Omit<Container, 'name' | 'tag'>) =>
  `${isMarked ? 'marked' : 'bound'}-${repository}-${rule}`
const policies = [true, false]
  .flatMap(isMarked =>
    repositories.flatMap((name, repository) =>
      rules.map((policy, rule) =>
        policyFor(name, { ...policy, name: policyName({ repository, rule, isMarked }) }),
      ),
    ),
  )
  .join('---\n')

const container = fc.record({
  repository: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(3)),
  rule: fc.nat(3),
  isMarked: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.constant(true)),
  tag: fc.constantFrom('v0', '42', 'v1.1.0'),
})
const someContainers: fc.Arbitrary<readonly Container[]> = fc
  .array(container, { minLength: 1, maxLength: containers.length })
  .map(drawn => drawn.map((one, index) => ({ ...one, name: containers[index] as string })))
const ours = ['app', 'app_a', 'app_b', 'app_gone', 'other.app', 'app_b_a', 'acme.app_b'].flatMap(
  name => [`fluxcd.io/tag.${name}`, `fluxcd.io/build.number.${name}`],
)
const presentKeys = fc.uniqueArray(fc.constantFrom('fluxcd.io/build.number', 'x', ...ours), {
  maxLength: 4,
})

function pod(list: readonly Container[], annotations: readonly string[]): string {
  const bindings = list
    .filter(({ isMarked }) => !isMarked)
    .map(one => `fluxcd.io/policy.${one.name}: flux-system:${policyName(one)}`)
  const lines = [...annotations.map(key => `${key}: "1"`), ...bindings.sort()]
  const images = list.map(one => {
    const marker = one.isMarked ? ` # {"$imagepolicy": "flux-system:${policyName(one)}"}` : ''
    return `  - name: ${one.name}\n    image: ${repositories[one.repository]}:${one.tag}${marker}\n`
  })
  const map =
    lines.length === 0 ? '' : `  annotations:\n${lines.map(line => `    ${line}\n`).join('')}`
  return `apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n${map}spec:\n  containers:\n${images.join('')}`
}

const run = (input: string) => runOn(input, { policies, source })

interface Rendered {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> }
  readonly spec: { readonly containers: readonly { name: string; image: string }[] }
}
const rendered = (text: string) => parse(text) as Rendered

/** The containers of a rendered Pod in another order, as text. */
const reversed = (text: string) => {
  const [head = '', list = ''] = text.split(/(?<= containers:\n)/)
  return (
    head +
    list
      .split(/(?=^ {2}- )/m)
      .reverse()
      .join('')
  )
}

test('a second run changes nothing, also with the containers in another order', async () => {
  await fc.assert(
    fc.asyncProperty(someContainers, presentKeys, async (list, present) => {
      const { text, errors } = await run(pod(list, present))
      expect(errors).toEqual([])
      expect((await run(text)).moved).toEqual([])
      expect((await run(reversed(text))).moved).toEqual([])
    }),
    { numRuns: 400 },
  )
})

test('the order of containers has no effect on annotations', async () => {
  await fc.assert(
    fc.asyncProperty(someContainers, presentKeys, async (list, present) => {
      const { text } = await run(pod(list, present))
      const other = await run(reversed(pod(list, present)))
      expect(rendered(other.text).metadata).toEqual(rendered(text).metadata)
    }),
    { numRuns: 200 },
  )
})

test('each image that is matched by its repository has one key, of its own only if tags differ', async () => {
  await fc.assert(
    fc.asyncProperty(
      someContainers.map(list => list.map(one => ({ ...one, repository: 0, isMarked: false }))),
      presentKeys,
      async (list, present) => {
        const { metadata } = rendered((await run(pod(list, present))).text)
        const tags = list.map(({ rule }) => rules[rule]?.chosen ?? '')
        const expected =
          new Set(tags).size === 1
            ? [['fluxcd.io/tag.app', tags[0]]]
            : list.map(({ name }, index) => [`fluxcd.io/tag.app_${name}`, tags[index]])
        const found = Object.entries(metadata.annotations ?? {}).filter(([key]) =>
          /^fluxcd\.io\/tag\.app(?:_|$)/.test(key),
        )
        expect(found.sort()).toEqual(expected)
      },
    ),
    { numRuns: 200 },
  )
})
