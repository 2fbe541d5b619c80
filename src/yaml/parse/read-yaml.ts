import type { YamlTree } from '../tree/node.ts'
import { walkYaml } from './fast-reader.ts'
import type { ValueSpan } from './value-span.ts'

/**
 * Reads the value in a span of the input. Throws BAD_INPUT with line and column; `file` is part of
 * its place.
 */
export async function readYaml(
  bytes: Buffer,
  span: ValueSpan,
  { file }: { readonly file?: string } = {},
): Promise<YamlTree> {
  const tree = span.tree ?? walkYaml(bytes, span)
  if (tree) return tree
  const { parseFully } = await import('./full-parser.ts')
  return parseFully(bytes, span, file)
}
