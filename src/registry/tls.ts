import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls'
import { FunctionError } from '../errors.ts'
import type { SecretData } from '../image/repository-access.ts'
import { type Certificates, certificatesOfHost } from './certs-d.ts'
import type { Env } from './proxy.ts'

/**
 * The TLS settings for `host`: the certificates of `certSecretRef`, or those that the operator
 * keeps for this host. Authorities are added to the system's roots. Undefined if Node's defaults
 * are enough. Throws REGISTRY_FAILED if a certificate or key is invalid.
 */
export function secureContextFor(
  host: string,
  secret: SecretData | undefined,
  env: Env,
): SecureContext | undefined {
  const own = secret ? certificatesOfSecret(secret) : certificatesOfHost(host, env)
  const source = secret
    ? `Secret ${secret.name} (certSecretRef)`
    : `the certificates for ${host} in certs.d`
  if (own === undefined && nodeReadsAll(env)) return undefined
  const ca = [...authoritiesOf(env), ...(own?.ca ?? [])]
  try {
    return createSecureContext({
      ca,
      ...(own?.cert !== undefined && own.key !== undefined && { cert: own.cert, key: own.key }),
    })
  } catch {
    // without the cause, which may quote the key
    throw new FunctionError(
      'REGISTRY_FAILED',
      `${source}: must hold certificates and a matching private key in PEM`,
    )
  }
}

function certificatesOfSecret({ name, data }: SecretData): Certificates {
  const [ca, cert, key] = ['ca.crt', 'tls.crt', 'tls.key'].map(entry => data.get(entry))
  const must = (problem: string) =>
    new FunctionError('REGISTRY_FAILED', `Secret ${name} (certSecretRef): ${problem}`)
  if ((cert === undefined) !== (key === undefined))
    throw must('must hold `tls.crt` and `tls.key` together')
  if (ca === undefined && cert === undefined)
    throw must('must hold `ca.crt`, or `tls.crt` and `tls.key`')
  if (ca !== undefined && !isAuthority(ca)) throw must('`ca.crt` must hold certificates in PEM')
  return {
    ca: ca === undefined ? [] : [ca],
    ...(cert !== undefined && key !== undefined && { cert, key }),
  }
}

/** Checked here, because OpenSSL ignores the parts of `ca` that it can't read. */
function isAuthority(pem: string): boolean {
  const blocks = certificateBlocks(pem)
  try {
    return blocks.length > 0 && blocks.every(block => new X509Certificate(block))
  } catch {
    return false
  }
}

const begin = '-----BEGIN CERTIFICATE-----'
const end = '-----END CERTIFICATE-----'

/**
 * By plain search: a regular expression takes quadratic time for many beginnings without an end.
 */
function certificateBlocks(pem: string): readonly string[] {
  const blocks: string[] = []
  for (let from = pem.indexOf(begin); from !== -1; ) {
    const last = pem.indexOf(end, from)
    if (last === -1) return blocks
    blocks.push(pem.slice(from, last + end.length))
    from = pem.indexOf(begin, last)
  }
  return blocks
}

/**
 * The system's roots and the authorities that the operator adds by environment, in PEM. Both must
 * be listed, because `ca` replaces Node's roots and disables its own reading of
 * NODE_EXTRA_CA_CERTS.
 */
export function authoritiesOf(env: Env): readonly string[] {
  const added = (['SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS'] as const).flatMap(name => {
    const file = env[name]
    if (!file) return []
    try {
      return [readFileSync(file, 'utf8')]
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      throw new FunctionError(
        'REGISTRY_FAILED',
        `${name}: must name a readable file, got ${code} on reading ${file}; correct or unset it`,
      )
    }
  })
  return [...rootCertificates, ...added]
}

const nodeReadsAll = (env: Env) =>
  !env.SSL_CERT_FILE &&
  (!env.NODE_EXTRA_CA_CERTS || env.NODE_EXTRA_CA_CERTS === process.env.NODE_EXTRA_CA_CERTS)
