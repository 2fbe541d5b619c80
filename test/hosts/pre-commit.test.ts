import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { jest } from '@jest/globals'
import { root } from '../fixtures/built-program.ts'
import { filesOf, folderOf } from '../fixtures/folder.ts'
import { needs } from '../fixtures/needs.ts'
import { spawnToEnd, spawnWell } from '../fixtures/spawn.ts'
import { startRegistry, type TestRegistry } from '../registry/lab/registry.ts'

jest.setTimeout(300_000) // pre-commit installs the program and its build dependencies from the npm registry

const example = join(root, 'examples/pre-commit')
const tags = ['v1.2.3', 'v1.3.0', 'v2.0.0', 'latest']

needs(
  'pre-commit',
  'kustomize',
  'docker-registry',
)('examples/pre-commit', () => {
  let registry: TestRegistry
  let repository: string
  /** Without the variables of the npm that may have started these tests: they would configure the npm that pre-commit starts. */
  const env: Record<string, string | undefined> = Object.fromEntries(
    Object.keys(process.env)
      .filter(name => /^npm_/i.test(name))
      .map(name => [name, undefined]),
  )
  const git = (folder: string, ...args: string[]) =>
    spawnToEnd('git', ['-c', 'user.name=test', '-c', 'user.email=test@example.com', ...args], {
      cwd: folder,
      env,
    })
  const commit = () => git(repository, 'commit', '--all', '--allow-empty', '--message', 'a change')
  const rendered = () => readFileSync(join(repository, 'rendered.yaml'), 'utf8')
  /** The text of the example, with the registry of this test. */
  const here = (text: string) => text.replaceAll('registry.example.com', registry.host)

  beforeAll(async () => {
    registry = await startRegistry()
    await registry.push('shop/web', tags)
    const source = await sourceRepository()
    env.PRE_COMMIT_HOME = folderOf({})
    repository = folderOf(
      Object.fromEntries(
        Object.entries(filesOf(example)).map(([path, text]) => [path, here(text)]),
      ),
    )
    const config = join(repository, '.pre-commit-config.yaml')
    writeFileSync(
      config,
      readFileSync(config, 'utf8').replace('https://git.example.com/image-policy-fn', source),
    )
    await git(repository, 'init', '--quiet')
    await git(repository, 'add', '.')
    await spawnWell('pre-commit', ['install', '--install-hooks'], { cwd: repository, env })
  })
  afterAll(() => registry.stop())

  test('a commit passes if rendered.yaml is what kustomize and the policies produce', async () => {
    const { stderr, code } = await commit()
    expect(stderr).toContain('Passed')
    expect(code).toBe(0)
    expect(rendered()).toContain(`image: ${registry.host}/shop/web:v1.3.0\n`)
  })

  test('after a new tag in the registry the commit fails once and the file is rendered again', async () => {
    await registry.push('shop/web', ['v1.4.0'])
    const before = rendered()
    const failed = await commit()
    expect(failed.stderr).toContain('rendered.yaml was out of date and is rendered anew')
    expect(failed.code).toBe(1)
    expect(rendered()).toBe(before.replaceAll('v1.3.0', 'v1.4.0'))

    expect((await commit()).code).toBe(0)
    expect((await git(repository, 'status', '--porcelain')).stdout).toBe('')
  })

  test('a manifest that was changed by hand fails the commit', async () => {
    const before = rendered()
    writeFileSync(join(repository, 'rendered.yaml'), before.replaceAll('v1.4.0', 'v1.2.3'))
    expect((await commit()).code).toBe(1)
    expect(rendered()).toBe(before)
  })

  test('an unreachable registry fails the commit and leaves the file unchanged', async () => {
    const before = rendered()
    await registry.stop()
    const { stderr, code } = await commit()
    expect(stderr).toContain(registry.host)
    expect(code).toBe(1)
    expect(rendered()).toBe(before)
  })
})

/** A repository with a tag that contains this work tree, for the `repo:` of pre-commit's configuration. */
async function sourceRepository(): Promise<string> {
  const folder = folderOf({})
  const { stdout } = await spawnWell(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard'],
    { cwd: root },
  )
  for (const file of stdout.trimEnd().split('\n')) cpSync(join(root, file), join(folder, file))
  const as = ['-c', 'user.name=test', '-c', 'user.email=test@example.com']
  await spawnWell('git', ['init', '--quiet'], { cwd: folder })
  await spawnWell('git', ['add', '.'], { cwd: folder })
  await spawnWell('git', [...as, 'commit', '--quiet', '--message', 'the work tree'], {
    cwd: folder,
  })
  await spawnWell('git', ['tag', 'v0.1.0'], { cwd: folder })
  return folder
}
