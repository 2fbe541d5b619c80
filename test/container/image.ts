import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { builtProgram, root } from '../dist.ts'
import { type SpawnOptions, spawnToEnd, spawnWell } from '../spawn.ts'

/** What every host says to the engine. */
export const asHostsRun = [
  '--rm',
  '-i',
  '--user',
  'nobody',
  '--security-opt=no-new-privileges',
] as const

/** podman, set up for machines that have nothing but root. */
export const podmanEnv = { CONTAINERS_CONF: join(root, 'test/container/containers.conf') }

export const podman = (args: readonly string[], options?: SpawnOptions) =>
  spawnToEnd('podman', args, { ...options, env: podmanEnv })

/**
 * Builds the Dockerfile where no image can be pulled: on a base made of this machine's Node, the built `dist/` in place of the build
 * stage. Gives the name of the image, and removes both again.
 */
export async function buildImage(): Promise<{ readonly name: string; remove(): Promise<void> }> {
  process.stderr.write(
    "the image under test: this machine's Node as its base, the built dist/ in place of the build stage\n",
  )
  builtProgram('image-policy.js')
  const name = `localhost/image-policy-fn-test-${process.pid}`
  const base = `${name}-base`
  const stage = mkdtempSync(join(tmpdir(), 'image-policy-stage-'))
  const filter = (path: string) => !path.endsWith('code-cache') // the image makes its own
  for (const folder of ['dist', 'scripts'])
    cpSync(join(root, folder), join(stage, 'src', folder), { recursive: true, filter })
  cpSync(join(root, 'package.json'), join(stage, 'src/package.json'))

  await spawnWell(join(root, 'test/container/node-base.sh'), [base], { env: podmanEnv })
  const inPlace = [
    '--isolation=chroot',
    '--build-context',
    `build=${stage}`,
    '--build-arg',
    `NODE_IMAGE=${base}`,
  ]
  await spawnWell('podman', ['build', '--quiet', ...inPlace, '--tag', name, root], {
    env: podmanEnv,
  })
  rmSync(stage, { recursive: true })
  return {
    name,
    async remove() {
      await spawnWell('podman', ['rmi', '--force', name, base], { env: podmanEnv })
    },
  }
}
