import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { jest } from '@jest/globals'
import { root } from '../fixtures/built-program.ts'
import { spawnToEnd, spawnWell } from '../fixtures/spawn.ts'
import { installedIn, packedTarball } from './packed.ts'

jest.setTimeout(120_000)

const pod = (tag: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
  annotations:
    fluxcd.io/tag.web: ${tag}
spec:
  containers:
    - name: web
      image: registry.example.com/web:${tag}
`

/** Prints the image that the library chooses. */
const use = `
const digest = 'sha256:' + 'a'.repeat(64)
const image = 'registry.example.com/web'
const policies = [{ name: 'web', image, policy: { semver: { range: '1.x' } } }]
const tagSource = recordedTags(new Map([[image, ['v1.0.0', 'v1.1.0']]]), new Map([[image + ':v1.1.0', digest]]))
applyImagePolicies(${JSON.stringify(pod('v1.0.0'))}, { tagSource, functionConfig: { policies } }).then(
  ({ exitCode, output, changes }) => console.log(exitCode, changes[0].after, Buffer.from(output).toString() === ${JSON.stringify(pod('v1.1.0'))}),
)
`

/**
 * What a program in TypeScript does with the package; it must compile without the types of Node.
 */
const typed = `
import { applyImagePolicies, type Applied, type ApplyOptions, chooseTag, type ErrorCode, exitCodes, FunctionError, type Mode, type Place, type RepositoryAccess, recordedTags, type ResourceId, type Result, scanTags, type TagPolicy, type TagSource } from 'image-policy-fn'

const tagSource: TagSource = {
  listTags: async (repository: string, access?: RepositoryAccess) => [repository, access?.secret?.data.get('password') ?? ''],
  digestOf: async () => 'sha256:…',
}
const mode: Mode = 'check'
const options: ApplyOptions = { tagSource, mode, functionConfig: { policies: [] }, policies: 'kind: ImagePolicy' }
export async function run(): Promise<Applied> {
  const applied = await applyImagePolicies(new Uint8Array(), options)
  const results: readonly Result[] = applied.results
  const severity: 'error' | 'warning' | 'info' | undefined = results[0]?.severity
  const before: string | undefined = applied.changes[0]?.before
  // @ts-expect-error: the output is bytes
  const output: string = applied.output
  return { ...applied, results: [{ message: String(before ?? output), severity: severity ?? 'info' }] }
}
const policy: TagPolicy = { policy: { numerical: { order: 'asc' } }, filterTags: { pattern: '^(.*)$' } }
export const tag: string = chooseTag(policy, scanTags(['1', '2'])).tag
export const source: TagSource = recordedTags(new Map([['registry.example.com/web', ['1']]]))
export function explain(error: unknown): number {
  if (!(error instanceof FunctionError)) return 70
  const code: ErrorCode = error.code
  const place: Place | undefined = error.place
  const resource: ResourceId | undefined = place?.resource
  return resource === undefined ? 1 : exitCodes[code]
}
// @ts-expect-error: a policy has a rule
chooseTag({}, [])
// @ts-expect-error: recordedTags takes a Map
recordedTags({ 'registry.example.com/web': ['1'] })
`

const compilerOptions = {
  target: 'es2022',
  lib: ['es2022'],
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: false,
  noEmit: true,
  types: [],
}

let folder: string
beforeAll(async () => {
  const { tarball } = await packedTarball()
  folder = await installedIn(tarball, {
    'import.mjs': `import { applyImagePolicies, recordedTags } from 'image-policy-fn'${use}`,
    'require.cjs': `const { applyImagePolicies, recordedTags } = require('image-policy-fn')${use}`,
    'bundler/program.ts': typed,
    'bundler/tsconfig.json': JSON.stringify({
      compilerOptions: { ...compilerOptions, module: 'esnext', moduleResolution: 'bundler' },
    }),
    'nodenext/esm.mts': typed,
    'nodenext/commonjs.cts': typed,
    'nodenext/tsconfig.json': JSON.stringify({
      compilerOptions: { ...compilerOptions, module: 'nodenext', moduleResolution: 'nodenext' },
    }),
  })
})

test('the tarball alone is installed, without a registry', () => {
  const installed = readdirSync(join(folder, 'node_modules')).filter(name => !name.startsWith('.'))
  expect(installed).toEqual(['image-policy-fn'])
  expect(existsSync(join(folder, 'node_modules/image-policy-fn/node_modules'))).toBe(false)
})

test('npx runs the program', async () => {
  const status = 'status: {latestRef: {name: registry.example.com/web, tag: v1.1.0}}'
  const policies = `apiVersion: image.toolkit.fluxcd.io/v1
kind: ImageRepository
metadata: {name: web}
spec: {image: registry.example.com/web}
---
apiVersion: image.toolkit.fluxcd.io/v1
kind: ImagePolicy
metadata: {name: web}
spec: {imageRepositoryRef: {name: web}, policy: {semver: {range: 1.x}}}
${status}
---
`
  const { stdout, code } = await spawnToEnd(
    'npx',
    ['--no', '--offline', 'image-policy', '--set', 'source=status'],
    { cwd: folder, input: policies + pod('v1.0.0') },
  )
  expect({ stdout, code }).toEqual({ stdout: policies + pod('v1.1.0'), code: 0 })
})

test.each(['import.mjs', 'require.cjs'])('%s uses the library', async file => {
  const { stdout, stderr } = await spawnToEnd(process.execPath, [file], { cwd: folder })
  expect({ stdout, stderr }).toEqual({
    stdout: '0 registry.example.com/web:v1.1.0 true\n',
    stderr: '',
  })
})

test.each([
  ['5.0', 'typescript-5.0/lib/tsc.js', 'bundler'],
  ['5.0', 'typescript-5.0/lib/tsc.js', 'nodenext'],
  ['of this project', 'typescript/bin/tsc', 'bundler'],
  ['of this project', 'typescript/bin/tsc', 'nodenext'],
])('TypeScript %s compiles a program against the types (%s, %s)', async (_, tsc, project) => {
  const compiler = join(root, 'node_modules', tsc)
  const version = await spawnWell(process.execPath, [compiler, '--version'])
  if (tsc.startsWith('typescript-5.0')) expect(version.stdout).toMatch(/^Version 5\.0\./)
  const { stdout, code } = await spawnToEnd(process.execPath, [compiler, '-p', project], {
    cwd: folder,
  })
  expect({ stdout, code }).toEqual({ stdout: '', code: 0 })
})
