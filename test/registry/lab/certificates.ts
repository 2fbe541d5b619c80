import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * PEM texts: an authority, a server certificate for localhost, 127.0.0.1 and any host of
 * example.com and example.net, and a client certificate, both signed by it.
 */
export interface LabCertificates {
  readonly folder: string
  readonly ca: string
  readonly client: { readonly cert: string; readonly key: string }
}

/**
 * Makes new ones in `folder`: `ca.crt`, `server.crt`, `server.key`, `client.crt`, `client.key`.
 * Needs openssl.
 */
export function makeCertificates(folder: string): LabCertificates {
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  openssl(
    'req',
    '-x509',
    ...newKey,
    '-keyout',
    'ca.key',
    '-out',
    'ca.crt',
    '-days',
    '2',
    '-subj',
    '/CN=lab authority',
  )
  writeFileSync(
    join(folder, 'server.ext'),
    'subjectAltName=DNS:localhost,DNS:*.example.com,DNS:*.example.net,IP:127.0.0.1\nextendedKeyUsage=serverAuth',
  )
  writeFileSync(join(folder, 'client.ext'), 'extendedKeyUsage=clientAuth')
  for (const name of ['server', 'client']) {
    openssl(
      'req',
      ...newKey,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.csr`,
      '-subj',
      `/CN=lab ${name}`,
    )
    const sign = [
      '-CA',
      'ca.crt',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-days',
      '2',
      '-extfile',
      `${name}.ext`,
    ]
    openssl('x509', '-req', '-in', `${name}.csr`, '-out', `${name}.crt`, ...sign)
  }
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')
  return {
    folder,
    ca: read('ca.crt'),
    client: { cert: read('client.crt'), key: read('client.key') },
  }
}
