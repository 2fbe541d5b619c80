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
 * (scripts/code-cache.mjs). Where that is of another Node, missing or damaged, V8 compiles them again.
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
 * V8 refuses data of another version, under other flags or for a source of another length. It does not see that a byte has changed, after
 * which it crashes, hangs or puts out something else; nor does that of Node 20 see another build of the same version. So a file holds
 * its data twice, and its folder is named by the size of Node's binary, too.
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
