import { groupBy } from '../group-by.ts'
import { isDigest, isTag, parseImageReference } from '../image/reference.ts'
import { canonicalRepository, repositoryMention } from '../image/repository.ts'
import type { ImagePart } from './target.ts'

/**
 * Whether a field with this text can be rewritten: it is empty, or holds what it should. `${TAG}`,
 * `{{ .tag }}` and the like stay as they are.
 */
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

/**
 * The tag and the digest of `1.0.0@sha256:…`, which kustomize takes as a `newTag`; undefined for
 * anything else.
 */
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
 * Finds which of some canonical repositories a text names that is not an image reference
 * (`${REGISTRY}/acme/web:v1`, `ghcr.io/acme/web:{{ .tag }}`), as far as can be seen. Takes no
 * longer for more repositories.
 */
export function namedRepositories(
  repositories: Iterable<string>,
): (text: string) => readonly string[] {
  const known = new Set(repositories)
  const byMention = groupBy(known, repositoryMention)
  let longest = 0
  for (const mention of byMention.keys()) longest = Math.max(longest, mention.length)
  return text => {
    const named = withoutTag(text.split('@', 1)[0] as string)
    const canonical = canonicalRepository(named)
    const found = new Set(known.has(canonical) ? [canonical] : [])
    if (!/[${}()]/.test(named)) return [...found]
    let slash = named.indexOf('/', named.length - longest - 1)
    for (; slash !== -1; slash = named.indexOf('/', slash + 1))
      for (const repository of byMention.get(named.slice(slash + 1)) ?? []) found.add(repository)
    return [...found]
  }
}
