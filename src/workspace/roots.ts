import { existsSync, realpathSync } from 'node:fs'
import { dirname, join, resolve, sep } from 'node:path'

/** The folders that symbolic links may lead to, without links in their own paths. */
export type Roots = readonly string[]

/** The working directory, and the Git work tree that it is in. */
export function workingRoots(): Roots {
  const folder = realpathSync.native('.')
  const workTree = above(folder).find(parent => existsSync(join(parent, '.git')))
  return workTree === undefined ? [folder] : [folder, workTree]
}

/** Whether the path (without links in it) is one of the folders, or in one. */
export const isWithin = (roots: Roots, path: string): boolean =>
  roots.some(root => path === root || path.startsWith(root.endsWith(sep) ? root : root + sep))

/** The folder and those that it is in. */
function above(folder: string): readonly string[] {
  const parent = dirname(resolve(folder))
  return parent === folder ? [folder] : [folder, ...above(parent)]
}
