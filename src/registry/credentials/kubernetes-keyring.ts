import { matchesGlob } from './host-glob.ts'
import { hubNames, keyOfRepository, parseRegistryKey, type RegistryKey } from './registry-key.ts'

/**
 * The entries of a pull Secret for `repository`, in the order in which kubelet tries them: keys in
 * reverse byte order, so that `ghcr.io/acme` comes before `ghcr.io` and globs come last; spellings
 * of one key in the Secret's order.
 * Source: kubernetes, pkg/credentialprovider/keyring.go.
 */
export function findInKeyring<T>(
  entries: ReadonlyMap<string, T>,
  repository: string,
): readonly (readonly [key: string, entry: T])[] {
  const wanted = keyOfRepository(repository)
  const sortKey = (key: string) => {
    const { host, path } = parseRegistryKey(key)
    return host + path
  }
  return [...entries]
    .filter(([key]) => keyringMatches(parseRegistryKey(key), wanted))
    .sort(([a], [b]) => compare(sortKey(b), sortKey(a)))
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

/**
 * The path is a plain prefix: `reg.io/foo` also matches `reg.io/foobar`. A pattern may match any
 * name of Docker Hub (`*.docker.io`).
 */
function keyringMatches(key: RegistryKey, wanted: RegistryKey): boolean {
  const hosts = hubNames.has(wanted.host) ? [...hubNames] : [wanted.host]
  return wanted.path.startsWith(key.path) && hosts.some(host => hostMatches(key.host, host))
}

/** Label by label, so that `*.foo.io` matches neither `foo.io` nor `a.b.foo.io`. */
function hostMatches(pattern: string, host: string): boolean {
  const [name = '', port] = pattern.split(':')
  const [wantedName = '', wantedPort] = host.split(':')
  const labels = name.split('.')
  const wantedLabels = wantedName.split('.')
  return (
    port === wantedPort &&
    labels.length === wantedLabels.length &&
    labels.every((label, index) => matchesGlob(label, wantedLabels[index] ?? ''))
  )
}
