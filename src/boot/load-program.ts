import { readFileSync, statSync } from 'node:fs'
import { Script } from 'node:vm'
import type { Mode } from '../krm/function-config.ts'

type Chunk = (
  exports: object,
  require: (id: string) => unknown,
  module: { readonly exports: object },
) => void

/**
 * Runs the program from the `chunks/` beside it, as `require` would, but with what V8 compiled of
 * them when the program was built (scripts/code-cache.mjs). If that code is missing, damaged or of
 * another Node, V8 compiles the chunks again.
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
  try {
    const { main } = load('./main.js') as typeof import('../cli/main.ts')
    void main(mode, process.argv.slice(2))
  } catch (error) {
    const other = load('./child-process.js') as typeof import('../cli/child-process.ts')
    void other.runWithBoundsChecks(error)
  }
}

function compile(name: string, before = '', after = '', lineOffset = 0): unknown {
  const source = readFileSync(`${__dirname}/chunks/${name}`)
  // relative: Node 20 takes the name for stack traces from the cached data, which may have been
  // made in another folder
  const filename = `dist/chunks/${name.slice(2)}`
  return new Script(before + source.toString() + after, {
    filename,
    lineOffset,
    cachedData: cachedData(name, source),
  }).runInThisContext()
}

/**
 * V8 refuses data of another version, with other flags or for a source of another length. It does
 * not notice a changed byte in either, and then runs other code than the source, crashes or hangs;
 * V8 of Node 20 does not notice another build of the same version either. So a file holds the
 * source that its data was made from, then the data twice, and its folder is also named after the
 * size of Node's binary.
 */
function cachedData(name: string, source: Buffer): Buffer | undefined {
  try {
    const folder = `${process.version}-${process.arch}-${statSync(process.execPath).size}`
    const file = readFileSync(`${__dirname}/code-cache/${folder}/${name}.bin`)
    const middle = source.length + (file.length - source.length) / 2
    const data = file.subarray(source.length, middle)
    const isSound =
      file.subarray(0, source.length).equals(source) && data.equals(file.subarray(middle))
    return isSound ? data : undefined
  } catch {
    return undefined
  }
}
