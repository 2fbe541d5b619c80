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
  /**
   * Without the variables of the npm that may have started these tests: they would configure the
   * npm that pre-commit starts.
   */
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

  /** A commit with other `args`, and what the hook prints. */
  const commitWith = async (args: readonly string[]) => {
    const config = join(repository, '.pre-commit-config.yaml')
    const text = readFileSync(config, 'utf8')
    writeFileSync(config, text.replace(/args: \[.*\]/, `args: ${JSON.stringify(args)}`))
    const { stderr, code } = await commit()
    writeFileSync(config, text)
    await git(repository, 'add', '.')
    return { stderr, code }
  }
  const usual = ['--policies', 'policies', '--output', 'rendered.yaml']

  test.each([
    ['nothing', [], 'the folder that kustomize builds is missing'],
    [
      'no folder',
      usual,
      'the folder that kustomize builds must come first, got the option --policies',
    ],
    [
      'no file',
      ['overlay', '--policies', 'policies'],
      'the rendered file is missing: --output FILE',
    ],
    [
      'an option without its value',
      ['overlay', '--policies', 'policies', '--output'],
      'the rendered file is missing',
    ],
    [
      'arguments without options',
      ['overlay', 'policies', 'rendered.yaml'],
      'the rendered file is missing',
    ],
    [
      'a wrong option',
      ['overlay', '--policy', 'policies', '--output', 'rendered.yaml'],
      'did you mean: image-policy --policies policies --output rendered.yaml',
    ],
    ['a wrong folder', ['nowhere', ...usual], 'nowhere'],
    [
      'policies that are not there',
      ['overlay', '--policies', 'nowhere', '--output', 'rendered.yaml'],
      'nowhere: must be a file or folder that can be read',
    ],
    [
      'a wrong configuration',
      ['overlay', ...usual, '--config', 'rendered.yaml'],
      'must be one of fn.kpt.dev/v1alpha1 ApplyImagePolicies',
    ],
  ])(
    '%s in `args` fails the commit with a message and leaves the file unchanged',
    async (_, args, words) => {
      const before = rendered()
      const { stderr, code } = await commitWith(args)
      expect(stderr).toContain(words)
      expect(stderr).not.toContain('unbound variable')
      expect(code).toBe(1)
      expect(rendered()).toBe(before)
    },
  )

  test('`args` takes every option of the program', async () => {
    writeFileSync(
      join(repository, 'config.yaml'),
      'apiVersion: fn.kpt.dev/v1alpha1\nkind: ApplyImagePolicies\nmetadata: {name: a}\nspec: {annotations: false}\n',
    )
    writeFileSync(
      join(repository, 'more.yaml'),
      'apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n',
    )
    const before = rendered()
    const options = ['--policies', 'more.yaml', '--config', 'config.yaml', '--output=rendered.yaml']
    const { stderr, code } = await commitWith(['overlay', '--policies', 'policies', ...options])
    expect(stderr).toContain('rendered.yaml was out of date')
    expect(code).toBe(1)
    expect(rendered()).not.toContain('fluxcd.io/tag.')
    expect(rendered()).toContain(':v1.4.0')
    writeFileSync(join(repository, 'rendered.yaml'), before)
    await git(repository, 'add', '.')
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

/**
 * A repository with a tag that contains this work tree, for the `repo:` of pre-commit's
 * configuration.
 */
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
