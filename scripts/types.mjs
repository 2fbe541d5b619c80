// Writes the library's types to dist/types/: the declarations of src/index.ts and of the files that
// it refers to. They must not refer to a bundled package, which a user does not have.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'

const root = new URL('..', import.meta.url).pathname
const types = join(root, 'dist/types')

const tsc = createRequire(import.meta.url)
  .resolve('typescript/package.json')
  .replace(/package\.json$/, 'bin/tsc')
execFileSync(process.execPath, [tsc, '-p', `${root}tsconfig.types.json`], { stdio: 'inherit' })

// tsc keeps `.ts` in import specifiers, which TypeScript accepts in packages only since 5.7
const specifiers = /(?<=\bfrom '|\bimport\(")[^'"]+/g
const kept = new Set([join(types, 'index.d.ts')])
for (const file of kept) {
  const text = readFileSync(file, 'utf8').replace(specifiers, specifier => {
    if (!specifier.startsWith('.'))
      throw new Error(`${relative(root, file)} must not refer to the package ${specifier}`)
    kept.add(join(dirname(file), specifier.replace(/\.ts$/, '.d.ts')))
    return specifier.replace(/\.ts$/, '.js')
  })
  writeFileSync(file, text)
}

for (const name of readdirSync(types, { recursive: true, encoding: 'utf8' }).sort().reverse()) {
  const file = join(types, name)
  const isFolder = !name.endsWith('.d.ts')
  if (isFolder ? readdirSync(file).length === 0 : !kept.has(file)) rmSync(file, { recursive: true })
}
