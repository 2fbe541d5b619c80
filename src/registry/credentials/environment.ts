import type { Env } from '../proxy.ts'

/** What the sources of ambient credentials may look at: all of it is the operator's, none of it comes from YAML. */
export interface Environment {
  readonly env: Env
  readonly home: string | undefined
  /** The text of a file, or undefined, with an info unless it is merely absent from a default place. `namedBy` is the variable that names it. */
  readFile(path: string, namedBy?: string): Promise<string | undefined>
}

/** Reads each file at most once. `read` throws as `node:fs` does. */
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
  return `cannot read ${path}${namedBy === undefined ? '' : ` (from ${namedBy})`}: ${code ?? 'unknown error'}; going on without it${hint}`
}
