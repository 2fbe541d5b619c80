import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { FunctionError } from '../../src/errors.ts'
import { replaceable, replaceFile } from '../../src/workspace/replace-file.ts'
import { folderOf } from '../fixtures/folder.ts'

const write = (text: string) => (descriptor: number) => {
  writeSync(descriptor, text)
}
const permissions = (file: string) => statSync(file).mode & 0o7777

test.each([0o600, 0o644, 0o755, 0o444])('the permissions %o stay', mode => {
  const folder = folderOf({ a: 'old' })
  const file = join(folder, 'a')
  chmodSync(file, mode)
  replaceFile(replaceable(file), write('new'))
  expect(readFileSync(file, 'utf8')).toBe('new')
  expect(permissions(file)).toBe(mode)
  expect(readdirSync(folder)).toEqual(['a'])
})

test('a new file has the permissions that the umask leaves', () => {
  const folder = folderOf({})
  const before = process.umask(0o027)
  replaceFile(replaceable(join(folder, 'a')), write('new'))
  process.umask(before)
  expect(permissions(join(folder, 'a'))).toBe(0o640)
})

test('links stay, and what they lead to is replaced', () => {
  const folder = folderOf({ 'real/a': 'old' })
  symlinkSync('real', join(folder, 'folder'))
  symlinkSync('folder/a', join(folder, 'first'))
  symlinkSync(join(folder, 'first'), join(folder, 'second'))
  replaceFile(replaceable(join(folder, 'second')), write('new'))
  expect(readFileSync(join(folder, 'real/a'), 'utf8')).toBe('new')
  expect(readlinkSync(join(folder, 'first'))).toBe('folder/a')
  expect(lstatSync(join(folder, 'second')).isSymbolicLink()).toBe(true)
  expect(readdirSync(join(folder, 'real'))).toEqual(['a'])
})

test('the target of a link is made if it does not exist', () => {
  const folder = folderOf({})
  symlinkSync('b', join(folder, 'a'))
  replaceFile(replaceable(join(folder, 'a')), write('new'))
  expect(readlinkSync(join(folder, 'a'))).toBe('b')
  expect(readFileSync(join(folder, 'b'), 'utf8')).toBe('new')
})

test.each([
  ['the writer fails', () => new FunctionError('BAD_ARGUMENT', 'no')],
  ['there is a bug', () => new Error('a bug')],
])('nothing changes and no other file stays if %s', (_, newError) => {
  const folder = folderOf({ a: 'old' })
  const error = newError()
  const replace = () =>
    replaceFile(replaceable(join(folder, 'a')), descriptor => {
      writeSync(descriptor, 'half')
      throw error
    })
  expect(replace).toThrow(error)
  expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('old')
  expect(readdirSync(folder)).toEqual(['a'])
})

test('nothing stays if the file became a folder meanwhile', () => {
  const folder = folderOf({})
  const target = replaceable(join(folder, 'a'))
  mkdirSync(join(folder, 'a'))
  expect(() => replaceFile(target, write('new'))).toThrow(FunctionError)
  expect(readdirSync(folder)).toEqual(['a'])
})

test('a reader sees the old content or the new one, never a part', () => {
  const folder = folderOf({ a: 'old' })
  const file = join(folder, 'a')
  replaceFile(replaceable(file), descriptor => {
    writeSync(descriptor, 'ne')
    expect(readFileSync(file, 'utf8')).toBe('old')
    writeSync(descriptor, 'w')
  })
  expect(readFileSync(file, 'utf8')).toBe('new')
})

test.each([
  ['a folder', '.'],
  ['a folder that does not exist', 'new/'],
  ['a file as a folder', 'a/b'],
  ['a missing folder', 'no/b'],
])('%s is refused with its path', (_, path) => {
  const folder = folderOf({ a: '' })
  writeFileSync(join(folder, 'a'), '')
  expect(() => replaceable(`${folder}/${path}`)).toThrow(FunctionError)
  expect(() => replaceable(`${folder}/${path}`)).toThrow(`${folder}/${path}: must be a file`)
})
