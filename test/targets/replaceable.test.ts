import { isReplaceable, namedRepositories, tagWithDigest } from '../../src/targets/replaceable.ts'
import { oldDigest } from '../fixtures/apply.ts'

test.each([
  ['', 'image', true],
  ['', 'digest', true],
  ['a/b:v1', 'image', true],
  [`a/b@${oldDigest}`, 'image', true],
  ['${IMAGE}', 'image', false],
  ['a/b:{{ .tag }}', 'image', false],
  ['v1', 'tag', true],
  ['${TAG}', 'tag', false],
  [`v1@${oldDigest}`, 'tag', false],
  [oldDigest, 'digest', true],
  ['sha256:1', 'digest', false],
  ['a/b', 'name', true],
  ['a/b:v1', 'name', false],
  [`a/b@${oldDigest}`, 'name', false],
  [`v1@${oldDigest}`, 'tag@digest', true],
  ['v1', 'tag@digest', false],
] as const)('%j as %s: %s', (text, part, expected) => {
  expect(isReplaceable(text, part)).toBe(expected)
})

test.each([
  [`v1@${oldDigest}`, { tag: 'v1', digest: oldDigest }],
  ['v1', undefined],
  [oldDigest, undefined],
  [`@${oldDigest}`, undefined],
  ['v1@sha256:1', undefined],
  [`v1@${oldDigest}@${oldDigest}`, undefined],
])('%j is %j', (text, expected) => {
  expect(tagWithDigest(text)).toEqual(expected)
})

test.each([
  ['ghcr.io/acme/app:${TAG}', 'ghcr.io/acme/app', true],
  ['ghcr.io/acme/app:{{ .a/b }}@x', 'ghcr.io/acme/app', false],
  ['${REGISTRY}/acme/app:v1', 'ghcr.io/acme/app', true],
  ['{{ .registry }}/acme/app', 'ghcr.io/acme/app', true],
  ['${REGISTRY}/acme/app-two:v1', 'ghcr.io/acme/app', false],
  ['other.io/acme/app:${TAG}', 'ghcr.io/acme/app', false],
  ['nginx:$(TAG)', 'docker.io/library/nginx', true],
  ['$(IMAGE)', 'ghcr.io/acme/app', false],
])('%s seems to name %s: %s', (text, repository, expected) => {
  expect(namedRepositories([repository])(text).length > 0).toBe(expected)
})
