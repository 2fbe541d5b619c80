import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { FunctionError } from '../../src/errors.ts'
import { readConfigFile, readPolicyFiles } from '../../src/workspace/policy-files.ts'
import { folderOf } from '../fixtures/folder.ts'

const filesIn = (folder: string, paths: readonly string[] = [folder]) =>
  readPolicyFiles(paths).files.map(({ file }) => file.slice(folder.length + 1))

test('a folder: YAML files by name, in all subfolders but .git and node_modules, in order', () => {
  const folder = folderOf({
    'b.yaml': '',
    'a.yml': '',
    'c/Kustomization': '',
    'c/d/e.yaml': '',
    '.hidden/f.yaml': '',
    'a.json': '',
    'b.yaml.bak': '',
    'NotKustomization.txt': '',
    '.git/g.yaml': '',
    'c/node_modules/h.yaml': '',
  })
  expect(filesIn(folder)).toEqual([
    '.hidden/f.yaml',
    'a.yml',
    'b.yaml',
    'c/Kustomization',
    'c/d/e.yaml',
  ])
})

test('a file that is named is read, whatever its name', () => {
  const folder = folderOf({ 'a.json': '{}' })
  const [file] = readPolicyFiles([join(folder, 'a.json')]).files
  expect(file?.bytes.toString()).toBe('{}')
})

test('what several paths lead to is read once', () => {
  const folder = folderOf({ 'a/b.yaml': '', 'a/c/d.yaml': '' })
  const paths = ['a/c', 'a', 'a/b.yaml', 'a/c'].map(path => join(folder, path))
  expect(filesIn(folder, paths)).toEqual(['a/c/d.yaml', 'a/b.yaml'])
})

test('a folder that the operator names may be a link, outside of the work tree', () => {
  const folder = folderOf({ 'real/a.yaml': '' })
  symlinkSync('real', join(folder, 'link'))
  expect(filesIn(folder, [join(folder, 'link')])).toEqual(['link/a.yaml'])
})

test('what seems to hold policies is found on demand', () => {
  const folder = folderOf({
    'a.md': 'apiVersion: image.toolkit.fluxcd.io/v1',
    'b.json': '{"spec": {"imagePolicies": []}}',
    'c.txt': 'nothing',
    'd.yaml': 'apiVersion: image.toolkit.fluxcd.io/v1',
    'e.md': `${' '.repeat(2 ** 20)}image.toolkit.fluxcd.io`,
  })
  const { search } = readPolicyFiles([folder])
  expect(search.overlooked()).toEqual([join(folder, 'a.md'), join(folder, 'b.json')])
  rmSync(join(folder, 'a.md'))
  expect(search.overlooked()).toEqual([join(folder, 'b.json')])
})

test('--config takes one file', () => {
  const folder = folderOf({ 'a.yaml': 'a: 1' })
  expect(readConfigFile(join(folder, 'a.yaml')).bytes.toString()).toBe('a: 1')
  expect(() => readConfigFile(folder)).toThrow(FunctionError)
})

const outside = folderOf({ 'x.yaml': 'not to be read' })

/** Folders, files and links in any arrangement: `a` to `d`, and `a.yaml` to `d.yaml` in them. */
const trees = fc.array(
  fc.record({
    path: fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 3 }),
    to: fc.option(fc.constantFrom('.', '..', '../..', 'a', '../b', 'c/d', outside, 'nothing')),
    isYaml: fc.boolean(),
  }),
  { maxLength: 12 },
)

test('however links lead, reading ends, reads nothing twice and stays inside, or names the link', () => {
  fc.assert(
    fc.property(trees, tree => {
      const folder = folderOf({})
      for (const { path, to, isYaml } of tree) {
        const at = join(folder, ...path) + (isYaml ? '.yaml' : '')
        try {
          mkdirSync(dirname(at), { recursive: true })
          if (to !== null) symlinkSync(to, at)
          else if (isYaml) writeFileSync(at, at)
          else mkdirSync(at)
        } catch {
          // the place is taken
        }
      }
      try {
        const texts = readPolicyFiles([folder]).files.map(({ bytes }) => bytes.toString())
        expect(new Set(texts).size).toBe(texts.length)
        for (const text of texts) expect(text.startsWith(folder)).toBe(true)
      } catch (error) {
        expect(error).toBeInstanceOf(FunctionError)
        expect((error as FunctionError).place?.file?.startsWith(folder)).toBe(true)
      } finally {
        rmSync(folder, { recursive: true })
      }
    }),
    { numRuns: 200 },
  )
})
