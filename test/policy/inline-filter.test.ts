import fc from 'fast-check'
import { fieldsOf } from '../../src/krm/fields.ts'
import { readInlinePolicy } from '../../src/policy/inline.ts'

const holder = {
  resource: { apiVersion: 'v1', kind: 'Kustomization', name: 'k' },
  namespace: { original: 'n', current: 'n' },
}

function chooserOf(policy: object, rules?: object) {
  const entry = { name: 'a', policy, oci: { image: 'ghcr.io/acme/app', policy: rules } }
  const { asks } = readInlinePolicy(fieldsOf(holder.resource, entry, 'p'), 'p', holder)
  if (asks.kind !== 'tags') throw new Error('asks for no tags')
  return asks.chooser()
}

const semver = { semver: { range: '>=1.0.0 <2.0.0', identifier: 'v' } }
const rules = {
  tags: { regex: '^v[0-9.]+$' },
  allowTags: ['-rc', '^edge$'],
  ignoreTags: ['^v1\\.5'],
}

test('every tag has a reason', async () => {
  const tags = [
    'v1.4.0',
    'v1.5.0',
    'v1.6.0-rc.1',
    'v1.6.0-beta',
    'edge',
    '1.4.0',
    'v2.0.0',
    'v2.0.0-rc.1',
  ]
  expect((await chooserOf(semver, rules)).explain(tags)).toEqual([
    { tag: 'v1.4.0', value: '1.4.0' },
    { tag: 'v1.5.0', rejected: 'matches "^v1\\\\.5" of `ignoreTags`' },
    { tag: 'v1.6.0-rc.1', value: '1.6.0-rc.1' },
    { tag: 'v1.6.0-beta', rejected: 'matches neither `regex` nor `allowTags`' },
    { tag: 'edge', rejected: 'does not begin with the identifier "v"' },
    { tag: '1.4.0', rejected: 'does not begin with the identifier "v"' },
    { tag: 'v2.0.0', value: '2.0.0', rejected: 'outside the range' },
    { tag: 'v2.0.0-rc.1', value: '2.0.0-rc.1', rejected: 'outside the range' },
  ])
})

test('the group named build of regex is the build number', async () => {
  const chooser = await chooserOf(
    { semver: { range: '*' } },
    { tags: { regex: '^(?P<version>[0-9.]+)-b(?P<build>[0-9]+)$', extract: '$version' } },
  )
  expect(chooser.choose(['1.2.3-b42'])).toMatchObject({ value: '1.2.3', build: '42' })
})

const tag = fc.stringMatching(/^v?[0-2]\.[0-6]\.[0-3](?:-(?:rc|beta)\.[0-9])?$/)

test('the chosen tag passes, in any order of the list, and a tag that does not pass changes nothing', async () => {
  const chooser = await chooserOf(semver, rules)
  const chosen = (tags: readonly string[]) => {
    const passing = chooser.explain(tags).filter(({ rejected }) => rejected === undefined)
    return passing.length === 0 ? undefined : chooser.choose(tags).tag
  }
  fc.assert(
    fc.property(
      fc.uniqueArray(tag, { minLength: 1, maxLength: 20 }),
      fc.integer(),
      (tags, turn) => {
        const one = chosen(tags)
        if (one !== undefined) expect(chooser.explain([one])[0]?.rejected).toBeUndefined()
        const turned = [
          ...tags.slice(Math.abs(turn) % tags.length),
          ...tags.slice(0, Math.abs(turn) % tags.length),
        ]
        expect(chosen(turned)).toBe(one)
        expect(chosen([...tags, 'edge', 'v1.5.9', 'nonsense'])).toBe(one)
      },
    ),
  )
})
