import { type Dirent, readdirSync, realpathSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { badFile, kindOf } from './regular-file.ts'
import { isWithin, type Roots, workingRoots } from './roots.ts'

/** A regular file, by the path that leads to it and by the one without symbolic links. */
export interface FoundFile {
  readonly file: string
  readonly real: string
}

const ignored = new Set(['.git', 'node_modules'])

/**
 * The file, or every regular file below the folder that is not `seen` yet, in the order of their
 * paths. Symbolic links are followed if they stay in the Git work tree, the working directory or
 * the folder: a mounted ConfigMap consists of links, and a change to a repository must not be able
 * to make the program read other files of the machine. Throws BAD_ARGUMENT.
 */
export function walk(path: string, seen: Set<string>): readonly FoundFile[] {
  const working = workingRoots()
  const real = namedPath(path, working)
  if (statSync(real).isDirectory()) return below({ file: path, real }, [...working, real], seen)
  return newIn(seen, real) ? [{ file: path, real }] : []
}

/**
 * The path without symbolic links of a regular file or a folder that the command line names. Throws
 * BAD_ARGUMENT.
 */
export function namedPath(path: string, working: Roots = workingRoots()): string {
  const stats = statSync(path)
  if (!stats.isFile() && !stats.isDirectory())
    throw badFile(path, `must be a regular file, got ${kindOf(stats)}`)
  const real = realpathSync.native(path)
  if (isWithin(working, resolve(path)) && !isWithin(working, real)) throw leadsOut(path, real)
  return real
}

function below(folder: FoundFile, roots: Roots, seen: Set<string>): readonly FoundFile[] {
  if (!newIn(seen, folder.real)) return []
  return readdirSync(folder.real, { withFileTypes: true })
    .filter(({ name }) => !ignored.has(name))
    .sort(byName)
    .flatMap(entry => {
      const found = { file: join(folder.file, entry.name), real: join(folder.real, entry.name) }
      if (entry.isSymbolicLink()) return linked(found, roots, seen)
      if (entry.isDirectory()) return below(found, roots, seen)
      if (entry.isFile()) return newIn(seen, found.real) ? [found] : []
      if (!isYaml(entry.name)) return []
      throw badFile(found.file, `must be a regular file, got ${kindOf(statSync(found.real))}`)
    })
}

/**
 * What a symbolic link leads to. A link to a file whose own name is not that of a YAML file is as
 * unimportant as a file of such a name.
 */
function linked({ file, real: link }: FoundFile, roots: Roots, seen: Set<string>) {
  const real = targetOf(link)
  const stats = real === undefined ? undefined : statSync(real)
  const matters = stats?.isDirectory() || isYaml(file)
  if (real === undefined || stats === undefined) {
    if (!matters) return []
    throw badFile(file, 'must not be a symbolic link to nothing: remove it, or create its target')
  }
  if (!isWithin(roots, real)) {
    if (!matters) return []
    throw leadsOut(file, real)
  }
  if (stats.isDirectory()) return below({ file, real }, roots, seen)
  if (stats.isFile()) return newIn(seen, real) ? [{ file, real }] : []
  if (!matters) return []
  throw badFile(file, `must be a regular file, got a link to ${kindOf(stats)}`)
}

/** In a folder, only files with these names are read. */
export const isYaml = (path: string): boolean => /\.ya?ml$|(?:^|\/)Kustomization$/.test(path)

const leadsOut = (file: string, real: string) =>
  badFile(
    file,
    `must not be a symbolic link that leads out of the Git work tree, the working directory and the folder of \`--policies\`; it leads to ${real}, which can be named by \`--policies\` itself`,
  )

function targetOf(link: string): string | undefined {
  try {
    return realpathSync.native(link)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ELOOP' || code === 'ENOTDIR') return undefined
    throw error
  }
}

function newIn(seen: Set<string>, real: string): boolean {
  if (seen.has(real)) return false
  seen.add(real)
  return true
}

/**
 * In the order of bytes, but `..data` of a mounted ConfigMap last: users know the links to its
 * files.
 */
function byName(a: Dirent, b: Dirent): number {
  const isLast = ({ name }: Dirent) => Number(name.startsWith('..'))
  return isLast(a) - isLast(b) || (a.name < b.name ? -1 : 1)
}
