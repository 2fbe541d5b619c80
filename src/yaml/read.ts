import type { YamlTree } from './node.ts'
import type { Part } from './part.ts'
import { walkYaml } from './walk.ts'

/** Reads one part of the input. Throws BAD_INPUT with line, column and an excerpt; `file` is for its place. */
export async function readYaml(bytes: Buffer, part: Part, { file }: { readonly file?: string } = {}): Promise<YamlTree> {
  const tree = part.tree ?? walkYaml(bytes, part)
  if (tree) return tree
  const { parseFully } = await import('./full-parser.ts')
  return parseFully(bytes, part, file)
}
