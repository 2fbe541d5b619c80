import { readImageRepository } from '../../src/policy/flux-objects.ts'
import { readResources } from '../fixtures/read-resources.ts'

async function read(spec: object) {
  const [resource] = await readResources({
    apiVersion: 'image.toolkit.fluxcd.io/v1',
    kind: 'ImageRepository',
    metadata: { name: 'app', namespace: 'flux-system' },
    spec: { image: 'ghcr.io/acme/app', ...spec },
  })
  if (resource === undefined) throw new Error('no resource')
  return readImageRepository(resource)
}

test('the defaults of an ImageRepository', async () => {
  const { resource: _, ...repository } = await read({})
  expect(repository).toEqual({
    image: 'ghcr.io/acme/app',
    repository: 'ghcr.io/acme/app',
    exclusionList: [],
    suspended: false,
    provider: 'generic',
    insecure: false,
  })
})

test.each([
  ['timeout', '30s', { timeout: 30_000 }],
  ['timeout', '1m30.5s', { timeout: 90_500 }],
  ['timeout', '1h', { timeout: 3_600_000 }],
  ['timeout', '10ms', { timeout: 1000 }], // Flux makes a second of less
  ['provider', 'gcp', { provider: 'gcr' }],
  ['insecure', true, { insecure: true }],
  ['suspend', true, { suspended: true }],
  ['secretRef', { name: 'a' }, { secretRef: 'a' }],
  ['accessFrom', { namespaceSelectors: [{}] }, { accessFrom: [{}] }],
  ['image', 'nginx', { image: 'nginx', repository: 'docker.io/library/nginx' }],
])('%s: %j', async (key, value, expected) => {
  expect(await read({ [key]: value })).toMatchObject(expected)
})

test.each([
  ['image', undefined, 'image: must be a non-empty string, got nothing'],
  [
    'image',
    'https://a.io/app',
    "image: must be a repository without scheme, tag or digest: image 'https://a.io/app' should not include URL scheme; remove 'https://'",
  ],
  ['timeout', '30', 'timeout: must be a duration such as "30s", got "30"'],
  ['timeout', '', 'timeout: must be a duration such as "30s", got ""'],
  ['provider', 'gcr', 'provider: must be one of "generic", "aws", "azure", "gcp", got "gcr"'],
  ['secretRef', {}, 'secretRef.name: must be a non-empty string, got nothing'],
  [
    'exclusionList',
    Array(26).fill('a'),
    'exclusionList: must hold at most 25 regular expressions, got 26',
  ],
])('a wrong %s: %j', async (key, value, message) => {
  await expect(read({ [key]: value })).rejects.toThrow(
    expect.objectContaining({
      code: 'BAD_FIELD',
      message: `ImageRepository flux-system/app spec.${message}`,
    }),
  )
})
