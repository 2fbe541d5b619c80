import { BlockList, isIP } from 'node:net'
import { FunctionError } from '../errors.ts'
import type { RepositoryAccess } from '../image/repository-access.ts'
import { isLoopbackHost } from './address-policy.ts'

export type Env = Readonly<Record<string, string | undefined>>

/**
 * The proxy for `url`: that of `proxySecretRef`, else that of the environment; undefined for a
 * direct connection. Throws REGISTRY_FAILED if the address of the proxy is invalid. As in Go, the
 * environment's proxy is never used for this machine.
 * Source: golang.org/x/net/http/httpproxy.
 */
export function proxyOf(
  url: URL,
  secret: RepositoryAccess['proxySecret'],
  env: Env,
): URL | undefined {
  if (secret) return proxyOfSecret(secret)
  if (isLoopbackHost(url.hostname) || isExempt(url, env.NO_PROXY || env.no_proxy || ''))
    return undefined
  const name = url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY'
  const value = env[name] || env[name.toLowerCase()]
  return value ? parseProxy(value, `the environment's ${name}`) : undefined
}

function proxyOfSecret({ name, data }: NonNullable<RepositoryAccess['proxySecret']>): URL {
  const proxy = parseProxy(
    data.get('address')?.trim() ?? '',
    `\`address\` of Secret ${name} (proxySecretRef)`,
  )
  const username = data.get('username')
  if (username) {
    proxy.username = encoded(username)
    proxy.password = encoded(data.get('password') ?? '')
  }
  return proxy
}

/** encodeURIComponent throws on lone surrogates, which the conversion to bytes replaces. */
const encoded = (text: string) => encodeURIComponent(Buffer.from(text).toString())

function parseProxy(value: string, source: string): URL {
  const text = value.includes('://') ? value : `http://${value}`
  const proxy = URL.canParse(text) ? new URL(text) : undefined
  // never the value: it may hold a password
  if (proxy === undefined || !/^(https?|socks5?):$/.test(proxy.protocol) || proxy.hostname === '') {
    throw new FunctionError(
      'REGISTRY_FAILED',
      `${source}: must be the URL of a proxy, such as http://proxy.example.com:3128`,
    )
  }
  return proxy
}

/**
 * NO_PROXY as in Go: hosts with their subdomains, `.suffix` for only the subdomains, addresses and
 * CIDR ranges, each with an optional port; `*`.
 */
function isExempt(url: URL, list: string): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase()
  const port = url.port || (url.protocol === 'https:' ? '443' : '80')
  return list
    .split(',')
    .map(entry => entry.trim().toLowerCase())
    .some(entry => entry !== '' && matches(entry, host, port))
}

function matches(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true
  const [, range = '', bits] = /^(.+)\/(\d{1,3})$/.exec(entry) ?? []
  if (bits !== undefined && isIP(range)) return inRange(host, range, Number(bits))
  const [, bracketed, plain, onlyPort] =
    /^(?:\[([^\]]+)\]|([^:]*|[^:]*:[^:]*:.*?))(?::(\d+))?$/.exec(entry) ?? []
  const name = isIP(entry) ? entry : (bracketed ?? plain ?? entry)
  if (onlyPort !== undefined && !isIP(entry) && onlyPort !== port) return false
  if (isIP(name) || isIP(host)) return name === host
  const suffix = name.replace(/^\*?\./, '')
  return host.endsWith(`.${suffix}`) || (host === suffix && suffix === name)
}

function inRange(host: string, range: string, bits: number): boolean {
  const family = isIP(range)
  if (isIP(host) === 0 || bits > (family === 4 ? 32 : 128)) return false
  const list = new BlockList()
  list.addSubnet(range, bits, family === 4 ? 'ipv4' : 'ipv6')
  return list.check(host, isIP(host) === 4 ? 'ipv4' : 'ipv6')
}
