import { Redacted } from '../credential.ts'
import type { Env } from '../proxy.ts'
import { type AwsIdentity, findAwsIdentity } from './aws-identity.ts'
import type { EndpointRequest } from './endpoint.ts'
import { readAnswer } from './endpoint-answer.ts'
import type { MintCredential } from './provider.ts'

/**
 * Amazon ECR: one signed request returns a password that is valid for 12 hours, for every registry
 * that the identity may read.
 * Source: Amazon ECR API reference, GetAuthorizationToken, private and public.
 */
export const aws: MintCredential = async (host, environment) => {
  const service = serviceOf(host, environment.env)
  const identity = await findAwsIdentity(service.region, environment)
  if (identity === undefined) return undefined
  const { url, ...request } = await signedRequest(service, identity)
  const answer = readAnswer(await environment.ask(url, request)).fields('authorizationData')
  const [username, ...password] = Buffer.from(answer.text('authorizationToken'), 'base64')
    .toString()
    .split(':')
  if (!username || password.length === 0) {
    throw answer.error('`authorizationToken` must be the base64 of `username:password`')
  }
  return {
    source: `provider aws (${identity.source})`,
    origin: 'ambient',
    kind: 'basic',
    username,
    password: new Redacted(password.join(':')),
  }
}

interface EcrService {
  readonly name: 'ecr' | 'ecr-public'
  readonly region: string
  readonly url: string
  readonly target: string
}

/** The API that returns passwords for a registry. ECR Public has one in a single region. */
function serviceOf(host: string, env: Env): EcrService {
  if (host === 'public.ecr.aws') {
    const url =
      env.AWS_ENDPOINT_URL_ECR_PUBLIC ||
      env.AWS_ENDPOINT_URL ||
      'https://api.ecr-public.us-east-1.amazonaws.com/'
    return {
      name: 'ecr-public',
      region: 'us-east-1',
      url,
      target: 'SpencerFrontendService.GetAuthorizationToken',
    }
  }
  const [, fips, region = '', domain = ''] =
    /^\d+\.dkr[.-]ecr(-fips)?\.([^.]+)\.(.+)$/.exec(host) ?? []
  const apiDomain = apiDomains.get(domain) ?? domain
  const url =
    env.AWS_ENDPOINT_URL_ECR ||
    env.AWS_ENDPOINT_URL ||
    `https://${fips ? 'ecr-fips' : 'api.ecr'}.${region}.${apiDomain}/`
  return {
    name: 'ecr',
    region,
    url,
    target: 'AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken',
  }
}

/** The dual-stack domains of registries have no API; a password is valid for both domains. */
const apiDomains = new Map([
  ['on.aws', 'amazonaws.com'],
  ['on.amazonwebservices.com.cn', 'amazonaws.com.cn'],
])

async function signedRequest(
  { name, region, url, target }: EcrService,
  identity: AwsIdentity,
): Promise<EndpointRequest & { url: string }> {
  const { AwsV4Signer } = await import('aws4fetch')
  const sessionToken = identity.sessionToken?.reveal()
  const { headers } = await new AwsV4Signer({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target },
    body: '{}',
    service: name,
    region,
    accessKeyId: identity.accessKeyId,
    secretAccessKey: identity.secretAccessKey.reveal(),
    ...(sessionToken && { sessionToken }),
  }).sign()
  return { url, method: 'POST', headers: Object.fromEntries(headers), body: '{}' }
}
