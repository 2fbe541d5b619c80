import { createHash, createHmac } from 'node:crypto'
import { aws } from '../../../src/registry/credentials/aws.ts'
import { environmentOf, type Seen, serve } from './loopback.ts'
import { shown } from './shown.ts'

const keys = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG' }
const host = '123456789012.dkr.ecr.eu-west-1.amazonaws.com'
const authorizationToken = Buffer.from('AWS:pass:word').toString('base64')

/**
 * Signature Version 4, computed anew from what arrived. Source: AWS IAM user guide, "Create a
 * signed AWS API request".
 */
function expectedSignature({ method, path, headers, body }: Seen, secret: string): string {
  const [, scope = '', signedHeaders = ''] =
    /Credential=[^/]+\/([^,]+), SignedHeaders=([^,]+),/.exec(headers.authorization ?? '') ?? []
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
  const canonicalHeaders = signedHeaders.split(';').map(name => `${name}:${headers[name]}\n`)
  const canonicalRequest = [
    method,
    path,
    '',
    canonicalHeaders.join(''),
    signedHeaders,
    sha256(body),
  ].join('\n')
  const hmac = (key: string | Buffer, text: string) =>
    createHmac('sha256', key).update(text).digest()
  const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${secret}`)
  return hmac(
    key,
    ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonicalRequest)].join('\n'),
  ).toString('hex')
}

test('ECR gives a password for one signed request', async () => {
  await using ecr = await serve(() => ({
    body: { authorizationData: [{ authorizationToken, proxyEndpoint: `https://${host}` }] },
  }))
  const env = { ...keys, AWS_SESSION_TOKEN: 'session-token', AWS_ENDPOINT_URL_ECR: `${ecr.url}/` }

  const credential = await aws(host, environmentOf(env))

  expect(credential && shown(credential)).toEqual({
    source: 'provider aws (AWS_ACCESS_KEY_ID)',
    origin: 'ambient',
    kind: 'basic',
    username: 'AWS',
    password: 'pass:word',
  })
  const [seen] = ecr.seen
  expect(ecr.seen).toHaveLength(1)
  expect(seen).toMatchObject({
    method: 'POST',
    path: '/',
    body: '{}',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken',
      'x-amz-security-token': 'session-token',
    },
  })
  const [, keyId, day, region, service, signedHeaders = '', signature] =
    /^AWS4-HMAC-SHA256 Credential=(\w+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      seen?.headers.authorization ?? '',
    ) ?? []
  expect([keyId, region, service]).toEqual(['AKIDEXAMPLE', 'eu-west-1', 'ecr'])
  expect(seen?.headers['x-amz-date']).toMatch(new RegExp(`^${day}T\\d{6}Z$`))
  expect(signedHeaders.split(';')).toEqual(
    expect.arrayContaining(['host', 'x-amz-date', 'x-amz-target', 'x-amz-security-token']),
  )
  expect(seen && expectedSignature(seen, keys.AWS_SECRET_ACCESS_KEY)).toBe(signature)
  expect(seen && expectedSignature(seen, 'another secret')).not.toBe(signature)
})

test('ECR Public is asked in us-east-1', async () => {
  await using ecr = await serve(() => ({ body: { authorizationData: { authorizationToken } } }))
  const credential = await aws(
    'public.ecr.aws',
    environmentOf({ ...keys, AWS_ENDPOINT_URL_ECR_PUBLIC: ecr.url }),
  )
  expect(credential).toMatchObject({ username: 'AWS' })
  expect(ecr.seen[0]?.headers).toMatchObject({
    'x-amz-target': 'SpencerFrontendService.GetAuthorizationToken',
    authorization: expect.stringMatching(/\/us-east-1\/ecr-public\/aws4_request, /),
  })
})

test.each([
  [host, 'https://api.ecr.eu-west-1.amazonaws.com/'],
  [
    '123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn',
    'https://api.ecr.cn-north-1.amazonaws.com.cn/',
  ],
  [
    '123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com',
    'https://ecr-fips.us-gov-west-1.amazonaws.com/',
  ],
  ['123456789012.dkr-ecr.eu-west-1.on.aws', 'https://api.ecr.eu-west-1.amazonaws.com/'],
  [
    '123456789012.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn',
    'https://api.ecr.cn-north-1.amazonaws.com.cn/',
  ],
  ['public.ecr.aws', 'https://api.ecr-public.us-east-1.amazonaws.com/'],
])('%s has its API at %s', async (registry, url) => {
  const environment = environmentOf(keys)
  await expect(aws(registry, environment)).rejects.toMatchObject({ code: 'REGISTRY_FAILED' })
  expect(environment.asked).toEqual([url])
})

test.each([
  [
    'a refusal',
    { status: 400, body: { __type: 'ExpiredTokenException', message: 'secret' } },
    'REGISTRY_DENIED',
    '400 ExpiredTokenException; check the identity that the provider uses',
  ],
  [
    'no data',
    { body: { authorizationData: [] } },
    'REGISTRY_FAILED',
    'the answer is invalid: `authorizationData` must be an object',
  ],
  [
    'no password',
    { body: { authorizationData: [{ authorizationToken: 'c2VjcmV0' }] } },
    'REGISTRY_FAILED',
    'the answer is invalid: `authorizationToken` must be the base64 of `username:password`',
  ],
])('%s is an error', async (_name, reply, code, problem) => {
  await using ecr = await serve(() => reply)
  await expect(
    aws(host, environmentOf({ ...keys, AWS_ENDPOINT_URL: `${ecr.url}/` })),
  ).rejects.toThrow(expect.objectContaining({ code, message: `POST ${ecr.url}/: ${problem}` }))
})
