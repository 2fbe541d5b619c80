import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../fixtures/built-program.ts'
import { podmanEnv } from '../fixtures/container-image.ts'
import { spawnWell } from '../fixtures/spawn.ts'

const platforms = ['linux/amd64', 'linux/arm64']

/**
 * Writes a base image for both platforms into an OCI layout. The Node of both is the one of this
 * machine, so only the image of this machine's platform can run. Returns the folder and the name of
 * the image in it.
 */
export async function writeBaseLayout(): Promise<{ folder: string; image: string }> {
  // buildah makes a name from the path, and a name has no capital letters, which those of mkdtemp
  // have
  const folder = join(tmpdir(), `image-policy-fn-base-${process.pid}`)
  const name = `localhost/image-policy-fn-release-${process.pid}`
  const buildah = (...args: readonly string[]) => spawnWell('buildah', args, { env: podmanEnv })
  const images = platforms.map(platform => `${name}:${platform.replace('/', '-')}`)
  for (const [index, platform] of platforms.entries())
    await spawnWell(join(root, 'test/container/node-base.sh'), [images[index] ?? '', platform], {
      env: podmanEnv,
    })
  await buildah('manifest', 'create', `${name}:list`)
  for (const added of images)
    await buildah('manifest', 'add', `${name}:list`, `containers-storage:${added}`)
  const image = `oci:${folder}:base`
  await buildah('manifest', 'push', '--all', `${name}:list`, image)
  await buildah('manifest', 'rm', `${name}:list`)
  await buildah('rmi', '--force', ...images)
  return { folder, image }
}
