import { type LookupAddress, type LookupOptions, lookup as lookupByDns } from 'node:dns'
import { BlockList, isIP } from 'node:net'

/**
 * How far inside an address is. What a registry refers to (a token server, the target of a
 * redirect) must not be further inside than the registry: otherwise anybody's registry could make
 * us send requests to services that only we can reach.
 */
type Zone = 'public' | 'private' | 'loopback'

const depthOf: Record<Zone, number> = { public: 0, private: 1, loopback: 2 }

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8)
loopback.addAddress('::1', 'ipv6')

const privateAddresses = new BlockList()
privateAddresses.addSubnet('10.0.0.0', 8)
privateAddresses.addSubnet('172.16.0.0', 12)
privateAddresses.addSubnet('192.168.0.0', 16)
privateAddresses.addSubnet('100.64.0.0', 10) // carrier-grade NAT; Tailscale
privateAddresses.addSubnet('192.0.0.0', 24) // protocol assignments
privateAddresses.addSubnet('224.0.0.0', 3) // multicast and reserved
privateAddresses.addSubnet('fc00::', 7, 'ipv6') // unique local
privateAddresses.addSubnet('fec0::', 10, 'ipv6') // site-local
privateAddresses.addSubnet('64:ff9b:1::', 48, 'ipv6') // NAT64 of a local network
privateAddresses.addSubnet('ff00::', 8, 'ipv6') // multicast

/**
 * Never asked, because metadata services of clouds answer anybody on the machine with credentials.
 */
const refused = new BlockList()
refused.addSubnet('169.254.0.0', 16) // link-local; AWS, Azure, Google, OpenStack
refused.addSubnet('0.0.0.0', 8) // "this host"
refused.addAddress('100.100.100.200') // Alibaba Cloud
refused.addAddress('168.63.129.16') // Azure's wire server
refused.addAddress('192.0.0.192') // Oracle Cloud
refused.addSubnet('fe80::', 10, 'ipv6')
refused.addSubnet('fd00:ec2::', 32, 'ipv6') // AWS
refused.addAddress('::', 'ipv6')
refused.addAddress('fd20:ce::254', 'ipv6') // Google

/** Refused by name too, because a proxy resolves names itself. */
const refusedNames =
  /^(metadata|instance-data|metadata\.goog|(?:[^.]+\.)*metadata\.google\.internal|instance-data\.ec2\.internal)\.?$/i

/** Whether a host (name or literal, as in `URL.hostname`) is this machine for certain. */
export const isLoopbackHost = (hostname: string): boolean =>
  zoneOfHost(unbracketed(hostname)) === 'loopback'

/** Code of the error for a refused address. */
export const refusedAddress = 'ERR_REFUSED_ADDRESS'

type LookupDone = (
  error: NodeJS.ErrnoException | null,
  address: string | LookupAddress[],
  family?: number,
) => void

/** `dns.lookup`, as sockets call it. */
export type Resolve = (hostname: string, options: LookupOptions, done: LookupDone) => void

/** Decides to which addresses the requests on behalf of one registry may go. */
export interface AddressGuard {
  /**
   * Why no request may go to this host, judged by its name or literal address; undefined if one
   * may.
   */
  hostProblem(hostname: string): string | undefined
  /**
   * Fails if a name resolves to a refused address. Sockets connect to its answer, so that a later
   * change in DNS has no effect.
   */
  readonly lookup: Resolve
}

/** The guard for a proxy of the operator: anywhere but to metadata services. */
export const proxyGuard = (): AddressGuard => guardAddresses('localhost', [])

/**
 * `trustedHosts`, without ports, may be anywhere. The zone of a registry with a name is known only
 * after it was resolved; until then, and behind a proxy, it is public.
 */
export function guardAddresses(
  registryHostname: string,
  trustedHosts: readonly string[],
  resolve: Resolve = lookupByDns as Resolve,
): AddressGuard {
  const trusted = new Set(trustedHosts.map(unbracketed))
  let registryZone = zoneOfHost(unbracketed(registryHostname))

  function hostProblem(hostname: string): string | undefined {
    const host = unbracketed(hostname)
    if (refusedNames.test(host) || contains(refused, host)) return neverAsked
    const zone = zoneOfHost(host)
    return zone && problemOf(hostname, [zone])
  }

  /** `zones` are those of all addresses of the host. */
  function problemOf(hostname: string, zones: readonly Zone[]): string | undefined {
    if (hostname === registryHostname) return problemOfRegistry(zones.reduce(outer))
    if (trusted.has(unbracketed(hostname))) return undefined
    const innermost = zones.reduce(inner)
    const registry = registryZone ?? 'public'
    if (depthOf[innermost] <= depthOf[registry]) return undefined
    return innermost === 'loopback'
      ? `a registry elsewhere must not send requests to this machine ${unlessTrusted}`
      : `a registry at a public address must not send requests to a private address ${unlessTrusted}`
  }

  /**
   * Its name may resolve to other addresses at each connection. The outermost so far counts: an
   * answer may have come from there.
   */
  function problemOfRegistry(outermost: Zone): string | undefined {
    registryZone = registryZone === undefined ? outermost : outer(registryZone, outermost)
    return registryZone === outermost
      ? undefined
      : `its name first resolved to a ${registryZone} address, and then to a ${outermost} one`
  }

  return {
    hostProblem,
    lookup(hostname, options, done) {
      resolve(hostname, { ...options, all: true }, (error, found) => {
        if (error) return done(error, [])
        const addresses = found as LookupAddress[]
        const texts = addresses.map(({ address }) => address)
        const [first] = addresses
        if (first === undefined)
          return done(Object.assign(new Error('no address'), { code: 'ENOTFOUND' }), [])
        const problem = texts.some(text => contains(refused, text))
          ? neverAsked
          : problemOf(hostname, texts.map(zoneOf))
        if (problem) return done(Object.assign(new Error(problem), { code: refusedAddress }), [])
        if (options.all) return done(null, addresses)
        done(null, first.address, first.family)
      })
    },
  }
}

const neverAsked = 'a metadata service or link-local address is never asked'
const unlessTrusted = '(unless IMAGE_POLICY_TRUSTED_TOKEN_HOSTS has the host)'

const inner = (a: Zone, b: Zone): Zone => (depthOf[a] > depthOf[b] ? a : b)
const outer = (a: Zone, b: Zone): Zone => (depthOf[a] < depthOf[b] ? a : b)

/** Undefined for a name, except for the names of this machine. */
function zoneOfHost(host: string): Zone | undefined {
  if (/^(?:[^.]+\.)*localhost\.?$/i.test(host)) return 'loopback'
  return isIP(host) === 0 ? undefined : zoneOf(host)
}

function zoneOf(address: string): Zone {
  if (contains(loopback, address)) return 'loopback'
  return contains(privateAddresses, address) ? 'private' : 'public'
}

const unbracketed = (hostname: string): string => hostname.replace(/^\[|\]$/g, '')

function contains(list: BlockList, address: string): boolean {
  const family = isIP(address)
  if (family === 0) return false
  if (family === 4) return list.check(address, 'ipv4')
  const embedded = embeddedIPv4(address)
  return list.check(address, 'ipv6') || (embedded !== undefined && list.check(embedded, 'ipv4'))
}

/**
 * The IPv4 address inside an IPv6 one: mapped (::ffff:0:0/96), compatible (::/96), NAT64
 * (64:ff9b::/96), 6to4 (2002::/16).
 */
function embeddedIPv4(address: string): string | undefined {
  const groups = expand(address)
  const dotted = (high = 0, low = 0) => [high >> 8, high & 255, low >> 8, low & 255].join('.')
  if (groups[0] === 0x2002) return dotted(groups[1], groups[2])
  const prefix = groups
    .slice(0, 6)
    .map(group => group.toString(16))
    .join(':')
  return ['0:0:0:0:0:ffff', '0:0:0:0:0:0', '64:ff9b:0:0:0:0'].includes(prefix) &&
    !(groups[6] === 0 && (groups[7] ?? 0) < 2)
    ? dotted(groups[6], groups[7])
    : undefined
}

/**
 * The eight groups of an IPv6 address. The URL parser writes the dotted end of `::ffff:127.0.0.1`
 * as groups, but refuses a zone index.
 */
function expand(address: string): number[] {
  const [withoutZone = ''] = address.split('%', 1)
  const hostname = new URL(`http://[${withoutZone}]/`).hostname.slice(1, -1)
  const [head = '', tail] = hostname.split('::')
  const groups = (part: string) =>
    part === '' ? [] : part.split(':').map(group => Number.parseInt(group, 16))
  if (tail === undefined) return groups(head)
  return [
    ...groups(head),
    ...Array<number>(8 - groups(head).length - groups(tail).length).fill(0),
    ...groups(tail),
  ]
}
