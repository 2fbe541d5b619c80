import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../fixtures/built-program.ts'
import { folderOf } from '../fixtures/folder.ts'
import { needs } from '../fixtures/needs.ts'
import { spawnToEnd, spawnWell } from '../fixtures/spawn.ts'

const pin = (...args: readonly string[]) =>
  spawnToEnd('node', [join(root, 'scripts/pin-actions.mjs'), ...args])

needs('git')('scripts/pin-actions.mjs', () => {
  let server: string
  let commit: string
  beforeAll(async () => {
    server = folderOf({ 'acme/setup/action.yml': '' })
    const cwd = join(server, 'acme/setup')
    const git = (...args: readonly string[]) =>
      spawnWell('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', ...args], {
        cwd,
      })
    await git('init', '--quiet')
    await git('add', '--all')
    await git('commit', '--quiet', '--message=first')
    await git('tag', 'v4')
    await git('tag', '--annotate', '--message=annotated', 'v5')
    commit = (await git('rev-parse', 'HEAD')).stdout.trim()
  })

  const old = '0'.repeat(40)
  const workflowOf = (...uses: readonly string[]) =>
    join(folderOf({ 'a.yml': uses.map(line => `      - uses: ${line}\n`).join('') }), 'a.yml')

  test.each([
    ['a tag', 'acme/setup@v4', 'v4'],
    ['an annotated tag', 'acme/setup@v5', 'v5'],
    ['a pinned commit', `acme/setup@${old} # v4`, 'v4'],
    ['an action in a folder', 'acme/setup/in/folder@v4', 'v4'],
  ])('pins %s', async (_, uses, tag) => {
    const file = workflowOf(uses)
    expect(await pin('--server', server, '--check', file)).toMatchObject({ code: 2 })
    expect(await pin('--server', server, file)).toMatchObject({ stderr: '', code: 0 })
    expect(readFileSync(file, 'utf8')).toBe(
      `      - uses: ${uses.replace(/@.*/, '')}@${commit} # ${tag}\n`,
    )
    expect(await pin('--server', server, '--check', file)).toMatchObject({ code: 0 })
  })

  test('leaves workflows of the repository itself alone', async () => {
    const file = workflowOf('./.github/workflows/ci.yml')
    expect(await pin('--server', server, '--check', file)).toMatchObject({ code: 0 })
  })

  test('changes nothing if a tag is unknown', async () => {
    const file = workflowOf('acme/setup@v4', 'acme/setup@v9')
    const before = readFileSync(file, 'utf8')
    const { stderr, code } = await pin('--server', server, file)
    expect(stderr).toContain('acme/setup: has no tag v9')
    expect(code).toBe(1)
    expect(readFileSync(file, 'utf8')).toBe(before)
  })
})
