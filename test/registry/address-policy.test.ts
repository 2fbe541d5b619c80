import { guardAddresses, isLoopbackHost } from '../../src/registry/address-policy.ts'

const hostname = (host: string) => new URL(`http://${host}/`).hostname
/** Asked on behalf of a registry at `registry`, which is this machine unless given. */
const hostProblem = (host: string, registry = '127.0.0.1') =>
  guardAddresses(hostname(registry), []).hostProblem(hostname(host))

describe('requests never go to', () => {
  test.each([
    '169.254.169.254',
    '169.254.0.1',
    '2852039166',
    '0xa9fea9fe',
    '0251.0376.0251.0376',
    '169.254.43518', // all but the second are one address
    '[::ffff:169.254.169.254]',
    '[::ffff:a9fe:a9fe]',
    '[::169.254.169.254]',
    '[64:ff9b::a9fe:a9fe]',
    '[2002:a9fe:a9fe::1]',
    '[fe80::1]',
    '[febf::1]',
    '[fd00:ec2::254]',
    '[fd20:ce::254]',
    '100.100.100.200',
    '168.63.129.16',
    '192.0.0.192',
    '0.0.0.0',
    '0',
    '[::]',
    '[::ffff:0.0.0.0]',
    'metadata.google.internal',
    'metadata.google.internal.',
    'METADATA',
    'metadata.goog',
  ])('%s', host => {
    expect(hostProblem(host)).toBeDefined()
  })
})

describe('requests may go to', () => {
  test.each([
    'ghcr.io',
    '10.0.0.1',
    '192.168.1.1',
    '[fd00::1]',
    '[2001:db8::1]',
    '127.0.0.1',
    'localhost',
    '[::1]',
    '100.100.100.201',
    'metadata.example.com',
  ])('%s', host => {
    expect(hostProblem(host)).toBeUndefined()
  })
})

describe('a registry elsewhere never sends us to', () => {
  test.each([
    '127.0.0.1',
    '127.9.9.9',
    '2130706433',
    'localhost',
    'a.localhost',
    'LOCALHOST.',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
  ])('%s', host => {
    expect(isLoopbackHost(hostname(host))).toBe(true)
    expect(hostProblem(host, 'ghcr.io')).toMatch('must not send requests to this machine')
    expect(hostProblem(host, '10.0.0.1')).toBeDefined()
  })
})

test.each(['ghcr.io', 'localhost.example.com', '128.0.0.1', '[::2]', 'xlocalhost'])(
  '%s is not this machine',
  host => {
    expect(isLoopbackHost(hostname(host))).toBe(false)
  },
)

describe('a name is resolved', () => {
  const find = (name: string, registry: string, all: boolean) =>
    new Promise((resolve, reject) =>
      guardAddresses(registry, []).lookup(name, { all }, (error, address) =>
        error ? reject(error) : resolve(address),
      ),
    )

  test('to its addresses', async () => {
    expect(await find('localhost', 'localhost', false)).toMatch(/^(127\.0\.0\.1|::1)$/)
    expect(await find('localhost', 'localhost', true)).toEqual(
      expect.arrayContaining([expect.objectContaining({ address: expect.any(String) })]),
    )
  })

  test('and refused addresses are an error', async () => {
    await expect(find('localhost', 'ghcr.io', true)).rejects.toMatchObject({
      code: 'ERR_REFUSED_ADDRESS',
    })
    await expect(find('169.254.169.254', 'localhost', false)).rejects.toMatchObject({
      code: 'ERR_REFUSED_ADDRESS',
    })
  })
})
