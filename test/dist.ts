import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

export const root = new URL('..', import.meta.url).pathname

/** The path of a built program, such as `image-policy.js`. Throws when it is older than its sources: what is tested must be what is read. */
export function builtProgram(name: string): string {
  const program = join(root, 'dist', name)
  const built = statSync(program, { throwIfNoEntry: false })?.mtimeMs ?? 0
  for (const folder of ['src', 'functions']) {
    for (const file of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
      if (file.endsWith('.ts') && statSync(join(root, folder, file)).mtimeMs > built) {
        throw new Error(`dist/${name} is older than ${folder}/${file}; run: npm run build`)
      }
    }
  }
  return program
}
