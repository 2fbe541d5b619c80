import { type Credential, Redacted } from '../../src/registry/credential.ts'
import { parseTrustedHosts, realmProblem } from '../../src/registry/token-realm.ts'

const credential = (origin: 'yaml' | 'ambient'): Credential => ({
  kind: 'basic',
  source: 'the login',
  origin,
  username: 'u',
  password: new Redacted('p'),
})
const problem = (
  registry: string,
  realm: string,
  as: Credential | undefined = credential('ambient'),
  trusted = '',
) => realmProblem(new URL(realm), new URL(registry), as, parseTrustedHosts(trusted))

describe('credentials go to the token server', () => {
  test.each([
    ['of the same origin', 'https://ghcr.io', 'https://ghcr.io/token'],
    [
      'of the same host with another port',
      'https://r.example:5000',
      'https://r.example:5001/token',
    ],
    ['of the same domain', 'https://registry.example.com', 'https://auth.example.com/token'],
    [
      'of the same domain under a longer suffix',
      'https://registry.example.co.uk',
      'https://auth.example.co.uk/token',
    ],
    ['of Docker Hub', 'https://registry-1.docker.io', 'https://auth.docker.io/token'],
    ['of GitLab', 'https://registry.gitlab.com', 'https://gitlab.com/jwt/auth'],
    ['of this machine', 'http://127.0.0.1:5000', 'http://127.0.0.1:5001/token'],
  ])('%s', async (_name, registry, realm) => {
    expect(await problem(registry, realm)).toBeUndefined()
  })

  test.each([
    ['of another site', 'https://ghcr.io', 'https://evil.example/token'],
    [
      'of another customer of one site',
      'https://alice.github.io',
      'https://mallory.github.io/token',
    ],
    ['of another domain of one country', 'https://a.co.uk', 'https://b.co.uk/token'],
    ['of another address', 'http://127.0.0.1:5000', 'http://127.0.0.2:5000/token'],
    ['of another private address', 'https://10.0.0.1', 'https://10.0.0.2/token'],
    ['whose name only ends alike', 'https://ghcr.io', 'https://evilghcr.io/token'],
    ['of half a known pair', 'https://registry-1.docker.io', 'https://gitlab.com/jwt/auth'],
    ['by another name of an unknown suffix', 'https://registry.corp', 'https://auth.corp/token'],
  ])('never %s, but say how to allow it', async (_name, registry, realm) => {
    expect(await problem(registry, realm)).toMatch(
      /is not of the same site.*the login.*IMAGE_POLICY_TRUSTED_TOKEN_HOSTS=/,
    )
    expect(await problem(registry, realm, credential('yaml'))).toBeDefined()
  })

  test.each(['evil.example', 'a.example, EVIL.example:443x,evil.example', 'evil.example:8443'])(
    'that the operator trusts: %s',
    async trusted => {
      expect(
        await problem(
          'https://ghcr.io',
          'https://evil.example:8443/token',
          credential('ambient'),
          trusted,
        ),
      ).toBeUndefined()
    },
  )

  test.each([
    ['in the clear, when the registry speaks https', 'https://ghcr.io', 'http://ghcr.io/token'],
    ['by another protocol', 'https://ghcr.io', 'ftp://ghcr.io/token'],
    ['with a user in the realm', 'https://ghcr.io', 'https://user:pass@ghcr.io/token'],
  ])('never %s, not even anonymously', async (_name, registry, realm) => {
    expect(await realmProblem(new URL(realm), new URL(registry), undefined, [])).toBeDefined()
  })

  test('the credentials of the operator never unencrypted', async () => {
    expect(
      await problem('http://r.example', 'http://r.example/token', credential('ambient')),
    ).toMatch('must be https')
    expect(
      await problem('http://r.example', 'http://r.example/token', credential('yaml')),
    ).toBeUndefined()
  })
})

test('anonymous requests go to any token server', async () => {
  expect(
    await realmProblem(
      new URL('https://other.example/token'),
      new URL('https://ghcr.io'),
      undefined,
      [],
    ),
  ).toBeUndefined()
})
