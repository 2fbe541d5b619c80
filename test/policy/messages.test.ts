import { applyImagePolicies, recordedTags } from '../../src/index.ts'
import { messagesOf } from '../fixtures/inline.ts'

const image = 'ghcr.io/acme/app'
const versions = ['v1.2.3', 'v1.2.4']

interface Given {
  /** `spec` of the ImagePolicy besides its reference, in YAML's flow style. */
  readonly spec: string
  /** More of `spec` of the ImageRepository. */
  readonly repository?: string
  readonly version?: string
  readonly tags?: readonly string[]
}

const inputOf = ({ spec, repository = 'interval: 5m', version = 'v1' }: Given) => `
apiVersion: image.toolkit.fluxcd.io/${version}
kind: ImageRepository
metadata: {name: app, namespace: apps}
spec: {image: ${image}, ${repository}}
---
apiVersion: image.toolkit.fluxcd.io/${version}
kind: ImagePolicy
metadata: {name: app, namespace: apps}
spec: {imageRepositoryRef: {name: app}, ${spec}}
---
apiVersion: v1
kind: Pod
metadata: {name: p}
spec: {containers: [{name: app, image: "${image}:old"}]}
`

const apply = (given: Given) =>
  applyImagePolicies(inputOf(given), {
    tagSource: recordedTags(new Map([[image, given.tags ?? versions]])),
  })

describe('an error names the place, the rule, what was found and a remedy', () => {
  test.each<readonly [string, Given, string]>([
    [
      'versions with two parts',
      { spec: 'policy: {semver: {range: 16.x}}', tags: ['latest', '16.9', '16.10', '15.4'] },
      'policy.semver: a tag must qualify, got none: 4 listed, 4 passed the filter, "latest" (not a version), "16.9" (not a version), "16.10" (not a version), "15.4" (not a version); Flux reads a version only if it has three parts, and "16.10" has two: compare one number, with `policy: {numerical: {order: asc}}` and `filterTags: {pattern: \'^16\\.(?P<minor>[0-9]+)$\', extract: \'$minor\'}` (repository ghcr.io/acme/app)',
    ],
    [
      'versions with one part',
      { spec: 'policy: {semver: {range: ">=3"}}', tags: ['v9', 'v10'] },
      'policy.semver: a tag must qualify, got none: 2 listed, 2 passed the filter, "v9" (not a version), "v10" (not a version); Flux reads a version only if it has three parts, and "v10" has one: compare one number, with `policy: {numerical: {order: asc}}` and `filterTags: {pattern: \'^v(?P<major>[0-9]+)$\', extract: \'$major\'}` (repository ghcr.io/acme/app)',
    ],
    [
      'an extract of a group that the pattern does not have',
      {
        spec: "policy: {numerical: {}}, filterTags: {pattern: '^v1.2.(?P<n>[0-9]+)$', extract: $nope}",
      },
      'policy.numerical: every value must be a number, got "" from tag "v1.2.3"; narrow the pattern that lets tags in, or cut the number out with `extract`; `extract` refers to the group "nope", which the pattern does not have, so this part is empty: the pattern has `$n` (repository ghcr.io/acme/app)',
    ],
    [
      'a range without quotes that is a number',
      { spec: 'policy: {semver: {range: 1.10}}' },
      'policy.semver.range: must be a string, got the number 1.1: put quotes around the range, as in `range: "1.10"`; without quotes, YAML reads 1.10 as the number 1.1',
    ],
    [
      'a range without quotes that is a whole number',
      { spec: 'policy: {semver: {range: 1}}' },
      'policy.semver.range: must be a string, got the number 1: put quotes around the range, as in `range: "1.10"`; without quotes, YAML reads 1.10 as the number 1.1',
    ],
    [
      'a misspelt kind',
      { spec: 'policy: {semvr: {range: 1.x}}' },
      'policy.semvr: must be one of the known keys, got `semvr`; did you mean `semver`? (known: `semver`, `alphabetical`, `numerical`)',
    ],
    [
      'a kind that Flux does not have, beside one that it has',
      { spec: 'policy: {semver: {range: 1.x}, glob: "*"}' },
      'policy.glob: must be one of the known keys, got `glob`; did you mean `semver`? (known: `semver`, `alphabetical`, `numerical`)',
    ],
    [
      'a kind of inline policies',
      { spec: 'policy: {digest: {tag: stable}}' },
      "policy.digest: must be a kind of policy that Flux's ImagePolicy has: only inline policies have `digest`",
    ],
    [
      'a misspelt key of a kind',
      { spec: 'policy: {semver: {rnage: 1.x}}' },
      'policy.semver.rnage: must be one of the known keys, got `rnage`; did you mean `range`? (known: `range`)',
    ],
    [
      'no kind',
      { spec: 'policy: {}' },
      'policy: must have one of `semver`, `alphabetical`, `numerical`; got none',
    ],
  ])('%s', async (_what, given, message) => {
    const applied = await apply(given)
    expect(applied.exitCode).toBe(1)
    expect(messagesOf(applied, 'error')).toEqual([`ImagePolicy apps/app spec.${message}`])
  })
})

describe('a warning names the place, what was found and a remedy', () => {
  test.each<readonly [string, Given, string]>([
    [
      'several kinds',
      { spec: 'policy: {numerical: {}, semver: {range: 1.x}}' },
      'ImagePolicy apps/app spec.policy: has `semver` and `numerical`, of which Flux reads only `semver`: remove what you do not mean',
    ],
    [
      'a word that comes after versions',
      { spec: 'policy: {alphabetical: {}}', tags: ['2024-01-02', '2024-01-03', 'latest'] },
      'ImagePolicy apps/app spec.policy.alphabetical: chooses "latest", a word, although other tags look like versions or dates, such as "2024-01-03": let in only those, for example with `filterTags: {pattern: \'^[0-9]\'}`',
    ],
    [
      'a misspelt field of an ImagePolicy',
      { spec: 'policy: {semver: {range: 1.x}}, filterTag: {pattern: a}' },
      'ImagePolicy apps/app spec.filterTag: is not a field of ImagePolicy, so it has no effect: did you mean `filterTags`?',
    ],
    [
      'a field below another',
      { spec: "policy: {semver: {range: 1.x}}, filterTags: {patern: '^v'}" },
      'ImagePolicy apps/app spec.filterTags.patern: is not a field of ImagePolicy, so it has no effect: did you mean `pattern`?',
    ],
    [
      'a long field',
      { spec: 'policy: {semver: {range: 1.x}}, digestReflectionPolcy: Always' },
      'ImagePolicy apps/app spec.digestReflectionPolcy: is not a field of ImagePolicy, so it has no effect: did you mean `digestReflectionPolicy`?',
    ],
    [
      'another case',
      { spec: 'policy: {semver: {range: 1.x}}', repository: 'exclusionlist: [rc]' },
      'ImageRepository apps/app spec.exclusionlist: is not a field of ImageRepository, so it has no effect: did you mean `exclusionList`?',
    ],
    [
      'another form of the word',
      { spec: 'policy: {semver: {range: 1.x}}', repository: 'suspended: true' },
      'ImageRepository apps/app spec.suspended: is not a field of ImageRepository, so it has no effect: did you mean `suspend`?',
    ],
    [
      'a field of a later API version',
      {
        spec: 'policy: {semver: {range: 1.x}}',
        repository: 'provider: aws',
        version: 'v1beta1',
      },
      'ImageRepository apps/app spec.provider: is not a field of ImageRepository in v1beta1, so a cluster drops it: set `apiVersion: image.toolkit.fluxcd.io/v1`',
    ],
  ])('%s', async (_what, given, message) => {
    const applied = await apply(given)
    expect(messagesOf(applied, 'error')).toEqual([])
    expect(messagesOf(applied, 'warning')).toEqual([message])
  })
})

test.each([
  ['16.x', ['latest', '16.9', '16.10', '15.4'], '16.10'],
  ['>=3', ['v9', 'v10', 'latest'], 'v10'],
  ['<16', ['15.4', '16.10', '15.10'], '15.10'],
])('the filter that is shown for %s chooses what the range means', async (range, tags, chosen) => {
  const [message = ''] = messagesOf(
    await apply({ spec: `policy: {semver: {range: "${range}"}}`, tags }),
    'error',
  )
  const [, policy, filter] = /with `(.*)` and `(.*)`/.exec(message) ?? []
  const { changes } = await apply({ spec: `${policy}, ${filter}`, tags })
  expect(changes[0]?.after).toBe(`${image}:${chosen}`)
})

test('no filter is shown if it would choose a number outside the range', async () => {
  const spec = 'policy: {semver: {range: "<=9"}}'
  expect(messagesOf(await apply({ spec, tags: ['9', '10'] }), 'error')[0]).toContain(
    '"9" has one: cut one number out of the tags and compare it with `numerical` (repository',
  )
})
