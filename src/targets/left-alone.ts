import { isDigest, isTag, parseImageReference } from '../image/reference.ts'
import { canonicalRepository, repositoryMention } from '../image/repository.ts'
import type { ImagePart } from './target.ts'

/** Whether a field with this text can be rewritten: it is empty, or holds what it should. `${TAG}`, `{{ .tag }}` and the like stay as they are. */
export function isReplaceable(text: string, part: ImagePart): boolean {
  if (text === '') return true
  if (part === 'tag') return isTag(text)
  if (part === 'digest') return isDigest(text)
  const reference = parseImageReference(text)
  return (
    reference !== undefined &&
    (part === 'image' || (reference.tag === undefined && reference.digest === undefined))
  )
}

/** Whether text that is no image reference (`${REGISTRY}/acme/web:v1`, `ghcr.io/acme/web:{{ .tag }}`) names the canonical repository, as far as it can be told. */
export function seemsToName(text: string, repository: string): boolean {
  const named = text.replace(/@.*$/s, '').replace(/:[^/]*$/s, '')
  return (
    canonicalRepository(named) === repository ||
    (/[${}()]/.test(named) && named.endsWith(`/${repositoryMention(repository)}`))
  )
}
