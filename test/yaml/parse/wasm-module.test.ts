import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

const root = new URL('../../../', import.meta.url).pathname

// the compiler is large, and few people change these sources
const isMissing = !existsSync(`${root}assembly/node_modules/assemblyscript`) && !process.env.CI
if (isMissing)
  process.stderr.write('skipped: the AssemblyScript compiler (npm ci --prefix assembly)\n')
const compiled = isMissing ? test.skip : test

compiled(
  'the module is built from its sources',
  () => {
    const made = execFileSync(process.execPath, [`${root}assembly/build.mjs`, '--print'], {
      encoding: 'utf8',
    })
    // not toBe(made), which would print base64
    expect(readFileSync(`${root}src/yaml/parse/wasm-module.ts`, 'utf8') === made).toBe(true)
  },
  60_000,
)
