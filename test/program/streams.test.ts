import { spawn } from 'node:child_process'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  watch,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { loopbackRegistry } from '../fixtures/loopback-registry.ts'
import { deploymentOf, longWork, policiesFor } from '../fixtures/manifests.ts'
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

const resourceList = (documents: number) =>
  `apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n${'- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: a}\n'.repeat(documents)}`

describe.each([
  ['a stream', big(2_000)],
  ['a ResourceList', resourceList(20_000)],
])(
  '%s: a reader that leaves early is an error: what it has is not the whole output',
  (_name, input) => {
    test.each([
      ['after 1,000 bytes', 'head -c 1000'],
      ['at once', 'exec 0<&-; sleep 0.5'],
      ['after more than a pipe holds', 'head -c 200000'],
    ])('%s', async (_when, reader) => {
      const { stdout, stderr, code } = await shell(
        `set -o pipefail; "$1" "$2" --quiet | (${reader})`,
        input,
      )
      expect(stdout.length).toBeLessThan(input.length)
      expect({ stderr, code }).toEqual({
        stderr: 'error: stdout must take all that is written, but was closed before the end\n',
        code: 1,
      })
    })

    test('also if nobody reads stderr', async () => {
      const script = 'set -o pipefail; { "$1" "$2" 2>&3 | head -c 1000 > /dev/null; } 3> >(:)'
      expect((await shell(script, input)).code).toBe(1)
    })
  },
)

test('a reader that leaves early does not change the exit code of an error', async () => {
  const input = `${resourceList(20_000)}${policiesFor('127.0.0.1:1')
    .split('---\n')
    .map(item => `- ${item.trimEnd().replaceAll('\n', '\n  ')}\n`)
    .join('')}- ${deploymentOf('127.0.0.1:1').trimEnd().replaceAll('\n', '\n  ')}\n`
  const { stderr, code } = await shell(
    'set -o pipefail; "$1" "$2" --quiet | head -c 1000 > /dev/null',
    input,
  )
  expect(stderr).toMatch(/closed before the end\n$/)
  expect(code).toBe(3)
})

test('all errors and results reach slow readers after a registry has failed', async () => {
  const items = Array.from({ length: 600 }, (_, index) =>
    [policiesFor('127.0.0.1:1'), deploymentOf('127.0.0.1:1')]
      .join('---\n')
      .replaceAll('name: app', `name: app${index}`)
      .replaceAll('127.0.0.1:1/app', `127.0.0.1:1/app${index}`),
  )
    .flatMap(documents => documents.split('---\n'))
    .map(item => `- ${item.trimEnd().replaceAll('\n', '\n  ')}\n`)
    .join('')
  const script = 'set -o pipefail; { "$1" "$2" 2>&3 | (sleep 0.5; cat); } 3> >(sleep 0.5; cat >&2)'
  const { stdout, stderr, code } = await shell(
    script,
    `apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n${items}`,
  )
  expect(stderr.length).toBeGreaterThan(0x10000)
  expect(stderr.match(/^error: /gm)).toHaveLength(600)
  expect(stdout).toContain('app599')
  expect(code).toBe(3)
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

describe('address space', () => {
  // 2 GB: below what a WebAssembly memory with guard regions takes, above what Node takes
  test('of 2 GB is enough', async () => {
    if (process.platform !== 'linux') return
    const input = big(2_000)
    const result = await shell('ulimit -v 2000000; "$1" "$2" --quiet', input)
    expect(result).toEqual({ stdout: input, stderr: '', code: 0 })
  })

  test.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('of 2 GB: %s ends the program', async (signal, code) => {
    if (process.platform !== 'linux') return
    const script = 'ulimit -v 2000000; exec "$1" "$2"'
    const child = spawn('bash', ['-c', script, 'bash', process.execPath, program])
    await new Promise(resolve => child.stdin.write(big(1_000), resolve)) // so the program is reading
    const { output, ...ended } = await endedBy(child, signal)
    expect(output).toBe('')
    // from the Node that needs no child (24) on, the signal itself
    expect([{ endedBy: signal }, { endedBy: code }]).toContainEqual(ended)
  })

  // V8 allows no memory for WebAssembly with the one option, and a page with the other
  test.each([
    ['--wasm-max-mem-pages=0', 'must be able to reserve addresses (not memory)'],
    ['--wasm-max-mem-pages=1', 'must be able to allocate memory, got none; raise `ulimit -v`'],
  ])('too little is an error without a stack: %s', async (option, message) => {
    const { stdout, stderr, code } = await shell(`"$1" ${option} "$2"`, big(1))
    expect(stderr).toContain(message)
    expect(stderr).toMatch(/^error: .*\n$/)
    expect({ stdout, code }).toEqual({ stdout: '', code: 1 })
  })
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

describe.each(['SIGTERM', 'SIGINT'] as const)('%s ends the program without a message', signal => {
  let registry: Awaited<ReturnType<typeof loopbackRegistry>>
  beforeAll(async () => {
    registry = await loopbackRegistry('never')
  })
  afterAll(() => registry.stop())

  test('while it waits for stdin', async () => {
    const child = spawn(process.execPath, [program])
    await new Promise(resolve => child.stdin.write(big(1_000), resolve)) // more than the pipe's buffer, so the program is reading
    expect(await endedBy(child, signal)).toEqual({ output: '', endedBy: signal })
  })

  test('while it waits for a registry', async () => {
    const child = spawn(process.execPath, [program])
    child.stdin.end(`${policiesFor(registry.host)}---\n${deploymentOf(registry.host)}`)
    while (registry.requests.length === 0) await sleep(20)
    expect(await endedBy(child, signal)).toEqual({ output: '', endedBy: signal })
  })

  test('while it computes', async () => {
    const child = spawn(process.execPath, [program])
    await new Promise<void>(resolve => child.stdin.end(longWork(), resolve)) // the program has read almost everything
    await sleep(500)
    expect(await endedBy(child, signal)).toEqual({ output: '', endedBy: signal })
  })

  test('while it waits for a reader', async () => {
    const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'ignore'] })
    const exited = new Promise(resolve => child.on('exit', (_code, by) => resolve(by)))
    child.stdin.end(big(20_000))
    await new Promise(resolve => child.stdout.once('readable', resolve))
    await sleep(300) // the output is larger than all buffers, so the program is waiting
    child.kill(signal)
    expect(await exited).toBe(signal)
    child.stdout.destroy()
  })
})

test('a signal while it computes leaves no temporary file of --output', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'image-policy-'))
  const file = join(folder, 'out.yaml')
  writeFileSync(file, 'before')
  const child = spawn(process.execPath, [program, '--output', file])
  await new Promise<void>(resolve => child.stdin.end(longWork(), resolve))
  await sleep(500)
  expect(await endedBy(child, 'SIGTERM')).toEqual({ output: '', endedBy: 'SIGTERM' })
  expect(readdirSync(folder)).toEqual(['out.yaml'])
  expect(readFileSync(file, 'utf8')).toBe('before')
  rmSync(folder, { recursive: true })
})

test('a signal while the file of --output is replaced leaves no temporary file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'image-policy-'))
  const child = spawn(process.execPath, [program, '--output', join(folder, 'out.yaml'), '--quiet'])
  const begun = new Promise(resolve => watch(folder, { persistent: false }).once('change', resolve))
  child.stdin.end(big(55_000))
  await begun
  await endedBy(child, 'SIGTERM')
  expect(readdirSync(folder)).toEqual(['out.yaml'])
  rmSync(folder, { recursive: true })
})

/** The output of the process, and the signal that ended it, else its exit code. */
async function endedBy(child: ReturnType<typeof spawn>, signal: 'SIGTERM' | 'SIGINT') {
  let output = ''
  child.stdout?.on('data', chunk => (output += chunk))
  child.stderr?.on('data', chunk => (output += chunk))
  const closed = new Promise(resolve => child.on('close', (code, by) => resolve(by ?? code)))
  child.kill(signal)
  const by = await closed
  return { output, endedBy: by }
}

test('a stream without changes is written byte for byte', async () => {
  const input = '\uFEFF# only a comment\r\n---\r\napiVersion: v1\r\nkind: A\r\n...\r\n'
  expect(await runProgram(['--quiet'], { input })).toEqual({ stdout: input, stderr: '', code: 0 })
})
