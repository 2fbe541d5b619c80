import type { YamlTree } from './node.ts'
import type { Part } from './part.ts'

/** Reads one part of the input. Throws BAD_INPUT with line, column and an excerpt; `file` is for its place. */
export async function readYaml(bytes: Buffer, part: Part, { file }: { readonly file?: string } = {}): Promise<YamlTree> {
  if (part.tree) return part.tree
  const { parseFully } = await import('./full-parser.ts')
  return parseFully(bytes, part, file)
}
