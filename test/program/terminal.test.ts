import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { folderOf } from '../fixtures/folder.ts'
import { loopbackRegistry } from '../fixtures/loopback-registry.ts'
import { deploymentOf, policiesFor } from '../fixtures/manifests.ts'
import { needs } from '../fixtures/needs.ts'
import { program } from '../fixtures/program.ts'
import { spawnToEnd } from '../fixtures/spawn.ts'

/** Runs a shell command whose stdin, stdout and stderr are a terminal (util-linux). */
const onTerminal = (command: string) => ['-qefc', command, '/dev/null']
const run = `'${process.execPath}' '${program}'`

needs('script')('on a terminal', () => {
  let registry: Awaited<ReturnType<typeof loopbackRegistry>>
  let input: string
  beforeAll(async () => {
    registry = await loopbackRegistry('never')
    const text = `${policiesFor(registry.host)}---\n${deploymentOf(registry.host)}`
    input = join(folderOf({ 'input.yaml': text }), 'input.yaml')
  })
  afterAll(() => registry.stop())

  test('a registry that does not answer is named', async () => {
    const child = spawn('script', onTerminal(`${run} < '${input}' > /dev/null`))
    let output = ''
    await new Promise<void>(resolve => {
      child.stdout.on('data', chunk => {
        output += chunk
        if (output.includes('waiting for')) resolve()
      })
      child.on('close', resolve)
    })
    child.kill()
    expect(output).toContain(
      `\r\u001b[Kwaiting for ${registry.host} (3 s); asking registries: 0 of 1`,
    )
  }, 30_000)

  test('without input and arguments the help is shown', async () => {
    const { stdout, code } = await spawnToEnd('script', onTerminal(run))
    expect(stdout).toMatch(/^image-policy: updates container images/)
    expect(code).toBe(0)
  })

  test('with arguments, but without input, the run is an error', async () => {
    const { stdout, code } = await spawnToEnd('script', onTerminal(`${run} --policies policies/`))
    expect(stdout).toMatch(/^error: manifests are read from stdin, got a terminal: .*\r\n$/)
    expect(code).toBe(1)
  })
})

test('without a terminal nothing is shown of the progress', async () => {
  const registry = await loopbackRegistry('never')
  const { stderr, code } = await spawnToEnd(process.execPath, [program], {
    input: `${policiesFor(registry.host)}---\n${deploymentOf(registry.host)}`,
    env: { IMAGE_POLICY_RUN_TIMEOUT: '4' },
  })
  await registry.stop()
  expect(stderr).toMatch(/^error: .*\n$/)
  expect(code).toBe(3)
}, 30_000)
