import { parseYamlText } from '../../src/krm/document.ts'
import { readFunctionConfig } from '../../src/krm/function-config.ts'
import { gatherPolicies } from '../../src/policy/gather.ts'
import { policyFilter } from '../../src/policy/use-policies.ts'
import { newProblems } from '../../src/problems.ts'
import { readResources } from '../fixtures/read-resources.ts'

/** The meanings of the policies of a YAML stream. */
async function meaningsOf(yaml: string, policies: readonly object[] = []) {
  const given = {
    id: { apiVersion: 'fn.kpt.dev/v1alpha1', kind: 'ApplyImagePolicies', name: 'c' },
    value: { spec: { policies } },
  }
  const config = await readFunctionConfig(given, [], 'apply', parseYamlText, newProblems())
  const resources = yaml === '' ? [] : await readResources(yaml)
  const problems = newProblems()
  const read = async () => resources
  const filter = policyFilter(config)
  const gathered = await gatherPolicies(resources, config, undefined, read, filter, problems)
  expect(problems.errors).toEqual([])
  return gathered.policies.map(({ meaning }) => meaning)
}

interface Written {
  readonly repository?: string
  readonly spec?: string
  readonly metadata?: string
  readonly version?: string
}

const flux = ({
  repository = 'image: ghcr.io/acme/app',
  spec = 'policy: {semver: {range: 1.x}}',
  metadata = 'name: app',
  version = 'v1',
}: Written) => `apiVersion: image.toolkit.fluxcd.io/${version}
kind: ImageRepository
metadata: {name: app}
spec: {${repository}}
---
apiVersion: image.toolkit.fluxcd.io/${version}
kind: ImagePolicy
metadata: {${metadata}}
spec: {imageRepositoryRef: {name: app}, ${spec}}
`
const meaningOf = async (written: Written) => (await meaningsOf(flux(written)))[0]

const alphabetical = 'policy: {alphabetical: {}}'

test.each<readonly [string, Written, Written]>([
  ['the name', {}, { metadata: 'name: other' }],
  ['the file', {}, { metadata: 'name: app, annotations: {config.kubernetes.io/path: "x/y.yaml"}' }],
  ['the API version', {}, { version: 'v1beta1' }],
  ['quotes', {}, { spec: "policy: {'semver': {\"range\": '1.x'}}" }],
  [
    'the order of keys',
    { spec: 'policy: {semver: {range: 1.x}}, filterTags: {pattern: a, extract: $0}' },
    { spec: 'filterTags: {extract: $0, pattern: a}, policy: {semver: {range: 1.x}}' },
  ],
  [
    'digestReflectionPolicy: Never',
    {},
    { spec: 'digestReflectionPolicy: Never, policy: {semver: {range: 1.x}}' },
  ],
  ['suspend: false', {}, { spec: 'suspend: false, policy: {semver: {range: 1.x}}' }],
  ['filterTags: null', {}, { spec: 'filterTags: null, policy: {semver: {range: 1.x}}' }],
  [
    'an empty extract',
    { spec: `${alphabetical}, filterTags: {pattern: a}` },
    { spec: `${alphabetical}, filterTags: {pattern: a, extract: ""}` },
  ],
  ['order: asc', { spec: alphabetical }, { spec: 'policy: {alphabetical: {order: asc}}' }],
  ['order: ASC', { spec: alphabetical }, { spec: 'policy: {alphabetical: {order: ASC}}' }],
  [
    'order: asc of numbers',
    { spec: 'policy: {numerical: {}}' },
    { spec: 'policy: {numerical: {order: asc}}' },
  ],
  ['a kind that Flux ignores', {}, { spec: 'policy: {numerical: {}, semver: {range: 1.x}}' }],
  ['the interval', {}, { repository: 'image: ghcr.io/acme/app, interval: 5m' }],
  [
    'the default exclusionList',
    {},
    { repository: `image: ghcr.io/acme/app, exclusionList: ['^.*\\.sig$']` },
  ],
  ['an empty exclusionList', {}, { repository: 'image: ghcr.io/acme/app, exclusionList: []' }],
  [
    'the order of an exclusionList',
    { repository: 'image: ghcr.io/acme/app, exclusionList: [a, b]' },
    { repository: 'image: ghcr.io/acme/app, exclusionList: [b, a, b]' },
  ],
  [
    'the spelling of a repository',
    { repository: 'image: nginx' },
    { repository: 'image: index.docker.io/library/nginx' },
  ],
])('%s does not change the meaning', async (_what, one, other) => {
  expect(await meaningOf(other)).toBe(await meaningOf(one))
})

test.each<readonly [string, Written]>([
  ['another range', { spec: 'policy: {semver: {range: 2.x}}' }],
  ['another kind', { spec: 'policy: {numerical: {}}' }],
  ['another order', { spec: 'policy: {numerical: {order: desc}}' }],
  ['another repository', { repository: 'image: ghcr.io/acme/other' }],
  ['another exclusionList', { repository: 'image: ghcr.io/acme/app, exclusionList: [a]' }],
  ['a filter', { spec: 'policy: {semver: {range: 1.x}}, filterTags: {pattern: a}' }],
  [
    'an empty filter, which removes duplicates',
    { spec: 'policy: {semver: {range: 1.x}}, filterTags: {}' },
  ],
  ['an extract', { spec: 'policy: {semver: {range: 1.x}}, filterTags: {pattern: a, extract: $0}' }],
  ['a digest', { spec: 'policy: {semver: {range: 1.x}}, digestReflectionPolicy: Always' }],
])('%s has a meaning of its own', async (_what, written) => {
  const meanings = await Promise.all(
    [{}, { spec: alphabetical }, written].map(given => meaningOf(given)),
  )
  expect(new Set(meanings).size).toBe(3)
})

test('the form of a policy does not change its meaning', async () => {
  const image = 'ghcr.io/acme/app'
  const policy = { semver: { range: '1.x' } }
  const meanings = await meaningsOf(
    flux({ spec: "policy: {semver: {range: 1.x}}, filterTags: {pattern: '^v'}" }),
    [
      { name: 'b', image, policy, filterTags: { pattern: '^v' } },
      { name: 'c', policy, aws: { image, policy: { tags: { regex: '^v' } } } },
    ],
  )
  expect(meanings).toHaveLength(3)
  expect(new Set(meanings).size).toBe(1)
})

const image = 'a.io/app'
const pin = `sha256:${'a'.repeat(64)}`
const inline = {
  policy: { semver: { range: '*' } },
  oci: { image },
}

test.each<readonly [string, object, object, 'equal' | 'different']>([
  ['the provider', inline, { policy: inline.policy, aws: { image } }, 'equal'],
  [
    'the order and the place of allowTags',
    { ...inline, oci: { image, policy: { allowTags: ['x', 'y'] } } },
    { ...inline, oci: { image, policy: { tags: { allowTags: ['y', 'x'] } } } },
    'equal',
  ],
  [
    'the place of an identifier',
    { ...inline, policy: { semver: { range: '*', identifier: 'v' } } },
    { ...inline, policy: { semver: { range: '*' }, identifier: 'v' } },
    'equal',
  ],
  [
    'the form of a pin',
    { ...inline, policy: { digest: { pin } } },
    { ...inline, policy: { digest: pin } },
    'equal',
  ],
  [
    'ignoreTags instead of allowTags',
    { ...inline, oci: { image, policy: { allowTags: ['x'] } } },
    { ...inline, oci: { image, policy: { ignoreTags: ['x'] } } },
    'different',
  ],
  [
    'an identifier',
    { ...inline, policy: { semver: { range: '*' }, identifier: 'v' } },
    inline,
    'different',
  ],
  [
    'another tag to follow',
    { ...inline, policy: { digest: { tag: 'a' } } },
    { ...inline, policy: { digest: { tag: 'b' } } },
    'different',
  ],
])('of inline policies, %s: the meanings of %j and %j are %s', async (_what, one, other, are) => {
  const [first, second] = await meaningsOf('', [
    { name: 'one', ...one },
    { name: 'other', ...other },
  ])
  expect(first === second ? 'equal' : 'different').toBe(are)
})
