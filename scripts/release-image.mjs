// The container image of a release.
import { join } from 'node:path'
import { outputOf } from './release-run.mjs'

const platforms = ['linux/amd64', 'linux/arm64']

/**
 * Writes an OCI image layout with one image for each platform. `stage` replaces both first stages
 * of the Dockerfile, so that no step runs a program: every platform can be built anywhere.
 */
export function buildImage({ work, context, stage, layout, nodeImage, seconds, labels }) {
  // a storage of its own: an image of this machine with the name of the base image must not get
  // into the release
  const storage = ['--root', join(work, 'storage'), '--runroot', join(work, 'run')]
  const buildah = (...args) => outputOf('buildah', [...storage, ...args])
  const options = [
    ...['build', 'compile'].map(name => `--build-context=${name}=${stage}`),
    ...Object.entries(labels).map(
      ([name, value]) => `--label=org.opencontainers.image.${name}=${value}`,
    ),
    ...(nodeImage === undefined ? [] : [`--build-arg=NODE_IMAGE=${nodeImage}`]),
    `--timestamp=${seconds}`,
  ]
  const name = 'localhost/image-policy-fn'
  buildah('manifest', 'create', name)
  for (const platform of platforms) {
    const image = `${name}:${platform.replace('/', '-')}`
    buildah('build', '--quiet', `--platform=${platform}`, ...options, `--tag=${image}`, context)
    buildah('manifest', 'add', name, `containers-storage:${image}`)
  }
  buildah('manifest', 'push', '--all', '--format=oci', name, `oci:${layout}`)
}
