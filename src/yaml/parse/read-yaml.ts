import type { YamlTree } from '../tree/node.ts'
import { walkYaml } from './fast-reader.ts'
import type { ValueSpan } from './value-span.ts'

/** Reads one part of the input. Throws BAD_INPUT with line, column and an excerpt; `file` is for its place. */
export async function readYaml(
  bytes: Buffer,
  part: ValueSpan,
  { file }: { readonly file?: string } = {},
): Promise<YamlTree> {
  const tree = part.tree ?? walkYaml(bytes, part)
  if (tree) return tree
  const { parseFully } = await import('./full-parser.ts')
  return parseFully(bytes, part, file)
}
