import {
  buildPrefix,
  containerKey,
  imageKey,
  imageNames,
  isContainerKey,
  tagPrefix,
} from '../../src/rewrite/annotation-keys.ts'

const none: ReadonlySet<string> = new Set()
const nameOf = (key: string) => key.slice('fluxcd.io/'.length)

test.each([
  ['a short name', 'app', 'tag.app'],
  ['a name that is cut', 'x'.repeat(70), `tag.${'x'.repeat(59)}`],
  [
    'a name that would end in a sign',
    `${'x'.repeat(58)}-${'y'.repeat(9)}`,
    `tag.${'x'.repeat(58)}`,
  ],
])('the key of an image: %s', (_what, name, expected) => {
  expect(nameOf(imageKey(tagPrefix, name))).toBe(expected)
})

describe('the key of a container', () => {
  test.each([
    ['names the image and the container', 'app', 'web', 'tag.app_web'],
    [
      'is cut, with a hash, if it is too long',
      'x'.repeat(55),
      'web-1',
      `tag.${'x'.repeat(50)}-82152710`,
    ],
    [
      'has a hash if the container has a long name',
      'app',
      'c'.repeat(63),
      `tag.app_${'c'.repeat(46)}-c8e078d0`,
    ],
  ])('%s', (_what, name, container, expected) => {
    expect(nameOf(containerKey(tagPrefix, name, container, none))).toBe(expected)
  })

  test('is not that of another image', () => {
    const key = containerKey(tagPrefix, 'app', 'b', new Set(['fluxcd.io/tag.app_b']))
    expect(key).toMatch(/^fluxcd\.io\/tag\.app_b-[0-9a-f]{8}$/)
  })

  test.each([tagPrefix, buildPrefix])(
    '%s: long names stay apart, valid, and are recognised',
    prefix => {
      const names = [1, 5, 30, 46, 47, 48, 49, 50, 51, 58, 59, 60, 90].map(length =>
        'n'.repeat(length),
      )
      const containers = ['a', 'b', 'a-long-name-of-a-container']
      const keys = names.flatMap(name =>
        containers.map(container => ({ name, key: containerKey(prefix, name, container, none) })),
      )
      expect(new Set(keys.map(({ key }) => key)).size).toBe(keys.length)
      for (const { name, key } of keys) {
        expect(nameOf(key)).toMatch(/^[a-z](?:[\w.-]{0,61}[a-z0-9])$/)
        expect(isContainerKey(prefix, name, key)).toBe(true)
        expect(isContainerKey(prefix, `o${name.slice(1)}`, key)).toBe(false)
      }
    },
  )
})

test.each([
  ['app', 'fluxcd.io/tag.app', false],
  ['app', 'fluxcd.io/tag.app_web', true],
  ['app', 'fluxcd.io/tag.app-web', false],
  ['app', 'fluxcd.io/tag.app-0123abcd', false],
  ['x'.repeat(55), `fluxcd.io/tag.${'x'.repeat(50)}-0123abcd`, true],
  ['x'.repeat(55), `fluxcd.io/tag.${'x'.repeat(55)}`, false],
])('of %s: %s is a key of a container: %s', (name, key, expected) => {
  expect(isContainerKey(tagPrefix, name, key)).toBe(expected)
})

test.each([
  ['the last part', ['ghcr.io/acme/app'], ['app']],
  ['more of it for a second one', ['ghcr.io/acme/app', 'ghcr.io/other/app'], ['app', 'other.app']],
  ['the same in any order', ['ghcr.io/other/app', 'ghcr.io/acme/app'], ['other.app', 'app']],
  ['the host if nothing else differs', ['a.io/app', 'b.io:5000/app'], ['app', 'b.io.app']],
  ['once for each repository', ['a.io/app', 'a.io/app'], ['app', 'app']],
])('the name of an image: %s', (_what, repositories, expected) => {
  const names = imageNames(repositories)
  expect(repositories.map(repository => names.get(repository))).toEqual(expected)
})
