import {
  canonicalRepository,
  imageNameOf,
  repositoryIn,
  repositoryMention,
  repositoryProblem,
} from '../../src/image/repository.ts'

describe('one name for all spellings', () => {
  test.each([
    ['nginx', 'docker.io/library/nginx'],
    ['library/nginx', 'docker.io/library/nginx'],
    ['docker.io/nginx', 'docker.io/library/nginx'],
    ['index.docker.io/library/nginx', 'docker.io/library/nginx'],
    ['registry-1.docker.io/library/nginx', 'docker.io/library/nginx'],
    ['acme/web', 'docker.io/acme/web'],
    ['GHCR.io/acme/web', 'ghcr.io/acme/web'],
    ['localhost/web', 'localhost/web'],
    ['localhost:5000/web', 'localhost:5000/web'],
    ['my-registry.com/my-app', 'my-registry.com/my-app'],
  ])('%s is %s', (spelling, canonical) => {
    expect(canonicalRepository(spelling)).toBe(canonical)
    expect(spelling).toContain(repositoryMention(canonical)) // the byte prefilter relies on it
  })
})

test('the image name is the last part', () => {
  expect(imageNameOf('ghcr.io/acme/web')).toBe('web')
  expect(imageNameOf('nginx')).toBe('nginx')
})

describe('spec.image as Flux checks it', () => {
  test.each([
    'example.com/foo/bar',
    'example.com:9999/foo/bar',
    'nginx',
    'docker.io/foo',
    'localhost:5000/foo',
  ])('%s is fine', image => {
    expect(repositoryProblem(image)).toBeUndefined()
  })

  test.each([
    [
      'https://example.com/foo/bar',
      "image 'https://example.com/foo/bar' should not include URL scheme; remove 'https://'",
    ],
    [
      'example.com/foo/bar:baz',
      "image 'example.com/foo/bar:baz' should not include a tag; remove ':baz'",
    ],
    ['nginx:1.27', "image 'nginx:1.27' should not include a tag; remove ':1.27'"],
    ['localhost:5000/x', 'repository must be between 2 and 255 characters in length: x'],
    [
      'example.com/Foo',
      'repository can only contain the characters `abcdefghijklmnopqrstuvwxyz0123456789_-./`: Foo',
    ],
    [
      `example.com/foo@sha256:${'0'.repeat(64)}`,
      `should not include a tag; remove '@sha256:${'0'.repeat(64)}'`,
    ],
  ])('%s is refused', (image, problem) => {
    expect(repositoryProblem(image)).toContain(problem)
  })
})

test.each([
  [`nginx:1.29@sha256:${'a'.repeat(64)}`, 'docker.io/library/nginx'],
  ['localhost:5000/web', 'localhost:5000/web'],
  ['${REGISTRY}/web:v1', undefined],
  ['', undefined],
])('the repository in %j is %s', (text, repository) => {
  expect(repositoryIn(text)).toBe(repository)
})
