/**
 * The repositories that an entry of a docker configuration is for: `path` is empty for a whole
 * registry, else begins with a slash (`/acme/web`).
 */
export interface RegistryKey {
  readonly host: string
  readonly path: string
}

/**
 * Parses a key of `auths` or `credHelpers`. A scheme and a leading `/v1` or `/v2` are ignored; all
 * names of Docker Hub are `docker.io`. As in a URL, the key ends at `?`, so that `?` is not a
 * wildcard, contrary to the documentation of Kubernetes.
 * Source: kubernetes, pkg/credentialprovider/keyring.go; docker writes Hub's key as
 * `https://index.docker.io/v1/`.
 */
export function parseRegistryKey(key: string): RegistryKey {
  const { host, path } = split(key.replace(/^https?:\/\//i, '').replace(/[?#].*$/s, ''))
  const effectivePath = path.replace(/^\/v[12](?=\/|$)/, '')
  return {
    host: hubNames.has(host) ? 'docker.io' : host,
    path: effectivePath === '/' ? '' : effectivePath,
  }
}

/**
 * A canonical repository (`docker.io/library/nginx`) as a key. A leading `v1` belongs to its path.
 */
export function keyOfRepository(repository: string): RegistryKey {
  return split(repository)
}

/**
 * The entries of docker's config.json or containers' auth.json for `repository`. Paths match by
 * component; the longest path comes first.
 */
export function findByPath<T>(
  entries: ReadonlyMap<string, T>,
  repository: string,
): readonly (readonly [key: string, entry: T])[] {
  const wanted = keyOfRepository(repository)
  const depth = (key: string) => parseRegistryKey(key).path.length
  return [...entries]
    .filter(([key]) => {
      const { host, path } = parseRegistryKey(key)
      return (
        host === wanted.host && `${wanted.path}/`.startsWith(path.endsWith('/') ? path : `${path}/`)
      )
    })
    .sort(([a], [b]) => depth(b) - depth(a))
}

/** All names of Docker Hub. */
export const hubNames: ReadonlySet<string> = new Set([
  'docker.io',
  'index.docker.io',
  'registry-1.docker.io',
])

function split(text: string): RegistryKey {
  const slash = text.indexOf('/')
  return slash === -1
    ? { host: text.toLowerCase(), path: '' }
    : { host: text.slice(0, slash).toLowerCase(), path: text.slice(slash) }
}
