import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { operatorTagSource } from '../../src/registry/operator-tag-source.ts'
import { needs } from '../fixtures/needs.ts'
import { labUser, startRegistry, type TestRegistry } from './lab/registry.ts'

const auth = Buffer.from(`${labUser.username}:${labUser.password}`).toString('base64')

needs('docker-registry')('what the operator has', () => {
  let home: string
  let registry: TestRegistry
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'image-policy-home-'))
    registry = await startRegistry({ auth: 'basic' })
    await registry.push('lab/app', ['1'])
  })
  afterAll(async () => {
    await registry.stop()
    rmSync(home, { recursive: true })
  })
  const config = () => JSON.stringify({ auths: { [registry.host]: { auth } } })

  test('in DOCKER_AUTH_CONFIG gives access to a registry', async () => {
    const source = operatorTagSource({ HOME: home, DOCKER_AUTH_CONFIG: config() }, 'ResourceList')
    expect(await source.listTags(`${registry.host}/lab/app`)).toEqual(['1'])
  })

  test('in config.json gives access to a registry, and the error names it if it does not', async () => {
    mkdirSync(join(home, '.docker'))
    writeFileSync(join(home, '.docker', 'config.json'), config())
    expect(
      await operatorTagSource({ HOME: home }, 'stream').listTags(`${registry.host}/lab/app`),
    ).toEqual(['1'])
    const wrong = {
      auths: { [registry.host]: { auth: Buffer.from('lab:wrong').toString('base64') } },
    }
    writeFileSync(join(home, '.docker', 'config.json'), JSON.stringify(wrong))
    await expect(
      operatorTagSource({ HOME: home }, 'stream').listTags(`${registry.host}/lab/app`),
    ).rejects.toThrow('/.docker/config.json')
  })

  test.each([
    ['a stream', 'stream', undefined, true],
    ['a ResourceList', 'ResourceList', undefined, false],
    ['a ResourceList with IMAGE_POLICY_HELPERS=1', 'ResourceList', '1', true],
    ['a stream with IMAGE_POLICY_HELPERS=0', 'stream', '0', false],
  ] as const)('as a helper is run for %s: %s, %s, %s', async (_name, shape, helpers, runs) => {
    const bin = join(home, `bin-${shape}-${helpers}`)
    mkdirSync(bin)
    const trace = join(bin, 'ran')
    writeFileSync(
      join(bin, 'docker-credential-lab'),
      `#!/bin/sh\ntouch ${trace}\necho '${JSON.stringify({ Username: labUser.username, Secret: labUser.password })}'\n`,
      { mode: 0o755 },
    )
    const env = {
      HOME: home,
      PATH: `${bin}:${process.env.PATH}`,
      DOCKER_AUTH_CONFIG: JSON.stringify({ credHelpers: { [registry.host]: 'lab' } }),
      ...(helpers && { IMAGE_POLICY_HELPERS: helpers }),
      DOCKER_CONFIG: bin,
    }
    const asked = operatorTagSource(env, shape).listTags(`${registry.host}/lab/app`)
    if (runs) expect(await asked).toEqual(['1'])
    else await expect(asked).rejects.toMatchObject({ code: 'REGISTRY_DENIED' })
    expect(existsAt(trace)).toBe(runs)
  })
})

needs('docker-registry', 'openssl')(
  'the certificates that the operator keeps for a registry',
  () => {
    test('open it to mutual TLS', async () => {
      const registry = await startRegistry({ tls: 'mutual' })
      await registry.push('lab/app', ['1'])
      const home = mkdtempSync(join(tmpdir(), 'image-policy-home-'))
      const folder = join(home, '.config', 'containers', 'certs.d', registry.host)
      mkdirSync(folder, { recursive: true })
      const { ca = '', client } = registry.certificates ?? {}
      writeFileSync(join(folder, 'ca.crt'), ca)
      writeFileSync(join(folder, 'client.cert'), client?.cert ?? '')
      writeFileSync(join(folder, 'client.key'), client?.key ?? '')
      expect(
        await operatorTagSource({ HOME: home }, 'stream').listTags(`${registry.host}/lab/app`),
      ).toEqual(['1'])
      rmSync(home, { recursive: true })
      await registry.stop()
    })
  },
)

function existsAt(file: string): boolean {
  try {
    readFileSync(file)
    return true
  } catch {
    return false
  }
}
