import type { Credential } from '../../src/registry/credential.ts'
import { Redacted } from '../../src/registry/credential.ts'
import { type OciTagSourceOptions, ociTagSource } from '../../src/registry/oci-tag-source.ts'
import { needs } from '../fixtures/needs.ts'
import { labUser, type RegistryOptions, startRegistry, type TestRegistry } from './lab/registry.ts'

const user: Credential = {
  kind: 'basic',
  source: 'the login of this test',
  origin: 'ambient',
  username: labUser.username,
  password: new Redacted(labUser.password),
}
const ask = (options: Partial<OciTagSourceOptions> = {}) => ociTagSource({ env: {}, ...options })
const as = (...credentials: readonly Credential[]) =>
  ask({ findCredentials: async () => credentials })
const secret = (data: Record<string, string>) => ({
  name: 'apps/certificates',
  type: 'Opaque',
  data: new Map(Object.entries(data)),
})

/** Starts a registry with three tags in each of two repositories for the tests of one block. */
function withRegistry(options: RegistryOptions) {
  const lab = {} as { registry: TestRegistry; digests: ReadonlyMap<string, string> }
  beforeAll(async () => {
    lab.registry = await startRegistry(options)
    lab.digests = await lab.registry.push('lab/app', ['1.0.0', '1.1.0', '2.0.0'], { index: true })
    await lab.registry.push('public/app', ['stable'])
  }, 30_000)
  afterAll(() => lab.registry.stop())
  return lab
}

needs('docker-registry')('a plain registry', () => {
  const lab = withRegistry({})

  test('gives its tags and digests', async () => {
    const source = ask()
    const repository = `${lab.registry.host}/lab/app`
    expect(await source.listTags(repository)).toEqual(
      expect.arrayContaining(['1.0.0', '1.1.0', '2.0.0']),
    )
    expect(await source.digestOf(repository, '1.1.0')).toBe(lab.digests.get('1.1.0'))
    expect(await source.digestOf(repository, lab.digests.get('2.0.0') ?? '')).toBe(
      lab.digests.get('2.0.0'),
    )
  })
})

needs('docker-registry')('a registry with Basic authentication', () => {
  const lab = withRegistry({ auth: 'basic' })

  test('opens to the right login', async () => {
    expect(await as(user).listTags(`${lab.registry.host}/lab/app`)).toHaveLength(3)
  })
})

needs('docker-registry', 'openssl')('a registry with a token server', () => {
  const lab = withRegistry({ auth: 'token' })

  test('opens to the right login', async () => {
    const source = as(user)
    expect(await source.listTags(`${lab.registry.host}/lab/app`)).toHaveLength(3)
    expect(await source.digestOf(`${lab.registry.host}/lab/app`, '1.0.0')).toBe(
      lab.digests.get('1.0.0'),
    )
  })

  test('opens public repositories to everybody', async () => {
    expect(await ask().listTags(`${lab.registry.host}/public/app`)).toEqual(['stable'])
  })
})

needs('docker-registry', 'openssl')('a registry with TLS', () => {
  const lab = withRegistry({ tls: 'server' })

  test('is trusted by `ca.crt` of the policy', async () => {
    const certSecret = secret({ 'ca.crt': lab.registry.certificates?.ca ?? '' })
    expect(await ask().listTags(`${lab.registry.host}/lab/app`, { certSecret })).toHaveLength(3)
  })

  test.each(['SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS'])('is trusted by %s', async name => {
    const env = { [name]: `${lab.registry.certificates?.folder}/ca.crt` }
    expect(await ask({ env }).listTags(`${lab.registry.host}/lab/app`)).toHaveLength(3)
  })

  test('is refused without', async () => {
    await expect(ask().listTags(`${lab.registry.host}/lab/app`)).rejects.toThrow(
      'the TLS certificate is not trusted',
    )
  })
})

needs('docker-registry', 'openssl')('a registry with mutual TLS', () => {
  const lab = withRegistry({ tls: 'mutual' })

  test('opens to the client certificate', async () => {
    const { ca = '', client } = lab.registry.certificates ?? {}
    const certSecret = secret({
      'ca.crt': ca,
      'tls.crt': client?.cert ?? '',
      'tls.key': client?.key ?? '',
    })
    expect(await ask().listTags(`${lab.registry.host}/lab/app`, { certSecret })).toHaveLength(3)
  })

  test('says that it wants one', async () => {
    const certSecret = secret({ 'ca.crt': lab.registry.certificates?.ca ?? '' })
    await expect(
      ask({ limits: { tries: 1 } }).listTags(`${lab.registry.host}/lab/app`, { certSecret }),
    ).rejects.toThrow('client certificate')
  })
})
