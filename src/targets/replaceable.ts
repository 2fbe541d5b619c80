import { isDigest, isTag, parseImageReference } from '../image/reference.ts'
import { canonicalRepository, repositoryMention } from '../image/repository.ts'
import type { ImagePart } from './target.ts'

/** Whether a field with this text can be rewritten: it is empty, or holds what it should. `${TAG}`, `{{ .tag }}` and the like stay as they are. */
export function isReplaceable(text: string, part: ImagePart): boolean {
  if (text === '') return true
  if (part === 'tag') return isTag(text)
  if (part === 'digest') return isDigest(text)
  if (part === 'tag@digest') return tagWithDigest(text) !== undefined
  const reference = parseImageReference(text)
  return (
    reference !== undefined &&
    (part === 'image' || (reference.tag === undefined && reference.digest === undefined))
  )
}

/** The tag and the digest of `1.0.0@sha256:…`, which kustomize takes as a `newTag`; undefined for anything else. */
export function tagWithDigest(text: string): { tag: string; digest: string } | undefined {
  const at = text.indexOf('@')
  const [tag, digest] = [text.slice(0, at), text.slice(at + 1)]
  return at !== -1 && isTag(tag) && isDigest(digest) ? { tag, digest } : undefined
}

function withoutTag(name: string): string {
  const colon = name.indexOf(':', name.lastIndexOf('/') + 1)
  return colon === -1 ? name : name.slice(0, colon)
}

/**
 * Whether text that is not an image reference (`${REGISTRY}/acme/web:v1`, `ghcr.io/acme/web:{{ .tag }}`) names the canonical repository,
 * as far as can be seen.
 */
export function seemsToName(text: string, repository: string): boolean {
  const named = withoutTag(text.split('@', 1)[0] as string)
  return (
    canonicalRepository(named) === repository ||
    (/[${}()]/.test(named) && named.endsWith(`/${repositoryMention(repository)}`))
  )
}
