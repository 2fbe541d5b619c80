import { fieldsOf } from '../../src/krm/fields.ts'
import { checkAccess } from '../../src/policy/cross-namespace.ts'
import { readImageRepository } from '../../src/policy/flux-objects.ts'
import { newProblems } from '../../src/problems.ts'
import { fluxPolicy } from '../fixtures/inline.ts'
import { readResources } from '../fixtures/read-resources.ts'

const namespaceOf = (labels: object) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'shop', labels },
})
const selecting = (...matchLabels: readonly object[]) => ({
  namespaceSelectors: matchLabels.map(labels => ({ matchLabels: labels })),
})

const name = 'kubernetes.io/metadata.name'
const mismatch =
  'must name a repository that namespace "shop" may use; no selector of `spec.accessFrom` of ImageRepository flux-system/app matches the labels of that namespace'

/**
 * The errors and notices for a policy of namespace `shop` that uses a repository of `flux-system`.
 */
async function problemsOf(accessFrom: object | undefined, others: readonly object[] = []) {
  const [, object = {}] = fluxPolicy('app', '1.x', { namespace: 'shop' })
  const [repositoryObject = {}] = fluxPolicy('app', '1.x')
  const [policy, repository, ...rest] = await readResources(
    object,
    { ...repositoryObject, spec: { image: 'ghcr.io/acme/app', accessFrom } },
    ...others,
  )
  if (policy === undefined || repository === undefined) throw new Error('no resources')
  const problems = newProblems()
  const ref = fieldsOf(policy.id, {}, 'spec.imageRepositoryRef')
  problems.attempt(() => checkAccess(policy, readImageRepository(repository), ref, rest, problems))
  return [...problems.errors, ...problems.notices].map(({ problem }) => problem)
}

test.each<readonly [string, object | undefined, readonly object[], string | undefined]>([
  [
    'without accessFrom',
    undefined,
    [],
    'must name a repository that namespace "shop" may use; set `spec.accessFrom` of ImageRepository flux-system/app',
  ],
  [
    'without any selector',
    selecting(),
    [namespaceOf({ env: 'prod' })],
    'must name a repository that namespace "shop" may use; no selector of `spec.accessFrom` of ImageRepository flux-system/app matches the labels of that namespace',
  ],
  ['with an empty selector, whatever the Namespace', selecting({ a: 'b' }, {}), [], undefined],
  [
    'with a selector, if the Namespace is not in the input',
    selecting({ env: 'prod' }),
    [],
    'names ImageRepository flux-system/app, whose `spec.accessFrom` can\'t be checked: Namespace "shop" is not in the input',
  ],
  ...(
    [
      ['the name of the namespace', { [name]: 'shop' }],
      ['the name of another namespace', { [name]: 'other' }],
    ] as const
  ).flatMap(([what, labels]): [string, object, readonly object[], string | undefined][] => {
    const denied = labels[name] === 'shop' ? undefined : mismatch
    return [
      [`with ${what}, if the Namespace is not in the input`, selecting(labels), [], denied],
      [`with ${what}, without labels`, selecting(labels), [namespaceOf({})], denied],
      [
        `with ${what}, whatever the manifest claims`,
        selecting(labels),
        [namespaceOf({ [name]: 'other' })],
        denied,
      ],
    ]
  }),
  [
    'with the name and a label, if the Namespace is not in the input',
    selecting({ [name]: 'shop', env: 'prod' }),
    [],
    'names ImageRepository flux-system/app, whose `spec.accessFrom` can\'t be checked: Namespace "shop" is not in the input',
  ],
  [
    'with another name and a label, if the Namespace is not in the input',
    selecting({ [name]: 'other', env: 'prod' }),
    [],
    mismatch,
  ],
  [
    'with labels of which each copy of the Namespace has one',
    selecting({ env: 'prod', team: 'a' }),
    [namespaceOf({ env: 'prod' }), namespaceOf({ team: 'a', env: 'dev' })],
    undefined,
  ],
  [
    'with a selector that matches',
    selecting({ env: 'dev' }, { env: 'prod' }),
    [namespaceOf({ env: 'prod', team: 'a' })],
    undefined,
  ],
  [
    'with a selector of which one label does not match',
    selecting({ env: 'prod', team: 'b' }),
    [namespaceOf({ env: 'prod', team: 'a' })],
    'must name a repository that namespace "shop" may use; no selector of `spec.accessFrom` of ImageRepository flux-system/app matches the labels of that namespace',
  ],
])('a repository of another namespace %s', async (_what, accessFrom, others, problem) => {
  expect(await problemsOf(accessFrom, others)).toEqual(problem === undefined ? [] : [problem])
})

test.each([
  ['by its present name', 'shop', undefined],
  ['by its original name', 'other', 'shop'],
])(
  'a repository of the same namespace %s needs no accessFrom',
  async (_what, namespace, before) => {
    const annotations = { 'internal.config.kubernetes.io/previousNamespaces': before }
    const [repository, policy] = await readResources(
      {
        ...fluxPolicy('app', '1.x')[0],
        metadata: { name: 'app', namespace, ...(before !== undefined && { annotations }) },
      },
      fluxPolicy('app', '1.x', { namespace: 'shop' })[1] ?? {},
    )
    if (policy === undefined || repository === undefined) throw new Error('no resources')
    const problems = newProblems()
    const ref = fieldsOf(policy.id, {}, 'spec.imageRepositoryRef')
    checkAccess(policy, readImageRepository(repository), ref, [], problems)
    expect(problems.notices).toEqual([])
  },
)
