import type { Provider } from '../../../src/image/repository-access.ts'
import { providers } from '../../../src/registry/credentials/providers.ts'

test.each<[Provider, string, boolean]>([
  ['aws', '123456789012.dkr.ecr.eu-west-1.amazonaws.com', true],
  ['aws', '123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com', true],
  ['aws', '123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn', true],
  ['aws', '123456789012.dkr-ecr.eu-west-1.on.aws', true],
  ['aws', '123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu', true],
  ['aws', 'public.ecr.aws', true],
  ['aws', '123456789012.dkr.ecr.eu-west-1.amazonaws.com.evil.com', false],
  ['aws', 'evil.com.123456789012.dkr.ecr.eu-west-1.amazonaws.com', false],
  ['aws', '123456789012.dkr.ecr.eu-west-1.amazonaws.com:5000', false],
  ['aws', '123456789012.dkr.ecr.evil.com/x.amazonaws.com', false],
  ['aws', '123456789012xdkrxecr.eu-west-1.amazonaws.com', false],
  ['aws', '123456789012.dkr.ecr.eu-west-1.amazonawsxcom', false],
  ['aws', 'public.ecr.aws.evil.com', false],
  ['aws', 'my-registry.com', false],
  ['gcr', 'gcr.io', true],
  ['gcr', 'eu.gcr.io', true],
  ['gcr', 'europe-west1-docker.pkg.dev', true],
  ['gcr', 'evilgcr.io', false],
  ['gcr', 'gcr.io.evil.com', false],
  ['gcr', 'docker.pkg.dev', false],
  ['gcr', 'evil.com-docker.pkg.dev', false],
  ['gcr', 'x-docker.pkg.dev.evil.com', false],
  ['gcr', 'gcr.io:8080', false],
  ['azure', 'acme.azurecr.io', true],
  ['azure', 'acme.azurecr.cn', true],
  ['azure', 'acme.azurecr.us', true],
  ['azure', 'acme.azurecr.de', true],
  ['azure', 'azurecr.io', false],
  ['azure', 'acme.azurecr.io.evil.com', false],
  ['azure', 'evil.com/.azurecr.io', false],
  ['azure', 'evil.com#.azurecr.io', false],
  ['azure', 'user@evil.azurecr.io', false],
  ['azure', 'acmeazurecr.io', false],
  ['github', 'ghcr.io', true],
  ['github', 'ghcr.io.evil.com', false],
  ['github', 'evil-ghcr.io', false],
  ['github', 'ghcr.io:443', false],
  ['dockerhub', 'docker.io', true],
  ['dockerhub', 'registry.docker.io', false],
])('%s has %s: %s', (name, host, has) => {
  expect(providers.get(name)?.hosts.test(host)).toBe(has)
})

test('every provider loads, and finds nothing in an empty environment', async () => {
  const nobody = {
    env: {},
    home: undefined,
    readFile: async () => undefined,
    ask: async () => ({ request: '', status: 404, headers: {}, body: '' }),
  }
  expect([...providers.keys()]).toEqual(['aws', 'gcr', 'azure', 'github', 'dockerhub'])
  for (const { load } of providers.values())
    expect(await (await load())('public.ecr.aws', nobody)).toBeUndefined()
})
