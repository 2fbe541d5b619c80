import { parseImageReference } from './reference.ts'

const dockerHubHosts = new Set(['docker.io', 'index.docker.io', 'registry-1.docker.io'])

/**
 * One name for all spellings of a repository (no tag, no digest): `nginx`, `library/nginx` and
 * `index.docker.io/library/nginx` are `docker.io/library/nginx`. The first part is a host if it
 * contains `.` or `:`, or is `localhost`; hosts are lower-cased.
 * Source: distribution/reference, normalize.go; go-containerregistry, pkg/name/repository.go.
 */
export function canonicalRepository(repository: string): string {
  const named = hostOf(repository)
  const host = named === '' ? 'docker.io' : named.toLowerCase()
  const path = named === '' ? repository : repository.slice(named.length + 1)
  if (!dockerHubHosts.has(host)) return `${host}/${path}`
  return `docker.io/${path.includes('/') ? path : `library/${path}`}`
}

/** The canonical repository of an image reference; undefined if the text is not one. */
export function repositoryIn(text: string): string | undefined {
  const reference = parseImageReference(text)
  return reference && canonicalRepository(reference.repository)
}

/**
 * A text that every spelling of a canonical repository contains: its path without host, and without
 * `library/` of Docker Hub.
 */
export function repositoryMention(canonical: string): string {
  const path = canonical.slice(canonical.indexOf('/') + 1)
  return canonical.startsWith('docker.io/library/') ? path.slice('library/'.length) : path
}

/** The last part of a repository: `web` of `ghcr.io/acme/web`. */
export const imageNameOf = (repository: string): string =>
  repository.slice(repository.lastIndexOf('/') + 1)

/**
 * Why Flux would not accept `spec.image` of an ImageRepository, in Flux's words, or undefined. In
 * Flux's order: a scheme, a name that no registry accepts, a tag (a digest counts as one, because
 * of its colon).
 * Source: fluxcd/image-reflector-controller, internal/registry/helper.go, and go-containerregistry,
 * pkg/name.
 */
export function repositoryProblem(image: string): string | undefined {
  const scheme = image.indexOf('://')
  if (scheme !== -1)
    return `image '${image}' should not include URL scheme; remove '${image.slice(0, scheme)}://'`
  const path = image.slice(hostOf(image).length)
  const [, name = '', suffix = ''] = /^([^:@]*)(.*)$/s.exec(path.replace(/^\//, '')) ?? []
  if (name.length < 2 || name.length > 255)
    return `repository must be between 2 and 255 characters in length: ${name}`
  if (!/^[a-z0-9_\-./]+$/.test(name)) {
    return `repository can only contain the characters \`abcdefghijklmnopqrstuvwxyz0123456789_-./\`: ${name}`
  }
  return suffix === '' ? undefined : `image '${image}' should not include a tag; remove '${suffix}'`
}

/** The registry that `repository` names; empty for Docker Hub's short names. */
function hostOf(repository: string): string {
  const slash = repository.indexOf('/')
  const first = slash === -1 ? '' : repository.slice(0, slash)
  return first.includes('.') || first.includes(':') || first === 'localhost' ? first : ''
}
