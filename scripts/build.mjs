// Bundles the program and the library into dist/, split so that the registry client, the regular expressions and the full YAML
// parser are loaded only when asked, and writes the library's types.
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { build, transform } from 'esbuild'

const root = new URL('..', import.meta.url).pathname
const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))
const target = 'node20.18'

const smaller = { minifySyntax: true, minifyWhitespace: true }

const { outputFiles } = await build({
  absWorkingDir: root,
  entryPoints: {
    'image-policy': 'src/cli/image-policy.ts',
    'apply-image-policies': 'functions/apply-image-policies/main.ts',
    'check-image-policies': 'functions/check-image-policies/main.ts',
    index: 'src/index.ts',
  },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  ...smaller,
  format: 'esm',
  platform: 'node',
  mainFields: ['module', 'main'],
  target,
  chunkNames: 'chunks/[name]-[hash]',
  define: { __VERSION__: JSON.stringify(version) },
  legalComments: 'linked',
  logLevel: 'warning',
  write: false,
})

// esbuild splits ES modules only, but Node starts CommonJS faster: a file costs it a third of a millisecond instead of one, and
// require() of node:fs, unlike an import, does not call every getter there, one of which loads all streams (bench/README.md).
rmSync(`${root}dist`, { recursive: true, force: true })
for (const { path, text } of outputFiles) {
  mkdirSync(dirname(path), { recursive: true })
  const code = path.endsWith('.js')
    ? (await transform(text, { ...smaller, format: 'cjs', platform: 'node', target, supported: { 'dynamic-import': false } })).code
    : text
  writeFileSync(path, code)
}
writeFileSync(`${root}dist/package.json`, '{ "type": "commonjs" }\n')
for (const program of ['image-policy', 'apply-image-policies', 'check-image-policies']) chmodSync(`${root}dist/${program}.js`, 0o755)

const tsc = createRequire(import.meta.url)
  .resolve('typescript/package.json')
  .replace(/package\.json$/, 'bin/tsc')
execFileSync(process.execPath, [tsc, '-p', `${root}tsconfig.types.json`], { stdio: 'inherit' })
