import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { jest } from '@jest/globals'
import { publint } from 'publint'
import { root } from '../fixtures/built-program.ts'
import { packedTarball } from './packed.ts'

jest.setTimeout(60_000)

let tarball: string
let files: readonly string[]
beforeAll(async () => {
  ;({ tarball, files } = await packedTarball())
})

const folder = (name: string) =>
  readdirSync(join(root, name), { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(root.length))

test('the tarball has the program, the library, its types and what documents them, and nothing else', () => {
  const isOf = (pattern: RegExp) => files.filter(file => pattern.test(file))
  expect(isOf(/^dist\/chunks\//).length).toBeGreaterThan(10)
  expect(isOf(/^(?!dist\/chunks\/|docs\/|examples\/)/)).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'SECURITY.md',
    'dist/THIRD-PARTY-LICENSES.txt',
    'dist/apply-image-policies.js',
    'dist/check-image-policies.js',
    'dist/image-policy.js',
    'dist/index.js',
    'dist/package.json',
    'dist/types/errors.d.ts',
    'dist/types/image/repository-access.d.ts',
    'dist/types/index.d.ts',
    'dist/types/krm/result.d.ts',
    'dist/types/place.d.ts',
    'dist/types/policy/scan-tags.d.ts',
    'dist/types/resolve/tag-source.d.ts',
    'functions/apply-image-policies/README.md',
    'functions/apply-image-policies/metadata.yaml',
    'functions/check-image-policies/README.md',
    'functions/check-image-policies/metadata.yaml',
    'package.json',
    ...folder('schemas').sort(),
  ])
  expect(isOf(/^(docs|examples)\//)).toEqual([...folder('docs'), ...folder('examples')].sort())
})

test('the licence of every bundled package is in the tarball', () => {
  const licences = readFileSync(join(root, 'dist/THIRD-PARTY-LICENSES.txt'), 'utf8')
  const packages = [...licences.matchAll(/^(\S+) \d+\.\d+\.\d+\S* \((.+)\)$/gm)]
  expect(packages.map(([, name]) => name)).toEqual(
    expect.arrayContaining(['aws4fetch', 're2js', 'undici', 'valibot', 'yaml']),
  )
  const free = /^(MIT|ISC|Apache-2\.0|BSD-[23]-Clause)$/
  expect(packages.filter(([, , licence = '']) => !free.test(licence))).toEqual([])
})

test('publint has nothing to say', async () => {
  const bytes = readFileSync(tarball)
  const data = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)
  const { messages } = await publint({ pack: { tarball: data }, strict: true })
  expect(messages).toEqual([])
})

test('the types are right for import and for require', async () => {
  const checked = await checkPackage(createPackageFromTarballData(readFileSync(tarball)))
  expect(checked).toMatchObject({ types: { kind: 'included' }, problems: [] })
})
