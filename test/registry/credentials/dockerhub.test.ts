import { dockerhub } from '../../../src/registry/credentials/dockerhub.ts'
import { environmentOf } from './loopback.ts'
import { shown } from './shown.ts'

test.each([
  [
    { DOCKERHUB_USERNAME: 'me', DOCKERHUB_TOKEN: 'a', DOCKERHUB_PASSWORD: 'b' },
    'DOCKERHUB_TOKEN',
    'a',
  ],
  [{ DOCKERHUB_USERNAME: 'me', DOCKERHUB_PASSWORD: 'b' }, 'DOCKERHUB_PASSWORD', 'b'],
])('%j', async (env, variable, password) => {
  const credential = await dockerhub('docker.io', environmentOf(env))
  expect(credential && shown(credential)).toEqual({
    source: `provider dockerhub (${variable})`,
    origin: 'ambient',
    kind: 'basic',
    username: 'me',
    password,
  })
})

test.each([[{ DOCKERHUB_USERNAME: 'me' }], [{ DOCKERHUB_TOKEN: 'a' }], [{}]])(
  'nothing of %j',
  async env => {
    expect(await dockerhub('docker.io', environmentOf(env))).toBeUndefined()
  },
)
