import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { FunctionError } from '../errors.ts'
import type { InputFile } from '../filter.ts'

/** The file, or every YAML file below the folder, in byte order of their paths. Throws BAD_ARGUMENT. */
export function readFiles(path: string): readonly InputFile[] {
  try {
    return filesBelow(path).map(file => ({ file, bytes: readFileSync(file) }))
  } catch (error) {
    throw new FunctionError(
      'BAD_ARGUMENT',
      `must be a file or folder that can be read (${(error as NodeJS.ErrnoException).code})`,
      { file: path },
      error,
    )
  }
}

const ignored = new Set(['.git', 'node_modules'])

function filesBelow(path: string): readonly string[] {
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(entry => {
      if (entry.isDirectory())
        return ignored.has(entry.name) ? [] : filesBelow(join(path, entry.name))
      return /\.ya?ml$|^Kustomization$/.test(entry.name) && entry.isFile()
        ? [join(path, entry.name)]
        : []
    })
}
