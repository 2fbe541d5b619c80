import type { Env } from '../proxy.ts'

/**
 * What the sources of ambient credentials may read: all of it belongs to the operator, none of it
 * comes from YAML.
 */
export interface Environment {
  readonly env: Env
  readonly home: string | undefined
  /**
   * The text of a file. If it is unreadable, undefined, and an info unless it is a default file
   * that does not exist. `namedBy` is the variable that names it.
   */
  readFile(path: string, namedBy?: string): Promise<string | undefined>
}

/** Reads each file at most once. `read` throws errors as in `node:fs`. */
export function readOnce(
  read: (path: string) => Promise<string>,
  onInfo: (message: string) => void,
): Environment['readFile'] {
  const texts = new Map<string, Promise<string | undefined>>()
  return (path, namedBy) => {
    const text =
      texts.get(path) ??
      read(path).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT' || namedBy !== undefined)
          onInfo(unreadable(path, namedBy, error.code))
        return undefined
      })
    texts.set(path, text)
    return text
  }
}

function unreadable(path: string, namedBy: string | undefined, code: string | undefined): string {
  const hint =
    code === 'EACCES'
      ? '; in a container, run the function as the owner of the file (`--as-current-user`)'
      : ''
  return `cannot read ${path}${namedBy === undefined ? '' : ` (from ${namedBy})`}: ${code ?? 'unknown error'}; continuing without it${hint}`
}
