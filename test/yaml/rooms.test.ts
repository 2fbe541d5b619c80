import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, posix } from 'node:path'

const root = new URL('../..', import.meta.url).pathname
const filesIn = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter(
    name => name.endsWith('.ts') && !name.includes('node_modules'),
  )

/** What each room of src/yaml/ may import from the others. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  position: [],
  tree: ['position'],
  parse: ['position', 'tree'],
  locate: ['position', 'tree', 'parse'],
  edit: ['position', 'tree'],
}
const roomOf = (file: string) => (file.split('/')[0] ?? '').replace(/\.ts$/, '')

/** The files of src/yaml/ that a file imports, types included. */
function importsOf(file: string): readonly string[] {
  const text = readFileSync(join(root, 'src/yaml', file), 'utf8')
  return [...text.matchAll(/(?:from|import\() ?'(\.[^']+)'/g)]
    .map(([, path = '']) => posix.join(dirname(file), path))
    .filter(path => !path.startsWith('..'))
}

const files = filesIn('src/yaml')

test.each(files)('src/yaml/%s imports only from rooms below its own', file => {
  const room = roomOf(file)
  for (const imported of importsOf(file))
    expect([room, ...(mayImport[room] ?? [])]).toContain(roomOf(imported))
})

test.each(files)('src/yaml/%s does not import itself through others', file => {
  const seen = new Set<string>()
  const open = [...importsOf(file)]
  for (const imported of open) {
    if (seen.has(imported)) continue
    seen.add(imported)
    open.push(...importsOf(imported))
  }
  expect(seen.has(file)).toBe(false)
})

test('no file of src/yaml/ has the name of another file of src/', () => {
  const names = filesIn('src').map(file => basename(file))
  const others = (name: string) => names.filter(other => other === name).length - 1
  expect(files.map(file => basename(file)).filter(name => others(name) > 0)).toEqual([])
})

test('YAML does not know Kubernetes: no key of a pod is named in src/yaml/ or assembly/', () => {
  const sources = [
    ...files.filter(file => !file.endsWith('wasm-module.ts')).map(file => `src/yaml/${file}`),
    ...filesIn('assembly').map(file => `assembly/${file}`),
  ]
  for (const source of sources)
    expect(readFileSync(join(root, source), 'utf8')).not.toMatch(/[cC]ontainers\b|\bvolumes\b/)
})
