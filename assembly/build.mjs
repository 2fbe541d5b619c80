// Compiles these sources to src/yaml/parse/wasm-module.ts, or to stdout with `--print`. The result is
// committed, so that the compiler is needed only to change the sources.
import { readFileSync, writeFileSync } from 'node:fs'
import asc from 'assemblyscript/asc'

const here = new URL('.', import.meta.url).pathname
const written = new Map()
const { error, stderr } = await asc.main(
  [
    'index.ts',
    '--outFile',
    'module.wasm',
    '--textFile',
    'module.wat',
    '--runtime',
    'stub',
    '-O3',
    '--noAssert',
    '--enable',
    'simd',
  ],
  {
    readFile: (name, base) => {
      try {
        return readFileSync(new URL(name, `file://${here}${base === '.' ? '' : base}/`), 'utf8')
      } catch {
        return null
      }
    },
    writeFile: (name, contents) => written.set(name, contents),
    listFiles: () => [],
  },
)
if (error) throw new Error(stderr.toString())

const text = `// Generated from assembly/ by \`npm run build\` there.

/** A WebAssembly module, in base64. */
export const wasmModule =
  '${Buffer.from(written.get('module.wasm')).toString('base64')}'
`
if (process.argv.includes('--print')) process.stdout.write(text)
else writeFileSync(`${here}../src/yaml/parse/wasm-module.ts`, text)
