import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { loopbackRegistry } from '../fixtures/loopback-registry.ts'
import { deploymentOf, policiesFor } from '../fixtures/manifests.ts'
import { program, runProgram } from '../fixtures/program.ts'
import { spawnToEnd } from '../fixtures/spawn.ts'

const shell = (script: string, input: string) =>
  spawnToEnd('bash', ['-c', script, 'bash', process.execPath, program], { input })

const big = (documents: number) =>
  Array.from(
    { length: documents },
    (_, index) =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c${index}\ndata:\n  text: "${'é'.repeat(500)}"\n`,
  ).join('---\n')

test('60 MB reach a slow reader completely through a pipe', async () => {
  const input = big(55_000)
  const { stdout, code } = await spawnToEnd(
    'bash',
    ['-c', '"$1" "$2" | (sleep 0.5; cat)', 'bash', process.execPath, program],
    { input },
  )
  expect(Buffer.byteLength(input)).toBeGreaterThan(55e6)
  expect(stdout === input).toBe(true) // not toBe(input): the diff would be huge
  expect(code).toBe(0)
}, 60_000)

test('a file is read completely, from its current offset', async () => {
  const input = big(2_000)
  const file = join(mkdtempSync(join(tmpdir(), 'image-policy-')), 'input.yaml')
  writeFileSync(file, `# a\n${input}`)
  const { stdout, code } = await shell(
    `"$1" "$2" < '${file}'; (read -r; "$1" "$2") < '${file}'`,
    '',
  )
  rmSync(dirname(file), { recursive: true })
  expect(stdout === `# a\n${input}${input}`).toBe(true)
  expect(code).toBe(0)
})

test('a file without a known size is read completely', async () => {
  if (!existsSync('/proc/meminfo')) return
  const { stdout } = await shell('"$1" "$2" < /proc/meminfo', '')
  expect(stdout).toMatch(/^MemTotal: .*\n(?:.+\n)*MemFree: .*\n(?:.+\n)*$/)
})

test('a reader that leaves early is an error: what it has is not the whole output', async () => {
  const { stdout, stderr, code } = await shell(
    'set -o pipefail; "$1" "$2" --quiet | head -c 1000',
    big(2_000),
  )
  expect(Buffer.byteLength(stdout)).toBeGreaterThan(500)
  expect({ stderr, code }).toEqual({
    stderr: 'error: stdout must take all that is written, but was closed before the end\n',
    code: 1,
  })
})

test('a reader that leaves after an output that a pipe holds is not an error', async () => {
  const { stderr, code } = await shell(
    'set -o pipefail; "$1" "$2" --quiet | (sleep 0.5; head -c 10 > /dev/null)',
    big(1),
  )
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
})

test('a closed stderr alone is not an error', async () => {
  const { stdout, code } = await shell('"$1" "$2" 2> >(:)', big(1))
  expect({ stdout, code }).toEqual({ stdout: big(1), code: 0 })
})

test('a full disk is an error', async () => {
  if (!existsSync('/dev/full')) return
  const { stderr, code } = await shell('"$1" "$2" --quiet > /dev/full', big(1))
  expect({ stderr, code }).toEqual({
    stderr:
      'error: stdout must take all that is written, got ENOSPC: no space left on device, write\n',
    code: 1,
  })
})

test('too little address space is an error that names the remedy', async () => {
  if (process.platform !== 'linux') return
  const { stdout, stderr, code } = await shell('ulimit -v 4000000; "$1" "$2"', big(1))
  expect(stderr).toContain(
    'must be able to reserve 12 GB of addresses (not of memory), as WebAssembly does; raise `ulimit -v`',
  )
  expect(stdout).toBe('')
  expect(code).not.toBe(0)
})

test('a closed stdin is an empty stdin', async () => {
  const { stdout, stderr, code } = await shell('"$1" "$2" <&-', '')
  expect(stderr).toMatch(/^error: /)
  expect({ stdout, code }).toEqual({ stdout: '', code: 1 })
})

test('a closed stdout or stderr does not crash the program', async () => {
  expect(await shell('"$1" "$2" --quiet >&-', big(1))).toEqual({ stdout: '', stderr: '', code: 0 })
  expect(await shell('"$1" "$2" 2>&-', big(1))).toEqual({ stdout: big(1), stderr: '', code: 0 })
})

describe.each([
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const)('%s ends the program without a message', (signal, code) => {
  let registry: Awaited<ReturnType<typeof loopbackRegistry>>
  beforeAll(async () => {
    registry = await loopbackRegistry('never')
  })
  afterAll(() => registry.stop())

  test('while it waits for stdin', async () => {
    const child = spawn(process.execPath, [program])
    await new Promise(resolve => child.stdin.write(big(1_000), resolve)) // more than the pipe's buffer, so the program is reading
    expect(await endedBy(child, signal)).toEqual({ output: '', code })
  })

  test('while it waits for a registry', async () => {
    const child = spawn(process.execPath, [program])
    child.stdin.end(`${policiesFor(registry.host)}---\n${deploymentOf(registry.host)}`)
    while (registry.requests.length === 0) await new Promise(resolve => setTimeout(resolve, 20))
    expect(await endedBy(child, signal)).toEqual({ output: '', code })
  })
})

test('SIGTERM ends the program while it waits for a reader', async () => {
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] })
  const exited = new Promise(resolve => child.on('exit', (code, signal) => resolve(signal ?? code)))
  child.stdin.end(big(20_000))
  await new Promise(resolve => child.stdout.once('readable', resolve))
  await new Promise(resolve => setTimeout(resolve, 300)) // the output is larger than all buffers, so the program is waiting
  child.kill('SIGTERM')
  expect(await exited).toBe('SIGTERM')
  child.stdout.destroy()
})

/** The output and the exit code of the process after a signal. */
async function endedBy(child: ReturnType<typeof spawn>, signal: 'SIGTERM' | 'SIGINT') {
  let output = ''
  child.stdout?.on('data', chunk => (output += chunk))
  child.stderr?.on('data', chunk => (output += chunk))
  const closed = new Promise(resolve => child.on('close', resolve))
  child.kill(signal)
  const code = await closed
  return { output, code }
}

test('a stream without changes is written byte for byte', async () => {
  const input = '\uFEFF# only a comment\r\n---\r\napiVersion: v1\r\nkind: A\r\n...\r\n'
  expect(await runProgram(['--quiet'], { input })).toEqual({ stdout: input, stderr: '', code: 0 })
})
