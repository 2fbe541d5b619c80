// The software bill of materials of a release.
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { outputOf } from './release-run.mjs'

const npmSbom = ['sbom', '--sbom-format=cyclonedx', '--sbom-type=application', '--omit=dev']

/** Writes what `npm sbom` reports about the dependencies, with the time of the commit and an id made from the content. */
export function writeSbom(source, file, seconds) {
  const { serialNumber: _, ...sbom } = JSON.parse(outputOf('npm', npmSbom, { cwd: source }))
  sbom.metadata.timestamp = new Date(seconds * 1000).toISOString()
  const serialNumber = `urn:uuid:${uuidOf(JSON.stringify(sbom))}`
  writeFileSync(file, `${JSON.stringify({ serialNumber, ...sbom }, null, 2)}\n`)
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
