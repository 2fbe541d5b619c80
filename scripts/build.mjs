// Bundles the program and the library into dist/, compiles the program, and writes the library's
// types. The bundle is split so that the registry client, the regular expressions and the full YAML
// parser are loaded only when they are used.
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { build, transform } from 'esbuild'

const root = new URL('..', import.meta.url).pathname
const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))

const commonjs = {
  format: 'cjs',
  platform: 'node',
  target: 'node20.18',
  minifySyntax: true,
  minifyWhitespace: true,
}
const bundled = {
  absWorkingDir: root,
  outdir: 'dist',
  bundle: true,
  logLevel: 'warning',
  write: false,
}

const programs = await build({
  ...bundled,
  ...commonjs,
  entryPoints: {
    'image-policy': 'src/boot/program.ts',
    'apply-image-policies': 'functions/apply-image-policies/main.ts',
    'check-image-policies': 'functions/check-image-policies/main.ts',
  },
})

const { outputFiles, metafile } = await build({
  ...bundled,
  ...commonjs,
  entryPoints: {
    'chunks/main': 'src/cli/main.ts',
    'chunks/child-process': 'src/cli/child-process.ts',
    index: 'src/index.ts',
  },
  format: 'esm',
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  mainFields: ['module', 'main'],
  define: { __VERSION__: JSON.stringify(version) },
  legalComments: 'linked',
  metafile: true,
})

// esbuild splits only ES modules, but Node starts CommonJS faster: loading a file takes a third of
// the time, and require() of node:fs, unlike an import, does not call every getter of the module,
// one of which loads all streams (bench/README.md).
const code = new Map()
for (const { path, text } of outputFiles.filter(({ path }) => path.endsWith('.js'))) {
  const chunk = path.endsWith('/index.js')
    ? text
    : text.replace(/export\{([^}]*)\};\s*$/, withPlainExports)
  code.set(
    path,
    (await transform(chunk, { ...commonjs, supported: { 'dynamic-import': false } })).code,
  )
}

/**
 * Replaces esbuild's exports, which are two getters for each name, called whenever one chunk uses
 * another.
 */
function withPlainExports(_, names) {
  const entries = names.split(',').map(name => name.replace(/^(.*) as (.*)$/, '$2:$1'))
  return `Object.assign(exports,{${entries}});`
}

/**
 * The chunk and everything that it imports as one script: an object of functions by name
 * (src/boot/load-program.ts).
 */
function withImports(chunk) {
  const found = new Set([chunk])
  for (const path of found) {
    for (const imported of metafile.outputs[path].imports)
      if (imported.kind === 'import-statement' && !imported.external) found.add(imported.path)
  }
  const functions = [...found].map(
    path => `"./${basename(path)}":(function(exports,require,module){\n${code.get(root + path)}})`,
  )
  return `({${functions.join(',\n')}})\n`
}
code.set(`${root}dist/chunks/main.js`, withImports('dist/chunks/main.js'))

/** The licences of the bundled packages, which must accompany their code. */
function licencesOf(inputs) {
  const packages = inputs.flatMap(
    input => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? [],
  )
  const texts = [...new Set(packages)].sort().map(path => {
    const { name, version, license } = JSON.parse(
      readFileSync(`${root}${path}/package.json`, 'utf8'),
    )
    const file = readdirSync(`${root}${path}`).find(entry => /^licen[cs]e/i.test(entry))
    if (file === undefined) throw new Error(`${path} must have a file with its licence`)
    const text = readFileSync(`${root}${path}/${file}`, 'utf8').trim()
    return `${name} ${version} (${license})\n\n${text}\n`
  })
  return texts.join(`\n${'-'.repeat(80)}\n\n`)
}

rmSync(`${root}dist`, { recursive: true, force: true })
for (const { path, text } of [...programs.outputFiles, ...outputFiles]) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, code.get(path) ?? text)
}
writeFileSync(`${root}dist/package.json`, '{ "type": "commonjs" }\n')
for (const { path } of programs.outputFiles) chmodSync(path, 0o755)

writeFileSync(`${root}dist/THIRD-PARTY-LICENSES.txt`, licencesOf(Object.keys(metafile.inputs)))

await import('./code-cache.mjs')
await import('./types.mjs')
