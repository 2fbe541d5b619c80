import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../fixtures/built-program.ts'
import { loopbackRegistry } from '../fixtures/loopback-registry.ts'
import { deploymentOf, policiesFor, tags } from '../fixtures/manifests.ts'
import { program } from '../fixtures/program.ts'
import { spawnToEnd } from '../fixtures/spawn.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'image-policy-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Records for each script whether V8 rejected its stored code (`cachedDataRejected`), or null if there was none. */
const observer = `
const fs = require('node:fs')
const vm = require('node:vm')
const rejected = {}
vm.Script = class extends vm.Script {
  constructor(source, options) {
    super(source, options)
    rejected[options.filename] = this.cachedDataRejected ?? null
  }
}
process.on('exit', () => fs.writeFileSync(process.env.OBSERVED, JSON.stringify(rejected)))
`

interface Observed {
  readonly stdout: string
  readonly stderr: string
  readonly code: number | null
  readonly rejected: Readonly<Record<string, boolean | null>>
}

async function observe(
  path: string,
  args: readonly string[],
  input: string,
  preload = '',
): Promise<Observed> {
  writeFileSync(join(folder, 'observer.cjs'), observer + preload)
  const observed = join(folder, 'observed.json')
  const command = ['--require', join(folder, 'observer.cjs'), path, ...args]
  const finished = await spawnToEnd(process.execPath, command, {
    input,
    env: { OBSERVED: observed, NODE_OPTIONS: undefined, HOME: '' },
  })
  return { ...finished, rejected: JSON.parse(readFileSync(observed, 'utf8')) }
}

/** A copy of dist/ whose code cache a test can damage. */
function copied(): { readonly program: string; readonly cache: string } {
  const dist = join(folder, 'dist')
  cpSync(join(root, 'dist'), dist, { recursive: true })
  const [node = '', ...others] = readdirSync(join(dist, 'code-cache'))
  expect(others).toEqual([])
  return { program: join(dist, 'image-policy.js'), cache: join(dist, 'code-cache', node) }
}

const status = 'status:\n  latestRef:\n    name: ghcr.io/acme/app\n    tag: v1.3.0\n'
const input = `${policiesFor('ghcr.io/acme')}${status}---\n${deploymentOf('ghcr.io/acme')}`
const fromStatus = ['--set', 'source=status']

test('a start loads one script, and V8 accepts its stored code', async () => {
  const { rejected, code } = await observe(program, fromStatus, input)
  expect(rejected).toEqual({ 'dist/chunks/main.js': false })
  expect(code).toBe(0)
})

test('stored code is used for the full parser, which is loaded later', async () => {
  const { rejected, code } = await observe(
    program,
    fromStatus,
    input.replace('spec:\n', '? unusual\n: key\nspec:\n'),
  )
  expect(Object.keys(rejected)).toContainEqual(expect.stringContaining('/full-parser-'))
  expect(new Set(Object.values(rejected))).toEqual(new Set([false]))
  expect(code).toBe(0)
})

test('stored code is used for the registry client and the regular expressions', async () => {
  const registry = await loopbackRegistry(tags)
  const filtered = policiesFor(registry.host).replace(
    '  policy:\n',
    "  filterTags: {pattern: '^v'}\n  policy:\n",
  )
  const { rejected, code } = await observe(
    program,
    [],
    `${filtered}---\n${deploymentOf(registry.host)}`,
  )
  await registry.stop()
  for (const chunk of ['operator-tag-source', 'undici-agent', 'scan-tags']) {
    expect(Object.keys(rejected)).toContainEqual(expect.stringContaining(`/${chunk}-`))
  }
  expect(new Set(Object.values(rejected))).toEqual(new Set([false]))
  expect(code).toBe(0)
})

test('stored code is used up to the error of a registry', async () => {
  const { rejected, code } = await observe(
    program,
    [],
    `${policiesFor('127.0.0.1:1')}---\n${deploymentOf('127.0.0.1:1')}`,
  )
  expect(new Set(Object.values(rejected))).toEqual(new Set([false]))
  expect(code).toBe(3)
})

const half = (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)
const twice = (bytes: Buffer) => Buffer.concat([bytes, bytes])
const changed = (bytes: Buffer, at: number) =>
  Buffer.from(bytes.map((byte, index) => (index === at ? byte ^ 1 : byte)))

test.each<[string, (bytes: Buffer, others: Buffer) => Buffer, boolean | null]>([
  ['emptied', () => Buffer.alloc(0), true],
  ['truncated', bytes => bytes.subarray(0, -100_000), null],
  ['truncated, and its copy too', bytes => twice(half(bytes).subarray(0, -100_000)), true],
  ['changed in a byte', bytes => changed(bytes, 100_000), null],
  ['changed in a byte of its copy', bytes => changed(bytes, bytes.length - 100_000), null],
  ["another chunk's", (_, others) => others, true],
  ["another V8's", bytes => twice(changed(half(bytes), 4)), true], // the second number of the data is the hash of its version
])('stored code that is %s is not run, and the output is the same', async (_, spoilt, rejected) => {
  const { program: copy, cache } = copied()
  const whole = await observe(copy, fromStatus, input)
  const file = join(cache, 'main.js.bin')
  const other = readdirSync(cache).find(name => name.startsWith('full-parser-')) ?? ''
  writeFileSync(file, spoilt(readFileSync(file), readFileSync(join(cache, other))))
  expect(await observe(copy, fromStatus, input)).toEqual({
    ...whole,
    rejected: { 'dist/chunks/main.js': rejected },
  })
  expect(whole).toMatchObject({
    stdout: expect.stringContaining('ghcr.io/acme/app:v1.3.0'),
    rejected: { 'dist/chunks/main.js': false },
  })
})

test('stored code of another build of Node is not read', async () => {
  const { program: copy, cache } = copied()
  cpSync(cache, `${cache}0`, { recursive: true })
  rmSync(cache, { recursive: true })
  const { rejected, code } = await observe(copy, fromStatus, input)
  expect(rejected).toEqual({ 'dist/chunks/main.js': null })
  expect(code).toBe(0)
})

test('a stack has the same file, line and column with stored code and without', async () => {
  const { program: copy, cache } = copied()
  const name = 'IMAGE_POLICY_HELPERS'
  const get = `(env, key) => { if (key === '${name}') throw new Error('thrown by the test'); return env[key] }`
  const preload = `process.env = new Proxy(process.env, { get: ${get} })`
  const stack = async () => {
    const { stderr, code } = await observe(
      copy,
      [],
      `${policiesFor('127.0.0.1:1')}---\n${deploymentOf('127.0.0.1:1')}`,
      preload,
    )
    expect(code).toBe(70)
    return stderr
  }
  const withCache = await stack()
  const frame =
    /at operatorTagSource \((dist\/chunks\/operator-tag-source-\w+\.js):(\d+):(\d+)\)\n +at .* \(dist\/chunks\/main\.js:\d+:\d+\)/
  const [, file = '', line, column] = frame.exec(withCache) ?? []
  const text = readFileSync(join(root, file), 'utf8').split('\n')[Number(line) - 1]
  expect(text?.slice(Number(column) - 10, Number(column) + name.length)).toContain(name)
  rmSync(cache, { recursive: true })
  expect(await stack()).toBe(withCache)
})

test('the library is loaded without stored code, with the same names by import and by require', async () => {
  const library = join(root, 'dist/index.js')
  const say =
    'console.log(Object.keys(library).filter(name => !/^(default|module.exports|__esModule)$/.test(name)).sort().join())'
  const required = await spawnToEnd(process.execPath, [
    '-e',
    `const library = require('${library}'); ${say}`,
  ])
  const imported = await spawnToEnd(process.execPath, [
    '--input-type=module',
    '-e',
    `import * as library from '${library}'; ${say}`,
  ])
  expect(required.stdout).toContain('applyImagePolicies')
  expect(imported).toEqual(required)
})
