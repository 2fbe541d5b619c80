import { cpSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from '../fixtures/built-program.ts'
import { folderOf } from '../fixtures/folder.ts'
import { spawnWell } from '../fixtures/spawn.ts'

const author = {
  GIT_AUTHOR_NAME: 'Test',
  GIT_AUTHOR_EMAIL: 'test@example.com',
  GIT_COMMITTER_NAME: 'Test',
  GIT_COMMITTER_EMAIL: 'test@example.com',
  GIT_AUTHOR_DATE: '2026-01-02T03:04:05Z',
  GIT_COMMITTER_DATE: '2026-01-02T03:04:05Z',
}

/** A new repository with one commit of 2026-01-02T03:04:05Z that has the files of the work tree. */
export async function checkout(): Promise<string> {
  const folder = folderOf({})
  const git = (cwd: string, ...args: readonly string[]) =>
    spawnWell('git', args, { cwd, env: author })
  const listed = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate']
  const { stdout: deleted } = await git(root, 'ls-files', '-z', '--deleted')
  const gone = new Set(deleted.split('\0'))
  const { stdout } = await git(root, ...listed)
  for (const path of stdout.split('\0').filter(path => path !== '' && !gone.has(path))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    cpSync(join(root, path), join(folder, path))
  }
  await git(folder, 'init', '--quiet')
  await git(folder, 'add', '--all')
  await git(folder, 'commit', '--quiet', '--message=release')
  return folder
}
