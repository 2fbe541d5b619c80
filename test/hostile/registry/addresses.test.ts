import type { LookupAddress } from 'node:dns'
import { isIP } from 'node:net'
import { guardAddresses, type Resolve } from '../../../src/registry/address-policy.ts'
import { limits } from '../../../src/registry/limits.ts'
import { createTransport } from '../../../src/registry/transport.ts'

/** DNS with these answers: one list for each query of a name, the last one for all that follow. */
function dns(answers: Record<string, readonly (readonly string[])[]>): Resolve {
  const queries = new Map<string, number>()
  return (hostname, _options, done) => {
    const query = queries.get(hostname) ?? 0
    queries.set(hostname, query + 1)
    const lists = answers[hostname] ?? [[]]
    const list = lists[Math.min(query, lists.length - 1)] ?? []
    done(
      null,
      list.map((address): LookupAddress => ({ address, family: isIP(address) })),
    )
  }
}

const connect = (guard: ReturnType<typeof guardAddresses>, hostname: string) =>
  new Promise<string>(resolve => {
    const problem = guard.hostProblem(hostname)
    if (problem !== undefined || isIP(hostname.replace(/[[\]]/g, '')) !== 0)
      return resolve(problem ?? 'connected')
    guard.lookup(hostname, {}, error => resolve(error?.message ?? 'connected'))
  })

const inside = [
  '10.0.0.5',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '100.64.0.1',
  '100.127.255.255',
  '224.0.0.1',
  '255.255.255.255',
  'fc00::1',
  'fd12:3456::1',
  'fec0::1',
  '::ffff:10.0.0.5',
  '64:ff9b::10.0.0.5',
  '2002:a00:5::1',
]

describe('a registry at a public address never sends us', () => {
  test.each(inside)('to %s, as an address or by a name', async address => {
    const literal = address.includes(':') ? new URL(`http://[${address}]`).hostname : address
    const resolve = dns({ 'registry.example': [['93.184.216.34']], 'token.example': [[address]] })
    for (const registry of ['registry.example', '93.184.216.34', '[2606:4700::1]']) {
      const guard = guardAddresses(registry, [], resolve)
      await connect(guard, registry)
      for (const host of [literal, 'token.example'])
        expect(await connect(guard, host)).toMatch('must not send requests to a private address')
    }
  })

  test('to a name with one public and one private address', async () => {
    const resolve = dns({
      'r.example': [['93.184.216.34']],
      't.example': [['1.1.1.1', '10.0.0.5']],
    })
    const guard = guardAddresses('r.example', [], resolve)
    await connect(guard, 'r.example')
    expect(await connect(guard, 't.example')).toMatch('private address')
  })

  test('to a name that was public when it was first used', async () => {
    const resolve = dns({
      'r.example': [['93.184.216.34']],
      't.example': [['1.1.1.1'], ['10.0.0.5']],
    })
    const guard = guardAddresses('r.example', [], resolve)
    await connect(guard, 'r.example')
    expect(await connect(guard, 't.example')).toBe('connected')
    expect(await connect(guard, 't.example')).toMatch('private address')
  })

  test('anywhere inside by pretending to be private itself', async () => {
    const resolve = dns({ 'r.example': [['10.0.0.9'], ['93.184.216.34'], ['10.0.0.9']] })
    const guard = guardAddresses('r.example', [], resolve)
    expect(await connect(guard, 'r.example')).toBe('connected')
    expect(await connect(guard, 'r.example')).toBe('connected')
    expect(await connect(guard, '10.0.0.5')).toMatch('private address')
    expect(await connect(guard, 'r.example')).toBe(
      'its name first resolved to a public address, and then to a private one',
    )
  })

  test('inside by both kinds of addresses of its own name', async () => {
    const guard = guardAddresses(
      'r.example',
      [],
      dns({ 'r.example': [['10.0.0.9', '93.184.216.34']] }),
    )
    expect(await connect(guard, 'r.example')).toBe('connected')
    expect(await connect(guard, '10.0.0.5')).toMatch('private address')
  })

  test('to a private address before it is resolved, as behind a proxy', async () => {
    const guard = guardAddresses('r.example', [])
    expect(guard.hostProblem('10.0.0.5')).toMatch('private address')
    expect(guard.hostProblem('token.example')).toBeUndefined()
  })
})

describe('a registry at a private address sends us', () => {
  const resolve = dns({
    'gitlab.corp': [['10.1.0.1']],
    'token.corp': [['192.168.0.7']],
    'token.example': [['93.184.216.34']],
    'evil.corp': [['127.0.0.1']],
    'metadata.corp': [['169.254.169.254']],
  })
  test.each([
    ['token.corp', 'connected'],
    ['10.1.0.2', 'connected'],
    ['[fd00::2]', 'connected'],
    ['token.example', 'connected'],
    ['evil.corp', 'must not send requests to this machine'],
    ['127.0.0.1', 'must not send requests to this machine'],
    ['localhost', 'must not send requests to this machine'],
    ['metadata.corp', 'is never asked'],
    ['0.0.0.0', 'is never asked'],
    ['[fe80::1]', 'is never asked'],
  ])('to %s: %s', async (host, expected) => {
    for (const registry of ['gitlab.corp', '10.1.0.1', '[fd00::1]', '100.64.1.1']) {
      const guard = guardAddresses(registry, [], resolve)
      await connect(guard, registry)
      expect(await connect(guard, host)).toMatch(expected)
    }
  })
})

test('the operator can trust a host inside, but no metadata service', async () => {
  const resolve = dns({ 'token.corp': [['10.0.0.5']], 'other.corp': [['169.254.169.254']] })
  const guard = guardAddresses('ghcr.io', ['token.corp', 'other.corp', '[fd00::1]'], resolve)
  expect(await connect(guard, 'token.corp')).toBe('connected')
  expect(await connect(guard, '[fd00::1]')).toBe('connected')
  expect(await connect(guard, '[fd00::2]')).toMatch('private address')
  expect(await connect(guard, 'other.corp')).toMatch('is never asked')
})

test('every request is judged, over a connection that exists too', async () => {
  const transport = createTransport({}, limits)
  const route = { id: 'r', registryHost: 'registry.example:5000' }
  const request = { method: 'GET', headers: {}, maxBytes: 10 } as const
  for (const url of ['http://10.0.0.5:8080/token', 'http://127.0.0.1:9/', 'http://[::1]:9/']) {
    const sent = transport({ ...request, url: new URL(url) }, route, AbortSignal.timeout(5_000))
    await expect(sent).rejects.toMatchObject({ code: 'ERR_REFUSED_ADDRESS' })
  }
})
