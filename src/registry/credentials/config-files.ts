import { join } from 'node:path'
import type { Environment } from './environment.ts'

/** A file where docker or containers tools keep logins, and the variable that names it, if any. */
export interface ConfigFile {
  readonly path: string
  readonly namedBy?: string
}

/** `$DOCKER_CONFIG/config.json`, else `~/.docker/config.json`. */
export function dockerConfigFile({
  env,
  home,
}: Pick<Environment, 'env' | 'home'>): ConfigFile | undefined {
  if (env.DOCKER_CONFIG)
    return { path: join(env.DOCKER_CONFIG, 'config.json'), namedBy: 'DOCKER_CONFIG' }
  return home ? { path: join(home, '.docker', 'config.json') } : undefined
}

/**
 * Only `$REGISTRY_AUTH_FILE` if it is set, else the files that podman, skopeo and buildah read, in
 * their order.
 * Source: containers/image, docs/containers-auth.json.5.md.
 */
export function containersAuthFiles({
  env,
  home,
}: Pick<Environment, 'env' | 'home'>): readonly ConfigFile[] {
  if (env.REGISTRY_AUTH_FILE)
    return [{ path: env.REGISTRY_AUTH_FILE, namedBy: 'REGISTRY_AUTH_FILE' }]
  const configHome = env.XDG_CONFIG_HOME || (home && join(home, '.config'))
  return [env.XDG_RUNTIME_DIR, configHome].flatMap(folder =>
    folder ? [{ path: join(folder, 'containers', 'auth.json') }] : [],
  )
}
