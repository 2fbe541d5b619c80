import type { HelperAnswer } from '../../../src/registry/credentials/credential-helper.ts'
import { helperSource } from '../../../src/registry/credentials/helper-source.ts'
import { shown } from './shown.ts'

function source(answer: HelperAnswer, allowHelpers = true) {
  const runs: string[] = []
  const infos: string[] = []
  const ask = helperSource({
    env: {},
    allowHelpers,
    onInfo: message => infos.push(message),
    run: async (name, url) => {
      runs.push(`${name} ${url}`)
      return answer
    },
  })
  return {
    runs,
    infos,
    ask: async (name: string, url = 'ghcr.io') =>
      ask(name, url, 'credsStore of config.json').then(found => found && shown(found)),
  }
}

test.each([
  ['me', { kind: 'basic', username: 'me', password: 'secret' }],
  ['<token>', { kind: 'identityToken', token: 'secret' }],
])('gives what a helper has for the user %s', async (username, expected) => {
  const { ask } = source({ kind: 'found', username, secret: 'secret' })
  expect(await ask('pass')).toEqual({
    source: 'docker-credential-pass (credsStore of config.json)',
    origin: 'ambient',
    ...expected,
  })
})

test('asks once for each registry', async () => {
  const { ask, runs } = source({ kind: 'notFound' })
  expect(await Promise.all([ask('pass'), ask('pass'), ask('pass', 'quay.io')])).toEqual([
    undefined,
    undefined,
    undefined,
  ])
  expect(runs).toEqual(['pass ghcr.io', 'pass quay.io'])
})

test('reports what to do if the helper is not installed', async () => {
  const { ask, infos } = source({ kind: 'notInstalled' })
  expect(await ask('pass')).toBeUndefined()
  expect(infos).toEqual([
    'credsStore of config.json: docker-credential-pass is not installed, as in every container; put the login under `auths`, set DOCKER_AUTH_CONFIG, or run the function as an executable',
  ])
})

test('starts nothing unless the operator allows it', async () => {
  const { ask, infos, runs } = source({ kind: 'found', username: 'me', secret: 'secret' }, false)
  expect(await ask('pass')).toBeUndefined()
  expect(runs).toEqual([])
  expect(infos).toEqual([
    'credsStore of config.json: docker-credential-pass was not asked, because credential helpers are off; set IMAGE_POLICY_HELPERS=1 to allow them',
  ])
})

test.each([
  [
    'a name that is no name',
    '../evil',
    'credsStore of config.json: must be a name of letters, digits, ".", "_" and "-", got "../evil"',
  ],
  [
    'a failure',
    'pass',
    'credsStore of config.json: docker-credential-pass ended with exit code 1; to see why, run `echo ghcr.io | docker-credential-pass get` yourself',
  ],
])('refuses %s', async (_name, helper, message) => {
  const { ask } = source({ kind: 'failed', reason: 'ended with exit code 1' })
  await expect(ask(helper)).rejects.toThrow(
    expect.objectContaining({ code: 'REGISTRY_DENIED', message }),
  )
})
