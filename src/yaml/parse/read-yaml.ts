import type { Part } from '../locate/value-span.ts'
import type { YamlTree } from '../tree/node.ts'
import { walkYaml } from './fast-reader.ts'

/** Reads one part of the input. Throws BAD_INPUT with line, column and an excerpt; `file` is for its place. */
export async function readYaml(
  bytes: Buffer,
  part: Part,
  { file }: { readonly file?: string } = {},
): Promise<YamlTree> {
  const tree = part.tree ?? walkYaml(bytes, part)
  if (tree) return tree
  const { parseFully } = await import('./full-parser.ts')
  return parseFully(bytes, part, file)
}
