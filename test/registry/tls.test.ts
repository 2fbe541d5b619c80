import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'
import { authoritiesOf, secureContextFor } from '../../src/registry/tls.ts'

describe('authorities', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'image-policy-tls-'))
    writeFileSync(join(folder, 'a.crt'), 'A')
    writeFileSync(join(folder, 'b.crt'), 'B')
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test('of the environment are added to those of the system', () => {
    const env = { SSL_CERT_FILE: join(folder, 'a.crt'), NODE_EXTRA_CA_CERTS: join(folder, 'b.crt') }
    expect(authoritiesOf(env)).toEqual([...rootCertificates, 'A', 'B'])
    expect(authoritiesOf({})).toEqual(rootCertificates)
  })

  test.each(['SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS'])(
    'in a file of %s that is not there are an error',
    name => {
      expect(() =>
        secureContextFor('r.example.com', undefined, { [name]: join(folder, 'none.crt') }),
      ).toThrow(
        `${name}: must name a readable file, got ENOENT on reading ${folder}/none.crt; correct or unset it`,
      )
    },
  )

  test("are Node's own where nothing is added", () => {
    expect(secureContextFor('r.example.com', undefined, {})).toBeUndefined()
  })
})
