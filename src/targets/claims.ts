import type { ResourceDocument } from '../krm/resource.ts'
import type { ImagePolicy } from '../policy/image-policy.ts'
import { newOffsets, type Offsets } from '../yaml/offsets.ts'
import type { AliasNode } from '../yaml/tree/node.ts'

/** What the finders of targets tell each other, in their order. */
export interface Claims {
  /** A marker claims the scalar at this offset: no other finder gets it. */
  mark(document: ResourceDocument, offset: number): void
  isMarked(document: ResourceDocument, offset: number): boolean
  /** A policy that any marker names governs only its markers. */
  markPolicy(policy: ImagePolicy): void
  readonly markedPolicies: ReadonlySet<ImagePolicy>
  /**
   * Claims a scalar, reached through these aliases; false if another finder, or another target, has
   * it already.
   */
  claim(document: ResourceDocument, offset: number, aliases?: readonly AliasNode[]): boolean
  /** An entry of a kustomization sets the tag of every image that is spelled so. */
  cover(spelled: string, entry: string): void
  /** The entry that sets the tag of images that are spelled so. */
  coveredBy(spelled: string): string | undefined
}

/** What is claimed in one document. */
interface DocumentClaims {
  readonly marked: Offsets
  /** By the aliases through which a scalar is reached. */
  readonly claimed: Map<string, Offsets>
}

export function newClaims(): Claims {
  const documents = new Map<ResourceDocument, DocumentClaims>()
  const markedPolicies = new Set<ImagePolicy>()
  const covered = new Map<string, string>()
  const claimsOf = (document: ResourceDocument): DocumentClaims => {
    const known = documents.get(document)
    if (known !== undefined) return known
    const claims = { marked: newOffsets(), claimed: new Map() }
    documents.set(document, claims)
    return claims
  }
  return {
    mark: (document, offset) => claimsOf(document).marked.add(offset),
    isMarked: (document, offset) => documents.get(document)?.marked.has(offset) === true,
    markPolicy: policy => markedPolicies.add(policy),
    markedPolicies,
    claim(document, offset, aliases = []) {
      const { marked, claimed } = claimsOf(document)
      if (marked.has(offset)) return false
      const way = aliases.length === 0 ? '' : aliases.map(({ start }) => start).join()
      const offsets = claimed.get(way) ?? newOffsets()
      claimed.set(way, offsets)
      return !offsets.has(offset) && offsets.add(offset)
    },
    cover: (spelled, entry) => covered.set(spelled, entry),
    coveredBy: spelled => covered.get(spelled),
  }
}
