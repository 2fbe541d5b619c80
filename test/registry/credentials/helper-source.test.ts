import type { HelperAnswer } from '../../../src/registry/credentials/credential-helper.ts'
import { helperSource } from '../../../src/registry/credentials/helper-source.ts'
import { shown } from './shown.ts'

function source(answer: HelperAnswer, allowHelpers = true) {
  const runs: string[] = []
  const ask = helperSource({
    env: {},
    allowHelpers,
    run: async (name, url) => {
      runs.push(`${name} ${url}`)
      return answer
    },
  })
  return {
    runs,
    ask: async (name: string, serverUrl = 'ghcr.io', isExpected = true) =>
      shown(await ask({ name, serverUrl, setting: 'credsStore of config.json', isExpected })),
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
  await Promise.all([ask('pass'), ask('pass'), ask('pass', 'quay.io')])
  expect(runs).toEqual(['pass ghcr.io', 'pass quay.io'])
})

const see = '`echo ghcr.io | docker-credential-pass get`'

test.each<readonly [string, HelperAnswer, string, boolean]>([
  [
    'is not installed',
    { kind: 'notInstalled' },
    'is not installed, as in every container; put the login under `auths`, set DOCKER_AUTH_CONFIG, or run the function as an executable',
    true,
  ],
  [
    'fails',
    { kind: 'failed', reason: 'ended with exit code 1' },
    `ended with exit code 1; to see why, run ${see} yourself`,
    true,
  ],
  ['has an empty login', { kind: 'empty' }, 'has an empty login for ghcr.io; log in again', true],
  ['has lost a login', { kind: 'notFound' }, 'has no login for ghcr.io; log in again', true],
  ['never had a login', { kind: 'notFound' }, 'has no login for ghcr.io; log in again', false],
])('gives the reason if the helper %s', async (_name, answer, problem, isExpected) => {
  expect(await source(answer).ask('pass', 'ghcr.io', isExpected)).toEqual({
    kind: 'unusable',
    problem: `credsStore of config.json: docker-credential-pass ${problem}`,
    isMistake: isExpected,
  })
})

test('gives the reason if the store of the helper is locked', async () => {
  expect(await source({ kind: 'locked' }).ask('pass')).toMatchObject({
    problem: `credsStore of config.json: the store of docker-credential-pass is locked; unlock it, for example with ${see}`,
    isMistake: true,
  })
})

test.each([
  [
    'the operator does not allow it',
    'pass',
    false,
    'docker-credential-pass was not asked, because credential helpers are off; set IMAGE_POLICY_HELPERS=1 to allow them',
  ],
  [
    'its name is not a name',
    '../evil',
    true,
    'must be a name of letters, digits, ".", "_" and "-", got "../evil"',
  ],
])('starts nothing if %s', async (_name, helper, allowHelpers, problem) => {
  const { ask, runs } = source({ kind: 'found', username: 'me', secret: 'secret' }, allowHelpers)
  expect(await ask(helper)).toEqual({
    kind: 'unusable',
    problem: `credsStore of config.json: ${problem}`,
    isMistake: allowHelpers,
  })
  expect(runs).toEqual([])
})
