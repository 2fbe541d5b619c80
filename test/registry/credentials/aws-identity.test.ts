import { findAwsIdentity } from '../../../src/registry/credentials/aws-identity.ts'
import { environmentOf, type Reply, serve } from './loopback.ts'

const off = { AWS_EC2_METADATA_DISABLED: 'true' }

async function find(
  env: Record<string, string>,
  options: Parameters<typeof environmentOf>[1] = {},
) {
  const identity = await findAwsIdentity('eu-west-1', environmentOf({ ...off, ...env }, options))
  return (
    identity && {
      ...identity,
      secretAccessKey: identity.secretAccessKey.reveal(),
      sessionToken: identity.sessionToken?.reveal(),
    }
  )
}
const identity = (source: string, sessionToken?: string) => ({
  source,
  accessKeyId: 'AKID',
  secretAccessKey: 'secret',
  sessionToken,
})

test('variables come first', async () => {
  const env = {
    AWS_ACCESS_KEY_ID: 'AKID',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: 'st',
    AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://127.0.0.1:1',
  }
  expect(await find(env)).toEqual(identity('AWS_ACCESS_KEY_ID', 'st'))
})

describe('web identity', () => {
  const files = { '/var/token': 'a.web.token\n' }
  const env = {
    AWS_WEB_IDENTITY_TOKEN_FILE: '/var/token',
    AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/pull',
  }
  const xml = (credentials: string) =>
    `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult><Credentials>${credentials}</Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`
  const credentials =
    '<SessionToken>\n  st/+==\n</SessionToken><SecretAccessKey>secret</SecretAccessKey><AccessKeyId>AKID</AccessKeyId>'

  test('becomes an access key', async () => {
    await using sts = await serve(() => ({ body: xml(credentials) }))
    expect(await find({ ...env, AWS_ENDPOINT_URL_STS: sts.url }, { files })).toEqual(
      identity('AWS_WEB_IDENTITY_TOKEN_FILE', 'st/+=='),
    )
    expect(Object.fromEntries(sts.seen[0]?.form ?? [])).toEqual({
      Action: 'AssumeRoleWithWebIdentity',
      Version: '2011-06-15',
      RoleArn: env.AWS_ROLE_ARN,
      RoleSessionName: 'image-policy-fn',
      WebIdentityToken: 'a.web.token',
    })
  })

  test.each([
    [{}, 'https://sts.eu-west-1.amazonaws.com/'],
    [{ AWS_REGION: 'us-west-2' }, 'https://sts.us-west-2.amazonaws.com/'],
    [{ AWS_DEFAULT_REGION: 'cn-north-1' }, 'https://sts.cn-north-1.amazonaws.com.cn/'],
  ])('with %j asks %s', async (region, url) => {
    const environment = environmentOf({ ...off, ...env, ...region }, { files })
    await expect(findAwsIdentity('eu-west-1', environment)).rejects.toMatchObject({
      code: 'REGISTRY_FAILED',
    })
    expect(environment.asked).toEqual([url])
  })

  test.each([
    [
      {
        status: 403,
        body: '<ErrorResponse><Error><Code>AccessDenied</Code><Message>a.web.token</Message></Error></ErrorResponse>',
      },
      '403 AccessDenied; check the identity that the provider uses',
    ],
    [{ body: xml('') }, 'the answer must have an access key'],
  ])('%j is an error', async (reply, problem) => {
    await using sts = await serve(() => reply)
    await expect(find({ ...env, AWS_ENDPOINT_URL: sts.url }, { files })).rejects.toThrow(
      `POST ${sts.url}/: ${problem}`,
    )
  })

  test('after a missing token file, the next source is asked', async () => {
    expect(await find(env)).toBeUndefined()
  })
})

describe('the credentials file', () => {
  const text = `# mine
[default]
aws_access_key_id = AKID
aws_secret_access_key=secret

[ci]\r
 aws_access_key_id = CI\r
aws_secret_access_key = other\r
aws_session_token = st=\r
[role]
role_arn = arn:aws:iam::1:role/x
source_profile = default
`
  const files = { '/home/me/.aws/credentials': text, '/elsewhere': text }

  test.each<[Record<string, string>, unknown]>([
    [{}, identity('/home/me/.aws/credentials')],
    [{ AWS_SHARED_CREDENTIALS_FILE: '/elsewhere' }, identity('/elsewhere')],
    [
      { AWS_PROFILE: 'ci' },
      {
        source: '/home/me/.aws/credentials',
        accessKeyId: 'CI',
        secretAccessKey: 'other',
        sessionToken: 'st=',
      },
    ],
    [{ AWS_PROFILE: 'role' }, undefined],
    [{ AWS_PROFILE: 'absent' }, undefined],
  ])('with %j', async (env, expected) => {
    expect(await find(env, { files, home: '/home/me' })).toEqual(expected)
  })
})

describe('a container', () => {
  const body = {
    AccessKeyId: 'AKID',
    SecretAccessKey: 'secret',
    Token: 'st',
    Expiration: '2030-01-01T00:00:00Z',
  }

  test('of ECS asks the fixed address of the agent', async () => {
    await using agent = await serve(({ path }) =>
      path === '/v2/credentials/x' ? { body } : undefined,
    )
    const reroute = { 'http://169.254.170.2': agent.url }
    expect(
      await find({ AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/v2/credentials/x' }, { reroute }),
    ).toEqual(identity('container credentials', 'st'))
  })

  test.each<[string, Record<string, string>]>([
    ['a file', { AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: '/var/token' }],
    ['a variable', { AWS_CONTAINER_AUTHORIZATION_TOKEN: 'pod token' }],
  ])('of EKS sends its token, from %s', async (_name, env) => {
    await using agent = await serve(({ headers }) =>
      headers.authorization === 'pod token' ? { body } : { status: 401, body: 'no' },
    )
    const url = `${agent.url}/v1/credentials`
    expect(
      await find(
        { AWS_CONTAINER_CREDENTIALS_FULL_URI: url, ...env },
        { files: { '/var/token': 'pod token\n' } },
      ),
    ).toEqual(identity('container credentials', 'st'))
    await expect(find({ AWS_CONTAINER_CREDENTIALS_FULL_URI: url })).rejects.toThrow(
      `GET ${url}: 401; check the identity that the provider uses`,
    )
  })

  test('never sends its token unencrypted to a remote address', async () => {
    const { asked: _, ...environment } = environmentOf({
      AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://evil.com/',
      AWS_CONTAINER_AUTHORIZATION_TOKEN: 'x',
    })
    const { askByHttp } = await import('../../../src/registry/credentials/endpoint.ts')
    await expect(
      findAwsIdentity('eu-west-1', { ...environment, ask: askByHttp({}) }),
    ).rejects.toThrow('GET http://evil.com/: must be https')
  })
})

describe('a machine', () => {
  /** The metadata service, version 2: nothing without a token of its own. */
  const metadata = (
    role: string | undefined,
    credentials: object = {
      Code: 'Success',
      AccessKeyId: 'AKID',
      SecretAccessKey: 'secret',
      Token: 'st',
    },
  ) =>
    serve(({ method, path, headers }): Reply | undefined => {
      if (method === 'PUT' && path === '/latest/api/token') {
        return headers['x-aws-ec2-metadata-token-ttl-seconds']
          ? { body: 'metadata-token' }
          : { status: 400, body: '' }
      }
      if (headers['x-aws-ec2-metadata-token'] !== 'metadata-token') return { status: 401, body: '' }
      if (path === '/latest/meta-data/iam/security-credentials/')
        return role === undefined ? undefined : { body: `${role}\n` }
      return path === `/latest/meta-data/iam/security-credentials/${role}`
        ? { body: credentials }
        : undefined
    })

  test('has the role that its metadata service names', async () => {
    await using service = await metadata('node-role')
    const env = {
      AWS_EC2_METADATA_DISABLED: 'false',
      AWS_EC2_METADATA_SERVICE_ENDPOINT: `${service.url}/`,
    }
    expect(await find(env)).toEqual(identity('role of the machine', 'st'))
    expect(service.seen.map(({ method }) => method)).toEqual(['PUT', 'GET', 'GET'])
  })

  test.each([
    [{}, 'http://169.254.169.254'],
    [{ AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE: 'IPv6' }, 'http://[fd00:ec2::254]'],
  ])('with %j is asked at %s', async (mode, origin) => {
    await using service = await metadata('node-role')
    expect(
      await find(
        { AWS_EC2_METADATA_DISABLED: '', ...mode },
        { reroute: { [origin]: service.url } },
      ),
    ).toMatchObject({
      accessKeyId: 'AKID',
    })
  })

  test('without a role has no identity', async () => {
    await using service = await metadata(undefined)
    expect(
      await find({ AWS_EC2_METADATA_DISABLED: '', AWS_EC2_METADATA_SERVICE_ENDPOINT: service.url }),
    ).toBeUndefined()
  })

  test('of another cloud has no identity', async () => {
    await using service = await serve(() => undefined)
    expect(
      await find({ AWS_EC2_METADATA_DISABLED: '', AWS_EC2_METADATA_SERVICE_ENDPOINT: service.url }),
    ).toBeUndefined()
    expect(service.seen).toHaveLength(1) // its answer is no token to go on with
  })

  test('outside of a cloud has no identity, and is not asked if that is disabled', async () => {
    expect(await find({ AWS_EC2_METADATA_DISABLED: '' })).toBeUndefined()
    const environment = environmentOf(off)
    expect(await findAwsIdentity('eu-west-1', environment)).toBeUndefined()
    expect(environment.asked).toEqual([])
  })

  test('with a broken answer is an error', async () => {
    await using service = await metadata('node-role', { Code: 'Failed', Message: 'secret' })
    const env = { AWS_EC2_METADATA_DISABLED: '', AWS_EC2_METADATA_SERVICE_ENDPOINT: service.url }
    await expect(find(env)).rejects.toThrow(
      /node-role: the answer is invalid: `AccessKeyId` must be a non-empty string$/,
    )
  })
})
