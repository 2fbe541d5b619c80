import { type LookupAddress, type LookupOptions, lookup } from 'node:dns'
import { BlockList, isIP } from 'node:net'

/** Where no request may ever go: cloud metadata services and link-local addresses, which answer whoever asks with credentials. */
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

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8)
loopback.addAddress('::1', 'ipv6')

/** Their names are refused too: behind a proxy nobody here resolves them. */
const refusedNames =
  /^(metadata|instance-data|metadata\.goog|(.+\.)?metadata\.google\.internal|instance-data\.ec2\.internal)\.?$/i

/** Whether a host (name or literal, as `URL.hostname` gives it) can only be this machine. */
export function isLoopbackHost(hostname: string): boolean {
  const address = unbracketed(hostname)
  return /^(.+\.)?localhost\.?$/i.test(address) || contains(loopback, address)
}

/** Why no request may go to this host, by its name or as an address; undefined when it may. */
export function hostProblem(hostname: string, allowLoopback: boolean): string | undefined {
  const address = unbracketed(hostname)
  if (refusedNames.test(address) || contains(refused, address))
    return 'a metadata service or link-local address is never asked'
  if (!allowLoopback && isLoopbackHost(hostname))
    return 'a registry elsewhere must not send requests to this machine'
  return undefined
}

/** Thrown by the look-up of a name whose address is refused. */
export const refusedAddress = 'ERR_REFUSED_ADDRESS'

type LookupDone = (
  error: NodeJS.ErrnoException | null,
  address: string | LookupAddress[],
  family?: number,
) => void

/** `dns.lookup` for sockets that fails when any address of the name is one that no request may go to: a name proves nothing. */
export function guardedLookup(allowLoopback: boolean) {
  return (hostname: string, options: LookupOptions, done: LookupDone): void => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, [])
      const bad = addresses
        .map(({ address }) => hostProblem(address, allowLoopback))
        .find(problem => problem !== undefined)
      if (bad) return done(Object.assign(new Error(bad), { code: refusedAddress }), [])
      if (options.all) return done(null, addresses)
      done(null, addresses[0]?.address ?? '', addresses[0]?.family ?? 4)
    })
  }
}

const unbracketed = (hostname: string) => hostname.replace(/^\[|\]$/g, '')

function contains(list: BlockList, address: string): boolean {
  const family = isIP(address)
  if (family === 0) return false
  if (family === 4) return list.check(address, 'ipv4')
  const embedded = embeddedIPv4(address)
  return list.check(address, 'ipv6') || (embedded !== undefined && list.check(embedded, 'ipv4'))
}

/** The IPv4 address inside an IPv6 one: mapped (::ffff:0:0/96), compatible (::/96), NAT64 (64:ff9b::/96), 6to4 (2002::/16). */
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

/** The eight groups of an IPv6 address. The URL parser writes the dotted end of `::ffff:127.0.0.1` as groups, and drops no zone by itself. */
function expand(address: string): number[] {
  const hostname = new URL(`http://[${address.replace(/%.*$/, '')}]/`).hostname.slice(1, -1)
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
