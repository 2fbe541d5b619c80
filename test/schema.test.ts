import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = new URL('..', import.meta.url).pathname

test('schemas/function-config.schema.json is what `npm run schema` makes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'schema-'))
  const made = join(folder, 'schema.json')
  execFileSync(process.execPath, [`${root}scripts/schema.mjs`, made])
  expect(readFileSync(`${root}schemas/function-config.schema.json`, 'utf8')).toBe(
    readFileSync(made, 'utf8'),
  )
  rmSync(folder, { recursive: true })
})
