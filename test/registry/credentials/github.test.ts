import { github } from '../../../src/registry/credentials/github.ts'
import { environmentOf } from './loopback.ts'
import { shown } from './shown.ts'

test.each([
  [
    { GITHUB_TOKEN: 'a', GH_TOKEN: 'b', GITHUB_ACTOR: 'octocat' },
    { source: 'provider github (GITHUB_TOKEN)', username: 'octocat', password: 'a' },
  ],
  [
    { GITHUB_TOKEN: '', GH_TOKEN: 'b' },
    { source: 'provider github (GH_TOKEN)', username: 'x-access-token', password: 'b' },
  ],
])('%j', async (env, expected) => {
  const credential = await github('ghcr.io', environmentOf(env))
  expect(credential && shown(credential)).toEqual({ origin: 'ambient', kind: 'basic', ...expected })
})

test('nothing without a token', async () => {
  expect(await github('ghcr.io', environmentOf({ GITHUB_ACTOR: 'octocat' }))).toBeUndefined()
})
