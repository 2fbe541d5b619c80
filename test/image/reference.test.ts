import {
  formatImageReference,
  isDigest,
  isTag,
  parseImageReference,
} from '../../src/image/reference.ts'

const hex = 'a'.repeat(64)

describe('an image reference', () => {
  test.each([
    ['nginx', { repository: 'nginx' }],
    ['nginx:1.27', { repository: 'nginx', tag: '1.27' }],
    ['localhost:5000/app', { repository: 'localhost:5000/app' }],
    ['localhost:5000/app:v1', { repository: 'localhost:5000/app', tag: 'v1' }],
    ['[::1]:5000/app:v1', { repository: '[::1]:5000/app', tag: 'v1' }],
    [`ghcr.io/acme/web@sha256:${hex}`, { repository: 'ghcr.io/acme/web', digest: `sha256:${hex}` }],
    [
      `ghcr.io/acme/web:v1@sha256:${hex}`,
      { repository: 'ghcr.io/acme/web', tag: 'v1', digest: `sha256:${hex}` },
    ],
    ['a/b__c/d-e.f:x_Y.z-1', { repository: 'a/b__c/d-e.f', tag: 'x_Y.z-1' }],
  ])('%s is taken apart and put together again', (text, reference) => {
    expect(parseImageReference(text)).toEqual(reference)
    expect(formatImageReference(reference)).toBe(text)
  })

  test.each([
    '',
    'app:${TAG:=v1}',
    '{{ .Values.image }}',
    '$(IMAGE)',
    'App:v1',
    'app:',
    'app@sha256:abc',
    'a b',
    'app:v1\n',
    'https://x/y',
    '-x',
  ])('%j is not a reference', text => {
    expect(parseImageReference(text)).toBeUndefined()
  })

  test('an absurdly long text is not a reference, and is refused at once', () => {
    expect(parseImageReference(`${'a/'.repeat(100_000)}!`)).toBeUndefined()
  })
})

test.each([
  ['v1.2', true],
  ['_x', true],
  ['-x', false],
  ['', false],
  ['a\nb', false],
  ['x'.repeat(128), true],
  ['x'.repeat(129), false],
])('isTag(%j) is %s', (text, expected) => {
  expect(isTag(text)).toBe(expected)
})

test.each([
  [`sha256:${hex}`, true],
  [`sha512:${hex}${hex}`, true],
  [`sha256:${hex}0`, false],
  [`SHA256:${hex}`, false],
  ['md5:aa', false],
])('isDigest(%j) is %s', (text, expected) => {
  expect(isDigest(text)).toBe(expected)
})
