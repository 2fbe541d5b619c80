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

/**
 * Records for each script whether V8 rejected its stored code (`cachedDataRejected`), or null if
 * there was none.
 */
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

const resourceList = `apiVersion: config.kubernetes.io/v1
kind: ResourceList
items:
${input
  .split('---\n')
  .map(item => `- ${item.trimEnd().replaceAll('\n', '\n  ')}\n`)
  .join('')}functionConfig:
  apiVersion: v1
  kind: ConfigMap
  metadata:
    name: image-policies
  data:
    source: status
`

test('a start as hosts do it loads one script, and V8 accepts its stored code', async () => {
  const { rejected, stdout, code } = await observe(program, [], resourceList)
  expect(rejected).toEqual({ 'dist/chunks/main.js': false })
  expect(stdout).toContain('ghcr.io/acme/app:v1.3.0')
  expect(code).toBe(0)
})

test('arguments and files with policies take one script more', async () => {
  const policies = join(folder, 'policies.yaml')
  writeFileSync(policies, policiesFor('ghcr.io/acme') + status)
  const args = ['--policies', policies, ...fromStatus]
  const { rejected, code } = await observe(program, args, deploymentOf('ghcr.io/acme'))
  expect(rejected).toEqual({
    'dist/chunks/main.js': false,
    [Object.keys(rejected).find(name => name.includes('/from-arguments-')) ?? '']: false,
  })
  expect(code).toBe(0)
})

test('stored code is used for the full parser, which is loaded later', async () => {
  const { rejected, code } = await observe(
    program,
    fromStatus,
    input.replace('labels:\n', 'labels:\n        ? explicit\n        : key\n'),
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

/** What a file of stored code holds. */
interface Stored {
  readonly source: Buffer
  readonly data: Buffer
}

const storedOf = (bytes: Buffer, source: Buffer): Stored => ({
  source,
  data: bytes.subarray(source.length, source.length + (bytes.length - source.length) / 2),
})
const written = ({ source, data }: Stored, copy = data) => Buffer.concat([source, data, copy])
const shorter = (bytes: Buffer) => bytes.subarray(0, -100_000)
const changed = (bytes: Buffer, at: number) =>
  Buffer.from(bytes.map((byte, index) => (index === at ? byte ^ 1 : byte)))
// the second number of the data is the hash of V8's version
const ofAnotherV8 = (data: Buffer) => changed(data, 4)

test.each<[string, (stored: Stored, others: Buffer) => Buffer, boolean | null]>([
  ['emptied', () => Buffer.alloc(0), null],
  ['truncated', stored => shorter(written(stored)), null],
  [
    'truncated, and its copy too',
    ({ source, data }) => written({ source, data: shorter(data) }),
    true,
  ],
  [
    'changed in a byte',
    stored => written({ ...stored, data: changed(stored.data, 100_000) }, stored.data),
    null,
  ],
  ['changed in a byte of its copy', stored => written(stored, changed(stored.data, 100_000)), null],
  [
    'of another source',
    ({ source, data }) => written({ source: changed(source, 1000), data }),
    null,
  ],
  ["another chunk's", (_, others) => others, null],
  ["another V8's", ({ source, data }) => written({ source, data: ofAnotherV8(data) }), true],
])('stored code that is %s is not run, and the output is the same', async (_, spoilt, rejected) => {
  const { program: copy, cache } = copied()
  const whole = await observe(copy, fromStatus, input)
  const file = join(cache, 'main.js.bin')
  const source = readFileSync(join(folder, 'dist/chunks/main.js'))
  const other = readdirSync(cache).find(name => name.startsWith('full-parser-')) ?? ''
  const stored = storedOf(readFileSync(file), source)
  writeFileSync(file, spoilt(stored, readFileSync(join(cache, other))))
  expect(await observe(copy, fromStatus, input)).toEqual({
    ...whole,
    rejected: { ...whole.rejected, 'dist/chunks/main.js': rejected },
  })
  expect(whole).toMatchObject({
    stdout: expect.stringContaining('ghcr.io/acme/app:v1.3.0'),
    rejected: { 'dist/chunks/main.js': false },
  })
})

test('stored code is not run for a source that was changed without changing its length', async () => {
  const { program: copy } = copied()
  const file = join(folder, 'dist/chunks/main.js')
  const source = readFileSync(file, 'utf8')
  writeFileSync(file, source.replaceAll('the highest version', 'THE HIGHEST VERSION'))
  const empty = await observe(copy, [], '')
  expect(empty.rejected).toEqual({ 'dist/chunks/main.js': null })
  writeFileSync(file, source)
  expect((await observe(copy, [], '')).rejected).toEqual({ 'dist/chunks/main.js': false })
})

test('stored code of another build of Node is not read', async () => {
  const { program: copy, cache } = copied()
  cpSync(cache, `${cache}0`, { recursive: true })
  rmSync(cache, { recursive: true })
  const { rejected, code } = await observe(copy, fromStatus, input)
  expect(new Set(Object.values(rejected))).toEqual(new Set([null]))
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
    /at operatorTagSource \((dist\/chunks\/operator-tag-source-\w+\.js):(\d+):(\d+)\)\n {2}\| +at .* \(dist\/chunks\/main\.js:\d+:\d+\)/
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
