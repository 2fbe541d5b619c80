import {
  containersAuthFiles,
  dockerConfigFile,
} from '../../../src/registry/credentials/config-files.ts'

test.each([
  [{ DOCKER_CONFIG: '/d' }, '/home/me', { path: '/d/config.json', namedBy: 'DOCKER_CONFIG' }],
  [{ DOCKER_CONFIG: '' }, '/home/me', { path: '/home/me/.docker/config.json' }],
  [{}, undefined, undefined],
])('docker keeps logins, given %j and the home %s, in %j', (env, home, file) => {
  expect(dockerConfigFile({ env, home })).toEqual(file)
})

test.each([
  [
    { REGISTRY_AUTH_FILE: '/a.json', XDG_RUNTIME_DIR: '/run/u', XDG_CONFIG_HOME: '/c' },
    '/home/me',
    ['/a.json'],
  ],
  [
    { XDG_RUNTIME_DIR: '/run/u', XDG_CONFIG_HOME: '/c' },
    '/home/me',
    ['/run/u/containers/auth.json', '/c/containers/auth.json'],
  ],
  [{}, '/home/me', ['/home/me/.config/containers/auth.json']],
  [{}, undefined, []],
])('containers tools keep logins, given %j and the home %s, in %j', (env, home, paths) => {
  expect(containersAuthFiles({ env, home }).map(({ path }) => path)).toEqual(paths)
})
