import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { deploymentOf } from '../manifests.ts'
import { runProgram } from './program.ts'

/** The chunks of the bundle that one run loads, by V8's own account. */
async function chunksLoaded(input: string): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'image-policy-'))
  const { code } = await runProgram([], { input, env: { NODE_V8_COVERAGE: folder } })
  const [file = ''] = readdirSync(folder)
  const { result } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { result: { url: string }[] }
  rmSync(folder, { recursive: true })
  expect(code).toBe(0)
  return result.map(({ url }) => basename(url)).filter(name => result.length > 0 && name.endsWith('.js'))
}

test('manifests without policies load neither the registry client nor the regular expressions', async () => {
  const loaded = await chunksLoaded(deploymentOf('ghcr.io/acme'))
  expect(loaded).toContain('image-policy.js')
  expect(loaded.filter(name => /tag-source|re2|undici|full-parser/.test(name))).toEqual([])
})
