import type { ResourceDocument } from '../krm/resource.ts'
import type { ImagePolicy } from '../policy/image-policy.ts'
import type { AliasNode } from '../yaml/tree/node.ts'

/** What the finders of targets tell each other, in their order. */
export interface Claims {
  /** A marker claims the scalar at this offset: no other finder gets it. */
  mark(document: ResourceDocument, offset: number): void
  isMarked(document: ResourceDocument, offset: number): boolean
  /** A policy that any marker names governs only its markers. */
  markPolicy(policy: ImagePolicy): void
  readonly markedPolicies: ReadonlySet<ImagePolicy>
  /** Claims a scalar, reached through these aliases; false if another finder, or another target, has it already. */
  claim(document: ResourceDocument, offset: number, aliases?: readonly AliasNode[]): boolean
  /** An entry of a kustomization sets the tag of every image that is spelled so. */
  cover(spelled: string, entry: string): void
  /** The entry that sets the tag of images that are spelled so. */
  coveredBy(spelled: string): string | undefined
}

export function newClaims(): Claims {
  const marked = new Map<ResourceDocument, Set<number>>()
  const claimed = new Map<ResourceDocument, Map<string, Set<number>>>()
  const markedPolicies = new Set<ImagePolicy>()
  const covered = new Map<string, string>()
  return {
    mark: (document, offset) => entryOf(marked, document, newOffsets).add(offset),
    isMarked: (document, offset) => marked.get(document)?.has(offset) === true,
    markPolicy: policy => markedPolicies.add(policy),
    markedPolicies,
    claim(document, offset, aliases = []) {
      if (marked.get(document)?.has(offset)) return false
      const ways = entryOf(claimed, document, () => new Map<string, Set<number>>())
      const offsets = entryOf(ways, aliases.map(({ start }) => start).join(), newOffsets)
      if (offsets.has(offset)) return false
      offsets.add(offset)
      return true
    },
    cover: (spelled, entry) => covered.set(spelled, entry),
    coveredBy: spelled => covered.get(spelled),
  }
}

const newOffsets = () => new Set<number>()

function entryOf<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const value = make()
  map.set(key, value)
  return value
}
