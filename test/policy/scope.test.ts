import type { Resource } from '../../src/krm/resource.ts'
import type { ImagePolicy } from '../../src/policy/image-policy.ts'
import { folderOf, inScope, narrowest, placeScopes } from '../../src/policy/scope.ts'
import { newProblems } from '../../src/problems.ts'

const policyIn = (name: string, scope?: readonly string[], dropped?: number) =>
  ({
    resource: { apiVersion: 'v1', kind: 'ImagePolicy', name },
    field: 'spec',
    id: {
      original: { namespace: 'n', name },
      current: { namespace: 'n', name },
      ...(scope && { scope }),
    },
    ...(dropped !== undefined && { dropped }),
  }) as ImagePolicy

const item = (
  file: string | undefined,
  annotations: Readonly<Record<string, string>> = {},
  writable = true,
) =>
  ({
    id: { apiVersion: 'v1', kind: 'Pod', name: 'a', ...(file !== undefined && { file }) },
    annotations: new Map(Object.entries(annotations)),
    document: { writable },
  }) as unknown as Resource

test.each([
  ['./overlays/prod', 'overlays/prod'],
  ['overlays//prod/', 'overlays/prod'],
  ['/overlays/prod', 'overlays/prod'],
  ['./', ''],
  ['', ''],
  ['.', ''],
  ['a/../b', 'b'],
  ['../../b', 'b'],
])('the folder of %j is %j', (path, folder) => {
  expect(folderOf(path)).toBe(folder)
})

describe('a resource is in scope', () => {
  test.each<readonly [string, readonly string[] | undefined, Resource, boolean]>([
    ['of a policy without one', undefined, item('a.yaml'), true],
    ['of the Git root', [''], item('a.yaml'), true],
    ['below the folder', ['apps'], item('apps/web/a.yaml'), true],
    ['below any of the folders', ['apps', 'infra'], item('infra/a.yaml'), true],
    ['as the host may spell it', ['apps'], item('./apps/a.yaml'), true],
    ['unless it is elsewhere', ['apps'], item('other/a.yaml'), false],
    ['unless the name of its folder only begins like it', ['apps'], item('apps-old/a.yaml'), false],
    ['unless the folder is its file', ['apps'], item('apps'), false],
    ['if its file is unknown', ['apps'], item(undefined), true],
    ['if its origin is outside', ['apps'], item('../base/a.yaml'), true],
    [
      'if its origin is another repository',
      ['apps'],
      item('x/a.yaml', { 'config.kubernetes.io/origin': 'repo: https://a\npath: x/a.yaml' }),
      true,
    ],
    [
      'unless its path annotation is elsewhere',
      ['apps'],
      item('x/a.yaml', {
        'config.kubernetes.io/path': 'x/a.yaml',
        'config.kubernetes.io/origin': 'repo: a\npath: y',
      }),
      false,
    ],
  ])('%s', (_what, scope, resource, expected) => {
    expect(inScope(policyIn('p', scope), resource)).toBe(expected)
  })
})

test('the narrowest is the deepest folder that contains the resource', () => {
  const all = policyIn('all')
  const apps = policyIn('apps', ['apps', 'x/y/z'])
  const web = policyIn('web', ['apps/web'])
  const also = policyIn('also', ['infra', 'apps/web'])
  expect(narrowest([all, apps, web, also], item('apps/web/a.yaml'))).toEqual([web, also])
  expect(narrowest([all, apps, web], item('apps/a.yaml'))).toEqual([apps])
  expect(narrowest([all, apps, web], item('a.yaml'))).toEqual([all])
  expect(narrowest([apps, web], item('a.yaml'))).toEqual([])
  expect(
    narrowest([policyIn('prod', ['overlays/prod'], 2), all], item('a.yaml')).map(
      ({ id }) => id.current.name,
    ),
  ).toEqual(['prod'])
})

describe('leading folders are dropped', () => {
  const droppedFor = async (
    scopes: readonly (readonly string[] | undefined)[],
    items: readonly Resource[],
  ) => {
    const reads: (readonly string[])[] = []
    const problems = newProblems()
    const policies = await placeScopes(
      scopes.map((scope, index) => policyIn(`p${index}`, scope)),
      async mentions => {
        reads.push(mentions)
        return items.filter(({ id }) =>
          mentions.some(mention => id.file?.includes(mention) === true || mention === ''),
        )
      },
      problems,
    )
    return {
      dropped: policies.map(({ dropped = 0 }) => dropped),
      notices: problems.notices.length,
      reads,
    }
  }

  test.each<
    readonly [
      string,
      readonly (readonly string[] | undefined)[],
      readonly Resource[],
      readonly number[],
    ]
  >([
    [
      'none if some item is under some scope',
      [['a/b'], ['c/d']],
      [item('a/b/x.yaml'), item('y.yaml')],
      [0, 0],
    ],
    [
      'the same number from all, the fewest that let some item lie under one',
      [['a/b/c'], ['a/d/e'], undefined],
      [item('e/x.yaml'), item('y.yaml')],
      [2, 2, 0],
    ],
    ['all of the shortest at most', [['a/b/c'], ['d']], [item('x.yaml')], [1, 1]],
    [
      'none for what is only read',
      [['a/b']],
      [item('a/b/x.yaml', {}, false), item('b/x.yaml')],
      [1],
    ],
    ['none for a file outside', [['a/b']], [item('../a/b/x.yaml'), item('b/x.yaml')], [1]],
  ])('%s', async (_what, scopes, items, expected) => {
    expect(await droppedFor(scopes, items)).toMatchObject({
      dropped: expected,
      notices: expected.filter(dropped => dropped > 0).length,
    })
  })

  test('nowhere if no file is known, with a notice', async () => {
    expect(await droppedFor([['a/b'], undefined, ['']], [item(undefined)])).toMatchObject({
      dropped: [0, 0, 0],
      notices: 1,
    })
  })

  test('without a look at any item if no scope is narrow', async () => {
    expect((await droppedFor([[''], undefined], [item('a.yaml')])).reads).toEqual([])
  })

  test('without a look at all items if one is under a scope as it is', async () => {
    expect((await droppedFor([['a/b']], [item('a/b/x.yaml')])).reads).toEqual([['b']])
  })
})
