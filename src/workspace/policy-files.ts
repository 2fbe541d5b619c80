import { readFileSync, statSync } from 'node:fs'
import type { InputFile } from '../filter.ts'
import type { PolicySearch } from '../policy/near-policies.ts'
import { badFile, readRegularFile } from './regular-file.ts'
import { type FoundFile, isYaml, namedPath, walk } from './walk.ts'

/** The file of `--config`. Throws BAD_ARGUMENT. */
export const readConfigFile = (path: string): InputFile =>
  readable(path, () => ({ file: path, bytes: readRegularFile(namedPath(path), path) }))

/**
 * The files, and every YAML file below the folders, each once, in the order of their paths. Throws
 * BAD_ARGUMENT.
 */
export function readPolicyFiles(paths: readonly string[]): {
  readonly files: readonly InputFile[]
  readonly search: PolicySearch
} {
  const seen = new Set<string>()
  const walks = [...new Set(paths)].map(path => {
    const found = readable(path, () => walk(path, seen))
    const isRead = ({ file }: FoundFile) => file === path || isYaml(file)
    return { path, read: found.filter(isRead), others: found.filter(file => !isRead(file)) }
  })
  return {
    files: walks.flatMap(({ read }) =>
      read.map(({ file, real }) =>
        readable(file, () => ({ file, bytes: readRegularFile(real, file) })),
      ),
    ),
    search: {
      paths: walks.map(({ path, read }) => ({ path, files: read.map(({ file }) => file) })),
      overlooked: () =>
        walks
          .flatMap(({ others }) => others)
          .slice(0, mostOverlooked)
          .filter(({ real }) => seemsToHoldPolicies(real))
          .map(({ file }) => file),
    },
  }
}

/** So many other files are looked at. */
const mostOverlooked = 1000
/** Larger ones are hardly policies. */
const mostBytesOverlooked = 1 << 20

function seemsToHoldPolicies(real: string): boolean {
  try {
    if (statSync(real).size > mostBytesOverlooked) return false
    return /image\.toolkit\.fluxcd\.io|\bimagePolicies\b/.test(readFileSync(real, 'utf8'))
  } catch {
    return false // only a hint depends on it
  }
}

/** What the step returns; an error of the file system is one of the file. */
function readable<T>(path: string, step: () => T): T {
  try {
    return step()
  } catch (error) {
    const { code, path: at = path, syscall } = error as NodeJS.ErrnoException
    if (syscall === undefined) throw error
    throw badFile(at, `must be a file or folder that can be read (${code})`, error)
  }
}
