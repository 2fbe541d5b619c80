import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

const root = new URL('../../../', import.meta.url).pathname

/** Where the compiler is installed: that is large, and few people change these sources. */
const compiled =
  existsSync(`${root}assembly/node_modules/assemblyscript`) || process.env.CI ? test : test.skip

compiled(
  'the module is built from its sources (skipped without the compiler: `npm ci --prefix assembly`)',
  () => {
    const made = execFileSync(process.execPath, [`${root}assembly/build.mjs`, '--print'], {
      encoding: 'utf8',
    })
    // not toBe(made), which would print base64
    expect(readFileSync(`${root}src/yaml/parse/wasm-module.ts`, 'utf8') === made).toBe(true)
  },
  60_000,
)
