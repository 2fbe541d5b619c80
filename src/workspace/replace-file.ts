import {
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  lstatSync,
  openSync,
  readlinkSync,
  realpathSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { badFile, kindOf } from './regular-file.ts'

/** A file that can be replaced. */
export interface Replaceable {
  /** As the command line names it. */
  readonly file: string
  /** Its path without symbolic links. */
  readonly real: string
  /** The permissions to keep; undefined if the file does not exist yet. */
  readonly mode: number | undefined
}

/**
 * Checks that the path can be that of a regular file, before work is spent on its content. A
 * symbolic link stays; the file that it leads to is the one that will be replaced. Throws
 * BAD_ARGUMENT.
 */
export function replaceable(file: string): Replaceable {
  const real = ofFileSystem(file, () => withoutLinks(resolve(file), mostLinks))
  if (real === undefined) throw badFile(file, 'must not be a symbolic link that leads to itself')
  const stats = ofFileSystem(file, () => statSync(real, { throwIfNoEntry: false }))
  if (stats !== undefined && !stats.isFile())
    throw badFile(file, `must be a file that can be replaced, got ${kindOf(stats)}`)
  if (stats === undefined && file.endsWith('/'))
    throw badFile(file, 'must be a file that can be replaced, got a folder')
  return { file, real, mode: stats && permissionsOf(stats) }
}

/**
 * Replaces the file by what `write` writes to the descriptor: whole, or not at all. Its permissions
 * stay. Throws BAD_ARGUMENT, and what `write` throws; then nothing has changed.
 */
export function replaceFile(
  { file, real, mode }: Replaceable,
  write: (descriptor: number) => void,
): void {
  // in a container every process may have the same id
  const unique = `${process.pid}-${Date.now().toString(36)}`
  const beside = join(dirname(real), `.${basename(real).slice(0, 200)}.${unique}.tmp`)
  ofFileSystem(file, () => {
    const descriptor = openSync(beside, 'wx', mode ?? 0o666)
    try {
      try {
        if (mode !== undefined) fchmodSync(descriptor, mode) // the umask does not apply to what exists
        write(descriptor)
        fsyncSync(descriptor)
      } finally {
        closeSync(descriptor)
      }
      renameSync(beside, real)
    } catch (error) {
      unlinkSync(beside)
      throw error
    }
  })
  syncFolder(dirname(real))
}

/** As many links in a row as Linux follows. */
const mostLinks = 40

/**
 * The path that links lead to, whether or not a file is there; undefined if they lead in a circle.
 */
function withoutLinks(path: string, links: number): string | undefined {
  const here = join(realpathSync.native(dirname(path)), basename(path))
  if (!lstatSync(here, { throwIfNoEntry: false })?.isSymbolicLink()) return here
  return links === 0
    ? undefined
    : withoutLinks(resolve(dirname(here), readlinkSync(here)), links - 1)
}

const permissionsOf = ({ mode }: Stats) => mode & 0o7777

/** So that the new name survives a crash of the machine. Some file systems refuse it. */
function syncFolder(folder: string): void {
  try {
    const descriptor = openSync(folder, constants.O_RDONLY)
    try {
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
  } catch {
    // the file is replaced all the same
  }
}

/** What the step returns; an error of the file system is one of the file. */
function ofFileSystem<T>(file: string, step: () => T): T {
  try {
    return step()
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException
    if (syscall === undefined) throw error
    throw badFile(file, `must be a file that can be replaced (${code})`, error)
  }
}
