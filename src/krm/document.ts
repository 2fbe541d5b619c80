import { attemptAsync, FunctionError } from '../errors.ts'
import { anchorSigns } from '../yaml/locate/crossing-anchors.ts'
import { escapes, itemsMentioning } from '../yaml/locate/items-mentioning.ts'
import { type Outline, readOutline } from '../yaml/locate/outline.ts'
import { scan } from '../yaml/locate/scan.ts'
import { walkYaml } from '../yaml/parse/fast-reader.ts'
import { readYaml } from '../yaml/parse/read-yaml.ts'
import type { ValueSpan } from '../yaml/parse/value-span.ts'
import type { YamlTree } from '../yaml/tree/node.ts'
import { dataOf, entryOf } from '../yaml/tree/value.ts'
import { type Resource, resourceOf, resourcesOf } from './resource.ts'

/** An input: its bytes, its shape, and its items as byte ranges that are parsed when somebody asks. */
export interface Document {
  readonly outline: Outline
  /** The file it came from; absent for stdin. */
  readonly file?: string
  /** False for what is read for its policies and never put out. */
  readonly emitted: boolean
  /** The functionConfig of a ResourceList, where it has one; the first document of a stream (a `--config` file). Throws BAD_INPUT. */
  functionConfig(): Promise<Resource | undefined>
  /** The resources of the items whose bytes hold one of the needles, in order; what is wrong with an item goes to `errors`, once. */
  read(needles: readonly string[], errors: FunctionError[]): Promise<readonly Resource[]>
  /** The same item by item, for many: each is parsed when it is asked for, and not kept. A promise only where parsing takes the full parser. */
  each(
    needles: readonly string[],
    errors: FunctionError[],
  ): Iterable<readonly Resource[] | Promise<readonly Resource[]>>
}

/**
 * Finds the items. `needles` that are known from the beginning are looked for together with them. Throws BAD_INPUT where the input as a
 * whole can't be read.
 */
export async function openDocument(
  bytes: Buffer,
  {
    file,
    emitted,
    needles = [],
  }: { readonly file?: string; readonly emitted: boolean; readonly needles?: readonly string[] },
): Promise<Document> {
  const named = file === undefined ? { file: 'stdin' } : { file }
  const scanned = scan(bytes, [...needles, ...escapes, ...anchorSigns])
  const outline = await readOutline(scanned, named)
  if (emitted) await checkInput(bytes, outline, named)
  /** By where their part begins. */
  const known = new Map<number, readonly Resource[]>()
  const readItem = (
    part: ValueSpan,
    errors: FunctionError[],
  ): readonly Resource[] | Promise<readonly Resource[]> => {
    if (part.tree !== undefined) return resourcesOf(part.tree, emitted, file)
    const walked = walkYaml(bytes, part)
    if (walked !== undefined)
      return resourcesOf(walked, emitted, file, () => walkYaml(bytes, part) as YamlTree)
    return parseItem(part, errors)
  }
  const parseItem = async (
    part: ValueSpan,
    errors: FunctionError[],
  ): Promise<readonly Resource[]> =>
    (await attemptAsync(
      async () => resourcesOf(await readYaml(bytes, part, named), emitted, file),
      errors,
    )) ?? []
  return {
    outline,
    emitted,
    ...(file !== undefined && { file }),
    async functionConfig() {
      const isList = outline.shape === 'ResourceList'
      const [first] = outline.items
      const part = isList ? outline.functionConfig : first
      const tree = part && (await readYaml(bytes, part, named))
      if (tree?.root?.kind === 'mapping' && tree.root.entries.length > 0)
        return resourceOf(tree, tree.root, false, file)
      const isAbsent =
        tree?.root === undefined || tree.root.kind === 'mapping' || dataOf(tree, tree.root) === null
      if (isList && isAbsent) return undefined
      const found = isAbsent ? 'nothing' : `a ${tree.root.kind}`
      throw new FunctionError(
        'BAD_INPUT',
        `a functionConfig must be a mapping, a KRM object, got ${found}`,
        named,
      )
    },
    async read(needles, errors) {
      const found: Resource[] = []
      for (const part of itemsMentioning(scanned, outline.items, needles)) {
        const resources = known.get(part.start) ?? (await readItem(part, errors))
        known.set(part.start, resources)
        for (const resource of resources) found.push(resource)
      }
      return found
    },
    *each(needles, errors) {
      for (const part of itemsMentioning(scanned, outline.items, needles))
        yield known.get(part.start) ?? readItem(part, errors)
    },
  }
}

/** What a host or a pipe must not hand over: nothing, plain text, a ResourceList without items. Throws BAD_INPUT. */
async function checkInput(
  bytes: Buffer,
  outline: Outline,
  place: { readonly file: string },
): Promise<void> {
  const [first] = outline.items
  if (outline.shape === 'ResourceList') {
    if (first !== undefined) return
    const { root, ...tree } = await readYaml(
      bytes,
      { start: 0, end: bytes.length, blank: 0 },
      place,
    )
    if (entryOf({ root, ...tree }, root, 'items') !== undefined) return
    throw new FunctionError(
      'BAD_INPUT',
      'a ResourceList must have `items`, if only an empty sequence, got none',
      place,
    )
  }
  if (first === undefined) {
    throw new FunctionError(
      'BAD_INPUT',
      'must hold a ResourceList or manifests, got nothing; did the command before the pipe fail?',
      place,
    )
  }
  const { root } = await readYaml(bytes, first, place) // the others are read when a policy may touch them
  if (root?.kind !== 'mapping' && root?.kind !== 'sequence' && outline.items.length === 1) {
    const found = root === undefined ? 'nothing but comments' : 'plain text'
    throw new FunctionError(
      'BAD_INPUT',
      `must hold a ResourceList or manifests, got ${found}`,
      place,
    )
  }
}

/** Parses YAML text that stands in a string. Throws BAD_INPUT. */
export async function parseYamlText(text: string): Promise<unknown> {
  const bytes = Buffer.from(text)
  const tree = await readYaml(bytes, { start: 0, end: bytes.length, blank: 0 })
  return dataOf(tree, tree.root)
}
