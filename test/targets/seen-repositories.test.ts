import { seenRepositories } from '../../src/targets/seen-repositories.ts'

test.each([
  ['image: ghcr.io/acme/app:v1\n', ['ghcr.io/acme/app']],
  ['{"image": "nginx"}', ['docker.io/library/nginx']],
  ["newName: 'acme/app'\n", ['docker.io/acme/app']],
  ['- image: a:1\n- image: a:2\n', ['docker.io/library/a']],
  ['image: ${IMAGE}\nimage:\n  repository: a/b\n', ['docker.io/a/b']],
  ['myimage: a/b\nimages: a/b\n', []],
])('%j has %j', (text, expected) => {
  expect(seenRepositories(Buffer.from(text))).toEqual(expected)
})

test('a thousand are enough', () => {
  const text = Array.from({ length: 1100 }, (_, index) => `image: r${index}\n`).join('')
  expect(seenRepositories(Buffer.from(text))).toHaveLength(1000)
})
