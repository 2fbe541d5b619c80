import { spawnSync } from 'node:child_process'
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root } from '../fixtures/built-program.ts'
import { deploymentOf } from '../fixtures/manifests.ts'
import { program } from '../fixtures/program.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'image-policy-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** The scripts that V8 loads in one run with a file on stdin, including Node's own. */
function scriptsLoaded(input: string): string[] {
  writeFileSync(join(folder, 'stdin'), input)
  const stdin = openSync(join(folder, 'stdin'), 'r')
  const coverage = join(folder, 'coverage')
  const { status } = spawnSync(process.execPath, [program], {
    stdio: [stdin, 'pipe', 'pipe'],
    env: { ...process.env, NODE_V8_COVERAGE: coverage },
  })
  closeSync(stdin)
  expect(status).toBe(0)
  const [file = ''] = readdirSync(coverage)
  const { result } = JSON.parse(readFileSync(join(coverage, file), 'utf8')) as {
    result: { url: string }[]
  }
  return result.map(({ url }) => url)
}

test('manifests without policies load neither the registry client, the regular expressions nor the full parser', () => {
  const scripts = scriptsLoaded(deploymentOf('ghcr.io/acme')).filter(
    url => !url.startsWith('node:'),
  )
  const files = scripts.map(url => (url.startsWith('file:') ? fileURLToPath(url) : join(root, url)))
  expect(files).toContain(program)
  const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0)
  expect(bytes).toBeLessThan(400_000) // any of the three would exceed it
})

test('a start loads neither streams nor cryptography of Node', () => {
  const modules = scriptsLoaded(deploymentOf('ghcr.io/acme')).filter(url => url.startsWith('node:'))
  expect(modules).toContain('node:fs')
  expect(modules.filter(name => /stream|crypto/.test(name))).toEqual([])
})
