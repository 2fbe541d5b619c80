import { pullTokenScope, readingTokenScopes } from '../../src/registry/token-scope.ts'

test.each([
  [undefined, []],
  ['', []],
  ['repository:a/b:pull', ['repository:a/b:pull']],
  ['repository:a/b:pull,push', ['repository:a/b:pull']],
  ['repository:a/b:*', ['repository:a/b:pull']],
  ['repository:a/b:delete', ['repository:a/b:pull']],
  ['repository:a/b:metadata_read', ['repository:a/b:metadata_read']],
  ['repository:a/b:pull,metadata_read', ['repository:a/b:pull,metadata_read']],
  ['repository:host:5000/b:pull', ['repository:host:5000/b:pull']],
  ['repository(plugin):a:pull', ['repository(plugin):a:pull']],
  ['repository:a:pull  repository:b:pull,push', ['repository:a:pull', 'repository:b:pull']],
  ['pull', ['pull']],
  ['x'.repeat(501), []],
])('the scope %j asks for %j', (scope, expected) => {
  expect(readingTokenScopes(scope)).toEqual(expected)
})

test('pulling is always asked for', () =>
  expect(pullTokenScope('acme/web')).toBe('repository:acme/web:pull'))
