import { symlinkSync } from 'node:fs'
import { join, relative } from 'node:path'
import { readFiles } from '../../src/workspace/policy-files.ts'
import { folderOf } from '../fixtures/folder.ts'

const namesIn = (folder: string, path = folder) =>
  readFiles(path).map(({ file, bytes }) => `${relative(folder, file)} ${bytes}`)

test('a folder gives the YAML files below it, in byte order', () => {
  const folder = folderOf({
    'b.yaml': '1',
    'a/z.yml': '2',
    'a/Kustomization': '3',
    'B.yaml': '4',
    'a/notes.txt': '5',
    'a/x.yaml.bak': '6',
    '.git/c.yaml': '7',
    'a/node_modules/d.yaml': '8',
    '.hidden/e.yaml': '9',
  })
  expect(namesIn(folder)).toEqual([
    '.hidden/e.yaml 9',
    'B.yaml 4',
    'a/Kustomization 3',
    'a/z.yml 2',
    'b.yaml 1',
  ])
})

test('a file is read, whatever its name', () => {
  const folder = folderOf({ 'a.txt': 'x' })
  expect(namesIn(folder, join(folder, 'a.txt'))).toEqual(['a.txt x'])
})

test('symbolic links in a folder are not followed', () => {
  const folder = folderOf({ 'a.yaml': '1' })
  const elsewhere = folderOf({ 'secret.yaml': '2' })
  symlinkSync(join(elsewhere, 'secret.yaml'), join(folder, 'link.yaml'))
  symlinkSync(elsewhere, join(folder, 'folder'))
  expect(namesIn(folder)).toEqual(['a.yaml 1'])
})

test('what is not there is an error that names it', () => {
  const path = join(folderOf({}), 'none')
  expect(() => readFiles(path)).toThrow(
    expect.objectContaining({
      code: 'BAD_ARGUMENT',
      message: `${path}: must be a file or folder that can be read (ENOENT)`,
    }),
  )
})
