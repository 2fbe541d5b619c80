import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { root } from '../fixtures/built-program.ts'
import { needs } from '../fixtures/needs.ts'
import { spawnToEnd } from '../fixtures/spawn.ts'

interface Job {
  readonly permissions?: object
  readonly steps?: readonly { readonly run?: string }[]
}

interface Workflow {
  readonly permissions?: Readonly<Record<string, string>>
  readonly jobs?: Readonly<Record<string, Job>>
}

const own = readdirSync(join(root, '.github/workflows')).map(name => `.github/workflows/${name}`)
const examples = readdirSync(join(root, 'examples'), { recursive: true, encoding: 'utf8' })
  .map(name => `examples/${name}`)
  .filter(name => /\.ya?ml$/.test(name) && isWorkflow(name))
const workflows = [...own, ...examples]

function isWorkflow(file: string): boolean {
  const text = readFileSync(join(root, file), 'utf8')
  return /^on:/m.test(text) && /^jobs:/m.test(text)
}

const textOf = (file: string) => readFileSync(join(root, file), 'utf8')
const workflowOf = (file: string) => parse(textOf(file)) as Workflow

needs('actionlint')('actionlint', () => {
  test.each(workflows)('has no complaint about %s', async file => {
    expect(await spawnToEnd('actionlint', [file], { cwd: root })).toEqual({
      stdout: '',
      stderr: '',
      code: 0,
    })
  })
})

test('there are workflows for tests and releases', () => {
  expect(own).toEqual(
    expect.arrayContaining(['.github/workflows/ci.yml', '.github/workflows/release.yml']),
  )
})

describe.each(own)('%s', file => {
  test('gives no job more than it asks for: the default is to read the repository at most', () => {
    const { permissions } = workflowOf(file)
    expect([{}, { contents: 'read' }]).toContainEqual(permissions)
  })

  test('uses no expression inside a script, where a branch name could become a command', () => {
    const steps = Object.values(workflowOf(file).jobs ?? {}).flatMap(job => job.steps ?? [])
    const scripts = steps.flatMap(({ run }) => run ?? [])
    expect(scripts.length).toBeGreaterThan(0)
    expect(scripts.filter(script => script.includes('${{'))).toEqual([])
  })

  test('leaves no token of the repository in a checkout', () => {
    const checkouts = textOf(file).match(/uses: actions\/checkout@/g) ?? []
    expect(textOf(file).match(/persist-credentials: false/g) ?? []).toHaveLength(checkouts.length)
  })
})

test('only the jobs that publish may write, and only in the environment "release"', () => {
  const { jobs = {} } = workflowOf('.github/workflows/release.yml')
  const writers = Object.entries(jobs).filter(([, job]) =>
    Object.values(job.permissions ?? {}).includes('write'),
  )
  expect(writers.map(([name]) => name)).toEqual(['npm', 'image', 'github-release'])
  for (const [, job] of writers) expect(job).toMatchObject({ environment: 'release' })
})

test('the releases are built by the script that is tested, on a Node that CI tests', () => {
  const release = textOf('.github/workflows/release.yml')
  expect(release).toContain('node scripts/release.mjs --out')
  expect(existsSync(join(root, 'scripts/release.mjs'))).toBe(true)
  const { jobs } = parse(textOf('.github/workflows/ci.yml'))
  const tested = jobs.test.strategy.matrix.node.map(String)
  for (const [, node] of release.matchAll(/node-version: (\d+)/g)) expect(tested).toContain(node)
})
