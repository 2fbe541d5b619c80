import { pullTokenScope, readingTokenScopes } from '../../src/registry/token-scope.ts'

test.each([
  [undefined, []],
  ['', []],
  ['repository:a/b:pull', ['repository:a/b:pull']],
  ['repository:a/b:pull,push', ['repository:a/b:pull']],
  ['repository:a/b:metadata_read', ['repository:a/b:metadata_read']],
  ['repository:a/b:metadata_read,push,pull,pull', ['repository:a/b:pull,metadata_read']],
  ['repository:a/b:pull  repository:b:pull,push', ['repository:a/b:pull']],
  ['repository:a/b:*', []],
  ['repository:a/b:delete', []],
  ['repository:a/c:pull', []],
  ['repository:a/b/c:pull', []],
  ['repository:a/b:c:pull', []],
  ['repository(plugin):a/b:pull', []],
  ['registry:catalog:*', []],
  ['pull', []],
])('of the scopes %j, %j are asked for', (scope, expected) => {
  expect(readingTokenScopes(scope, 'a/b')).toEqual(expected)
})

test('pulling is always asked for', () =>
  expect(pullTokenScope('acme/web')).toBe('repository:acme/web:pull'))
