// `node scripts/release-integrity.mjs [FILE]`: adds the checksums that package-lock.json lacks. npm
// leaves out the checksum of a package for another platform that it takes from an installed tree
// instead of the registry, and then installs that package unchecked.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { outputOf } from './release-run.mjs'

const file = process.argv[2] ?? fileURLToPath(new URL('../package-lock.json', import.meta.url))
const lock = JSON.parse(readFileSync(file, 'utf8'))

for (const [path, entry] of Object.entries(lock.packages)) {
  if (path === '' || entry.link || entry.integrity !== undefined) continue
  const name = entry.name ?? path.replace(/^.*node_modules\//, '')
  const integrity = outputOf('npm', ['view', `${name}@${entry.version}`, 'dist.integrity'])
  if (!integrity.startsWith('sha512-'))
    throw new Error(`${name}@${entry.version}: the registry has no sha512 checksum`)
  const { version, ...rest } = entry
  lock.packages[path] = { version, integrity, ...rest } // in npm's order
  process.stdout.write(`${name}@${entry.version}\n`)
}
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
