/** Whom an entry of a docker configuration is for: `path` is empty for a whole registry, else begins with a slash (`/acme/web`). */
export interface RegistryKey {
  readonly host: string
  readonly path: string
}

/**
 * Reads a key of `auths` or `credHelpers`: scheme and a leading `/v1` or `/v2` are history and mean nothing; all names of Docker Hub are `docker.io`.
 * As in a URL, the key ends at `?`, which so is no wildcard, whatever the documentation of Kubernetes says.
 * Source: kubernetes, pkg/credentialprovider/keyring.go; docker writes Hub's key as `https://index.docker.io/v1/`.
 */
export function parseRegistryKey(key: string): RegistryKey {
  const { host, path } = split(key.replace(/^https?:\/\//i, '').replace(/[?#].*$/s, ''))
  const effectivePath = path.replace(/^\/v[12](?=\/|$)/, '')
  return {
    host: hubNames.has(host) ? 'docker.io' : host,
    path: effectivePath === '/' ? '' : effectivePath,
  }
}

/** A canonical repository (`docker.io/library/nginx`) as a key: unlike a key's, its path may well begin with `v1`. */
export function keyOfRepository(repository: string): RegistryKey {
  return split(repository)
}

/** Entries of docker's config.json and of containers' auth.json that are for `repository`: path by path component, the longest path first. */
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

/** All names that Docker Hub has had. */
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
