import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const root = new URL('..', import.meta.url).pathname

test('schemas/function-config.schema.json is what `npm run schema` makes', () => {
  const made = execFileSync(process.execPath, ['scripts/schema.mjs'], { cwd: root, encoding: 'utf8' })
  const committed = readFileSync(`${root}schemas/function-config.schema.json`, 'utf8')
  expect(JSON.parse(committed)).toEqual(JSON.parse(made))
})
