// The software bill of materials of a release.
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { outputOf } from './release-run.mjs'

const npmSbom = ['sbom', '--sbom-format=cyclonedx', '--sbom-type=application']

/**
 * Writes what `npm sbom` reports about the packages that the build bundles, with the time of the
 * commit and an id made from the content.
 */
export function writeSbom(source, file, seconds) {
  const { serialNumber: _, ...sbom } = JSON.parse(outputOf('npm', npmSbom, { cwd: source }))
  const lock = JSON.parse(readFileSync(join(source, 'package-lock.json'), 'utf8'))
  const needed = neededBy(lock, bundledIn(source))
  const root = sbom.metadata.component['bom-ref']
  sbom.metadata.timestamp = new Date(seconds * 1000).toISOString()
  sbom.components = sbom.components.filter(component => needed.has(component['bom-ref']))
  sbom.dependencies = sbom.dependencies
    .filter(({ ref }) => ref === root || needed.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter(on => needed.has(on)) }))
  const serialNumber = `urn:uuid:${uuidOf(JSON.stringify(sbom))}`
  writeFileSync(file, `${JSON.stringify({ serialNumber, ...sbom }, null, 2)}\n`)
}

/** The names of the packages whose licences the build collects: all that it bundles. */
function bundledIn(source) {
  const licences = readFileSync(join(source, 'dist/THIRD-PARTY-LICENSES.txt'), 'utf8')
  const names = [...licences.matchAll(/^(@?[\w./-]+) \d+\.\d+\.\d+\S* \([^()\n]+\)$/gm)].map(
    ([, name]) => name,
  )
  if (names.length === 0) throw new Error('dist/THIRD-PARTY-LICENSES.txt names no package')
  return names
}

/**
 * `name@version` of each of these packages and of its dependencies. The package itself has none:
 * all that it needs is bundled.
 */
function neededBy({ packages }, names) {
  const found = new Set()
  const visit = path => {
    if (found.has(path)) return
    found.add(path)
    for (const name of Object.keys(packages[path].dependencies ?? {})) visit(pathOf(name, path))
  }
  /** Where Node finds the package: in the closest `node_modules` above. */
  const pathOf = (name, from) => {
    const path = `${from && `${from}/`}node_modules/${name}`
    if (path in packages) return path
    if (from === '') throw new Error(`package-lock.json has no ${name}`)
    return pathOf(name, from.slice(0, from.lastIndexOf('node_modules/')).replace(/\/$/, ''))
  }
  for (const name of names) visit(pathOf(name, ''))
  return new Set(
    [...found].map(path => `${path.replace(/^.*node_modules\//, '')}@${packages[path].version}`),
  )
}

/** A UUID of version 8 (RFC 9562, 5.8). */
function uuidOf(text) {
  const hex = createHash('sha256').update(text).digest('hex')
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-')
}
