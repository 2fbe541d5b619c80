import { proxyOf } from '../../src/registry/proxy.ts'

const hrefOf = (url: string, env: Record<string, string>) =>
  proxyOf(new URL(url), undefined, env)?.href

describe('the proxy of the environment', () => {
  test.each([
    [
      'HTTPS_PROXY for https',
      'https://ghcr.io',
      { HTTPS_PROXY: 'http://p:3128' },
      'http://p:3128/',
    ],
    ['https_proxy too', 'https://ghcr.io', { https_proxy: 'http://p:3128' }, 'http://p:3128/'],
    ['HTTP_PROXY not for https', 'https://ghcr.io', { HTTP_PROXY: 'http://p:3128' }, undefined],
    ['HTTP_PROXY for http', 'http://10.0.0.1', { HTTP_PROXY: 'http://p:3128' }, 'http://p:3128/'],
    ['without a scheme', 'https://ghcr.io', { HTTPS_PROXY: 'p:3128' }, 'http://p:3128/'],
    ['never for this machine', 'http://127.0.0.1:5000', { HTTP_PROXY: 'http://p:3128' }, undefined],
    ['none by default', 'https://ghcr.io', {}, undefined],
    ['none when empty', 'https://ghcr.io', { HTTPS_PROXY: '' }, undefined],
  ])('%s', (_name, url, env, expected) => {
    expect(hrefOf(url, env as Record<string, string>)).toBe(expected)
  })

  test.each([
    ['*', 'https://ghcr.io', true],
    ['ghcr.io', 'https://ghcr.io', true],
    ['GHCR.IO', 'https://ghcr.io', true],
    ['ghcr.io', 'https://x.ghcr.io', true],
    ['ghcr.io', 'https://xghcr.io', false],
    ['.ghcr.io', 'https://x.ghcr.io', true],
    ['.ghcr.io', 'https://ghcr.io', false],
    ['*.ghcr.io', 'https://x.ghcr.io', true],
    ['ghcr.io:443', 'https://ghcr.io', true],
    ['ghcr.io:444', 'https://ghcr.io', false],
    ['ghcr.io:5000', 'https://ghcr.io:5000', true],
    ['a.example, ghcr.io', 'https://ghcr.io', true],
    ['10.0.0.0/8', 'https://10.1.2.3', true],
    ['10.0.0.0/8', 'https://11.1.2.3', false],
    ['10.0.0.0/8', 'https://ten.example', false],
    ['10.0.0.0/99', 'https://10.1.2.3', false],
    ['10.1.2.3', 'https://10.1.2.3:5000', true],
    ['10.1.2.3:5000', 'https://10.1.2.3:5000', true],
    ['10.1.2.3:5001', 'https://10.1.2.3:5000', false],
    ['fd00::/8', 'https://[fd00::1]', true],
    ['[fd00::1]:5000', 'https://[fd00::1]:5000', true],
    ['fd00::1', 'https://[fd00::1]', true],
    ['', 'https://ghcr.io', false],
    [',,', 'https://ghcr.io', false],
  ])('NO_PROXY=%s for %s: direct %s', (noProxy, url, direct) => {
    const env = { HTTPS_PROXY: 'http://p:3128', NO_PROXY: noProxy }
    expect(hrefOf(url, env)).toBe(direct ? undefined : 'http://p:3128/')
  })
})

describe('the proxy of `proxySecretRef`', () => {
  const secret = (data: Record<string, string>) => ({
    name: 'apps/proxy',
    type: 'Opaque',
    data: new Map(Object.entries(data)),
  })

  test('is used for every host, with its login', () => {
    const proxy = proxyOf(
      new URL('http://127.0.0.1:5000'),
      secret({ address: 'http://p:3128', username: 'a@b', password: 'c:d/' }),
      {
        NO_PROXY: '*',
      },
    )
    expect(proxy?.href).toBe('http://a%40b:c%3Ad%2F@p:3128/')
  })

  test.each([
    [{}],
    [{ address: '' }],
    [{ address: 'ftp://p' }],
    [{ address: 'http://' }],
    [{ address: 'http://user:hidden@[' }],
  ])('is refused: %j', data => {
    expect(() =>
      proxyOf(new URL('https://ghcr.io'), secret(data as Record<string, string>), {}),
    ).toThrow('`address` of Secret apps/proxy (proxySecretRef): must be the URL of a proxy')
  })
})
