import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = new URL('..', import.meta.url).pathname

test('schemas/function-config.schema.json is what `npm run schema` makes', () => {
  const made = join(mkdtempSync(join(tmpdir(), 'schema-')), 'schema.json')
  execFileSync(process.execPath, [`${root}scripts/schema.mjs`, made])
  expect(readFileSync(`${root}schemas/function-config.schema.json`, 'utf8')).toBe(readFileSync(made, 'utf8'))
})
