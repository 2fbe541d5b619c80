import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'

/** The client as a program of its own, whose memory can be measured and limited. */
export interface ClientProgram {
  list(
    host: string,
    nodeOptions?: readonly string[],
  ): Promise<{ readonly answer: string; readonly mebibytes: number }>
  remove(): void
}

/** Lists, and prints the number of tags or the error, and how much memory it took. */
const script = `
  const { ociTagSource } = await import('./client.mjs')
  const answer = await ociTagSource({ env: {} }).listTags(process.argv[2]).then(tags => String(tags.length), error => error.message)
  console.log(JSON.stringify({ answer, mebibytes: process.resourceUsage().maxRSS / 1024 }))
`

export async function buildClient(): Promise<ClientProgram> {
  const folder = mkdtempSync(join(tmpdir(), 'image-policy-client-'))
  await build({
    entryPoints: [new URL('../../../src/registry/oci-tag-source.ts', import.meta.url).pathname],
    outfile: join(folder, 'client.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'error',
  })
  writeFileSync(join(folder, 'list.mjs'), script)
  return {
    async list(host, nodeOptions = []) {
      const { stdout } = await promisify(execFile)(process.execPath, [
        ...nodeOptions,
        join(folder, 'list.mjs'),
        `${host}/lab/app`,
      ])
      return JSON.parse(stdout)
    },
    remove: () => rmSync(folder, { recursive: true }),
  }
}
