import type { Resource } from '../../src/krm/resource.ts'
import { findSecret, type SecretUse } from '../../src/policy/secrets.ts'
import { fluxPolicy } from '../fixtures/inline.ts'
import { readParties } from '../fixtures/read-resources.ts'

const base64 = (text: string) => Buffer.from(text).toString('base64')

const secret = (more: object, metadata: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'creds', namespace: 'flux-system', ...metadata },
  ...more,
})
const pull = { type: 'kubernetes.io/dockerconfigjson' }
const json = (text = '{}') => ({ data: { '.dockerconfigjson': base64(text) } })

/** Finds the Secret of an ImageRepository on stdin, among others on stdin and in `--policies`. */
async function findIn(
  stdin: readonly object[],
  policies: readonly object[],
  use: SecretUse = 'certSecretRef',
) {
  const [owner, ...others] = await readParties(
    [fluxPolicy('app', '1.x')[0] ?? {}, ...stdin],
    policies,
  )
  return findSecret(others, owner as Resource, use, 'creds')
}
const find = (...objects: readonly object[]) => findIn(objects, [])

test('data is decoded, and stringData wins', async () => {
  const given = secret({
    type: 'kubernetes.io/tls',
    data: { a: base64('one'), b: base64('two'), c: 3 },
    stringData: { b: 'three' },
  })
  expect(await find(given)).toEqual({
    party: 'the input',
    secret: {
      name: 'flux-system/creds',
      type: 'kubernetes.io/tls',
      data: new Map([
        ['a', 'one'],
        ['b', 'three'],
      ]),
    },
  })
})

test('the default type is Opaque', async () => {
  expect(await find(secret({}))).toMatchObject({ secret: { type: 'Opaque' } })
})

test('a Secret is found by its name before a host renamed it', async () => {
  const renamed = secret(
    { stringData: { a: 'x' } },
    {
      name: 'prod-creds',
      namespace: 'prod',
      annotations: {
        'internal.config.kubernetes.io/previousNames': 'creds',
        'internal.config.kubernetes.io/previousNamespaces': 'flux-system',
      },
    },
  )
  expect(await find(renamed)).toMatchObject({ secret: { data: new Map([['a', 'x']]) } })
})

const types = 'kubernetes.io/dockerconfigjson or kubernetes.io/dockercfg'
const encrypted = 'is encrypted by SOPS; decrypt it before this function runs'
const sopsFile = '{"auths":{"ghcr.io":{"auth":"ENC[AES256_GCM,data:secretive]"}},"sops":{}}'

test.each<readonly [string, SecretUse, readonly object[], string]>([
  ['that is not there', 'secretRef', [], 'is not in the input'],
  [
    'of another namespace',
    'secretRef',
    [secret({ ...pull, ...json() }, { namespace: 'other' })],
    'is not in the input; there is one in namespace "other", but it must be in the namespace of the ImageRepository',
  ],
  [
    'that a cluster would decrypt',
    'secretRef',
    [{ ...secret({}), apiVersion: 'bitnami.com/v1alpha1', kind: 'SealedSecret' }],
    'is not in the input; there is a SealedSecret of this name, which only a cluster can make a Secret of',
  ],
  ['of another type', 'secretRef', [secret(json())], `must be of type ${types}, got "Opaque"`],
  ['without data', 'secretRef', [secret(pull)], 'has no data under `.dockerconfigjson`'],
  [
    'with the key of another type',
    'secretRef',
    [secret({ ...json(), type: 'kubernetes.io/dockercfg' })],
    'has no data under `.dockercfg`',
  ],
  ...(['secretRef', 'certSecretRef', 'proxySecretRef'] as const).flatMap(
    (use): (readonly [string, SecretUse, readonly object[], string])[] => [
      [
        'whose data SOPS encrypted',
        use,
        [secret({ ...pull, data: { a: base64('x'), b: 'ENC[AES256_GCM,data:secretive]' } })],
        encrypted,
      ],
      [
        'whose stringData SOPS encrypted',
        use,
        [secret({ ...pull, stringData: { b: 'ENC[AES256_GCM,data:secretive]' } })],
        encrypted,
      ],
      [
        'made of a file that SOPS encrypted',
        use,
        [secret({ ...pull, ...json(sopsFile) })],
        encrypted,
      ],
    ],
  ),
])('a Secret %s can not be used as %s', async (_what, use, objects, problem) => {
  expect(await findIn(objects, [], use)).toEqual({
    problem: `Secret "flux-system/creds" ${problem}`,
  })
})

describe('of several Secrets of one name', () => {
  const holding = (a: string) => secret({ stringData: { a } })
  const taken = secret(
    { stringData: { a: 'taken' } },
    { annotations: { 'internal.config.kubernetes.io/previousNames': 'something' } },
  )
  const locked = holding('ENC[AES256_GCM,data:x]')
  const renamed = secret(
    { stringData: { a: 'renamed' } },
    {
      name: 'other',
      annotations: { 'internal.config.kubernetes.io/previousNames': 'creds' },
    },
  )
  test.each<readonly [string, readonly object[], readonly object[], string, string]>([
    ['that of the party of the owner', [holding('in')], [holding('ops')], 'in', 'the input'],
    ['that of another party, if it is the only one', [], [holding('ops')], 'ops', '--policies'],
    ['that which is not encrypted', [locked], [holding('ops')], 'ops', '--policies'],
    ['the first', [holding('1'), holding('2')], [], '1', 'the input'],
    ['that of the original name', [taken, renamed], [], 'renamed', 'the input'],
  ])('%s counts', async (_what, stdin, policies, a, party) => {
    expect(await findIn(stdin, policies)).toMatchObject({
      party,
      secret: { data: new Map([['a', a]]) },
    })
  })

  test('if none can be used, the problem is that of the first', async () => {
    expect(await findIn([locked], [locked])).toEqual({
      problem: `Secret "flux-system/creds" ${encrypted}`,
    })
  })
})
