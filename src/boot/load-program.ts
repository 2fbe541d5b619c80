import { readFileSync, statSync } from 'node:fs'
import { Script } from 'node:vm'
import type { Mode } from '../krm/function-config.ts'

type Chunk = (
  exports: object,
  require: (id: string) => unknown,
  module: { readonly exports: object },
) => void

/**
 * Runs the program from the `chunks/` beside it, as `require` would, but with what V8 compiled of them when the program was built
 * (scripts/code-cache.mjs). If that code is missing, damaged or of another Node, V8 compiles the chunks again.
 */
export function start(mode: Mode): void {
  const modules = new Map<string, { readonly exports: object }>()
  const load = (name: string): object => {
    const known = modules.get(name)
    if (known) return known.exports
    const module = { exports: {} }
    modules.set(name, module)
    const chunk =
      needed[name] ??
      (compile(name, '(function (exports, require, module) {\n', '\n})', -1) as Chunk)
    chunk(module.exports, id => (id.startsWith('./') ? load(id) : require(id)), module)
    return module.exports
  }
  // by name, all chunks that every start needs: one script loads faster than seven
  const needed = compile('./main.js') as Readonly<Record<string, Chunk>>
  const { main } = load('./main.js') as typeof import('../cli/main.ts')
  void main(mode, process.argv.slice(2))
}

function compile(name: string, before = '', after = '', lineOffset = 0): unknown {
  const source = before + readFileSync(`${__dirname}/chunks/${name}`, 'utf8') + after
  // relative: Node 20 takes the name for stack traces from the cached data, which may have been made in another folder
  const filename = `dist/chunks/${name.slice(2)}`
  return new Script(source, {
    filename,
    lineOffset,
    cachedData: cachedData(name),
  }).runInThisContext()
}

/**
 * V8 refuses data of another version, with other flags or for a source of another length. It does not notice a changed byte, and then
 * crashes, hangs or computes something else; V8 of Node 20 does not notice another build of the same version either. So a file holds
 * its data twice, and its folder is also named after the size of Node's binary.
 */
function cachedData(name: string): Buffer | undefined {
  try {
    const folder = `${process.version}-${process.arch}-${statSync(process.execPath).size}`
    const twice = readFileSync(`${__dirname}/code-cache/${folder}/${name}.bin`)
    const once = twice.subarray(0, twice.length / 2)
    return once.equals(twice.subarray(once.length)) ? once : undefined
  } catch {
    return undefined
  }
}
