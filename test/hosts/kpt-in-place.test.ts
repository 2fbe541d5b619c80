import { jest } from '@jest/globals'
import { builtProgram } from '../fixtures/built-program.ts'
import { filesOf, folderOf } from '../fixtures/folder.ts'
import { deploymentOf, policiesFor, tags } from '../fixtures/manifests.ts'
import { needs } from '../fixtures/needs.ts'
import { spawnToEnd } from '../fixtures/spawn.ts'
import { startRegistry, type TestRegistry } from '../registry/lab/registry.ts'

jest.setTimeout(60_000)

/** The commands of docs/kpt.md, "Update a folder in place". */
needs('kpt', 'docker-registry')('kpt fn eval with policies outside the folder', () => {
  let registry: TestRegistry
  beforeAll(async () => {
    registry = await startRegistry()
    await registry.push('app', tags)
  })
  afterAll(() => registry.stop())

  const evaluate = (cwd: string, more = '') => {
    const program = `${builtProgram('image-policy.js')} --policies policies/${more}`
    return spawnToEnd('kpt', ['fn', 'eval', 'manifests', '--exec', program], { cwd })
  }
  const files = () => ({
    'manifests/deployment.yaml': deploymentOf(registry.host),
    'manifests/values.yaml': 'replicas: 1\n',
    'manifests/.krmignore': 'values.yaml\n',
    'policies/app.yaml': policiesFor(registry.host),
  })

  test('updates the folder, without a Kptfile, and adds no file', async () => {
    const folder = folderOf(files())
    expect(await evaluate(folder)).toMatchObject({ code: 0 })
    const expected = deploymentOf(registry.host, 'v1.3.0').replace(
      '  namespace: apps\n',
      '  namespace: apps\n  annotations:\n    fluxcd.io/tag.app: v1.3.0\n',
    )
    expect(filesOf(folder)).toEqual({ ...files(), 'manifests/deployment.yaml': expected })
  })

  test('in check mode fails and changes no file', async () => {
    const folder = folderOf(files())
    expect(await evaluate(folder, ' --set mode=check')).toMatchObject({ code: 1 })
    expect(filesOf(folder)).toEqual(files())
  })
})
