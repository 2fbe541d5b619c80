import type { FieldPath } from '../field-path.ts'
import { parseImageReference } from '../image/reference.ts'
import type { Resource } from '../krm/resource.ts'
import type { AliasNode, ScalarNode, YamlNode, YamlTree } from '../yaml/tree/node.ts'
import { dataOf, textOf } from '../yaml/tree/value.ts'
import type { FieldImage } from './repository-matcher.ts'

/** An image in Helm values, in one scalar or in several. */
export interface ValuesImage extends FieldImage {
  /** A string that holds all of it. */
  readonly image?: ValuesScalar
  readonly tag?: ValuesScalar
  readonly digest?: ValuesScalar
  /** The scalars that name its repository, if they are not `image`. */
  readonly named: readonly ValuesScalar[]
  /** Why it can't be updated, if it can't. */
  readonly problem?: string
  /** Whether the document has aliases, so that other fields may share a scalar. */
  readonly mayBeShared: boolean
}

/** A scalar in Helm values. */
export interface ValuesScalar {
  readonly path: FieldPath
  readonly node: ScalarNode
  /** The aliases on the way there. */
  readonly aliases: readonly AliasNode[]
  /** Empty for null. */
  readonly text: string
  /**
   * Whether a template may see something else than the text, because it is not a string: `1.20` is
   * 1.2, and 20240101 is 2.0240101e+07.
   */
  readonly isMisread: boolean
  /** Whether its key can be removed. */
  readonly isRemovable: boolean
}

/** A value, and the aliases on the way there. */
export interface Reached {
  readonly value: YamlNode
  readonly aliases: readonly AliasNode[]
}

/** The scalar that was reached, if it is one. */
export function scalarOf(
  tree: YamlTree,
  path: FieldPath,
  reached: Reached | undefined,
  isRemovable = true,
): ValuesScalar | undefined {
  if (reached === undefined) return undefined
  const { value, aliases } = reached
  const node = value.kind === 'alias' ? value.to : value
  if (node.kind !== 'scalar') return undefined
  const data = dataOf(tree, node)
  const text = data === null ? '' : textOf(tree, node)
  return {
    path,
    node,
    aliases: value.kind === 'alias' ? [...aliases, value] : aliases,
    text,
    isMisread: typeof data !== 'string' && (String(data) !== text || Number(data) >= 1e6),
    isRemovable,
  }
}

/** The images whose parts are at these keys: one in parts, and one in a string. */
export function imagesIn(
  resource: Resource,
  path: FieldPath,
  at: (key: string) => ValuesScalar | undefined,
): readonly ValuesImage[] {
  const [repository, image, registry] = [at('repository'), at('image'), at('registry')]
  const isSplit = registry !== undefined && registry.text !== ''
  const mayBeShared = resource.open().tree.aliases.length > 0
  const isString = image !== undefined && !isSplit && isWhole(image.text)
  const string: ValuesImage[] = isString
    ? [{ resource, path: image.path, spelled: image.text, image, named: [], mayBeShared }]
    : []
  const named = repository ?? (isString ? undefined : image)
  if (named === undefined || named.text === '') return string
  const [tag, digest] = [at('tag'), at('digest')]
  const problem = partsProblem(named, tag, digest)
  const parts: ValuesImage = {
    resource,
    path: repository === undefined && tag === undefined ? named.path : path,
    spelled: isSplit ? `${registry.text.replace(/\/$/, '')}/${named.text}` : named.text,
    named: isSplit ? [registry, named] : [named],
    mayBeShared,
    ...(tag && { tag }),
    ...(digest && { digest }),
    ...(problem !== undefined && { problem }),
  }
  return [...string, parts]
}

/**
 * Whether a text is more than a repository: it has a tag or a digest, or a placeholder, which can
 * stand for anything.
 */
function isWhole(text: string): boolean {
  const reference = parseImageReference(text)
  return reference === undefined || reference.tag !== undefined || reference.digest !== undefined
}

function partsProblem(
  named: ValuesScalar,
  tag: ValuesScalar | undefined,
  digest: ValuesScalar | undefined,
): string | undefined {
  const reference = parseImageReference(named.text)
  if (reference?.tag !== undefined || reference?.digest !== undefined)
    return 'the field of its repository holds a tag or a digest'
  if (tag !== undefined || (digest !== undefined && digest.text !== '')) return undefined
  return 'it has no `tag` beside it, so the chart chooses one; to have it updated, add `tag: ""`'
}
