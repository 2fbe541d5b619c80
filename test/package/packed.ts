import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { builtProgram, root } from '../fixtures/built-program.ts'
import { folderOf } from '../fixtures/folder.ts'
import { spawnWell } from '../fixtures/spawn.ts'

/**
 * The tarball that `npm publish` would upload. The scripts of the package are skipped: dist/ is
 * built, and other tests read it.
 */
export async function packedTarball(): Promise<{
  readonly tarball: string
  readonly files: readonly string[]
}> {
  builtProgram('index.js')
  const folder = folderOf({})
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder]
  const { stdout } = await spawnWell('npm', args, { cwd: root })
  const [packed] = JSON.parse(stdout) as [{ readonly files: readonly { readonly path: string }[] }]
  const [name = ''] = readdirSync(folder)
  return { tarball: join(folder, name), files: packed.files.map(({ path }) => path).sort() }
}

/**
 * A folder with these files, in which the tarball and nothing else is installed, without a
 * registry.
 */
export async function installedIn(
  tarball: string,
  files: Readonly<Record<string, string>>,
): Promise<string> {
  const folder = folderOf({ 'package.json': '{ "private": true }\n', ...files })
  const args = ['install', '--offline', '--no-audit', '--no-fund', '--cache', folderOf({}), tarball]
  await spawnWell('npm', args, { cwd: folder })
  return folder
}
