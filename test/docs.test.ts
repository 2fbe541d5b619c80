import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { parseArguments } from '../src/cli/arguments.ts'
import { help } from '../src/cli/help.ts'
import { exitCodes } from '../src/errors.ts'
import { filter } from '../src/filter.ts'
import { recordedTags, type TagSource } from '../src/resolve/tag-source.ts'
import { builtProgram, root } from './fixtures/built-program.ts'
import { bytesOf } from './fixtures/bytes-of.ts'
import {
  anchorsOf,
  blocksOf,
  commandLinesOf,
  type Directive,
  directivesOf,
  linksOf,
} from './fixtures/doc-page.ts'
import { spawnToEnd } from './fixtures/spawn.ts'

const textOf = (file: string) => readFileSync(join(root, file), 'utf8')
const namesIn = (folder: string) => readdirSync(join(root, folder))

const docs = namesIn('docs').map(name => `docs/${name}`)
const readmes = ['examples', 'functions'].flatMap(folder =>
  namesIn(folder).map(name => `${folder}/${name}/README.md`),
)
const own = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', 'bench/README.md']
const pages = [...own, ...docs, ...readmes]

describe.each(pages)('%s', page => {
  const text = textOf(page)

  test('every link leads to a file and to one of its headings', () => {
    const broken = linksOf(text).filter(({ file, anchor }) => {
      const target = file === '' ? page : relative(root, join(root, dirname(page), file))
      if (!existsSync(join(root, target))) return true
      return anchor !== '' && !anchorsOf(textOf(target)).includes(anchor)
    })
    expect(broken).toEqual([])
  })

  test('every block of YAML can be parsed', () => {
    const problems = blocksOf(text)
      .filter(({ language }) => language === 'yaml')
      .flatMap(({ line, text: yaml }) =>
        parseAllDocuments(yaml).flatMap(({ errors, warnings }) =>
          [...errors, ...warnings].map(({ message }) => `line ${line}: ${message}`),
        ),
      )
    expect(problems).toEqual([])
  })

  test('every image-policy command has arguments that the program takes', () => {
    for (const line of commandLinesOf(text)) {
      const calls = line
        .replace(/ #.*/, '')
        .matchAll(/(?<!--exec |[\w./-])image-policy(?= |$)([^|<>"]*)/g)
      for (const [, args = ''] of calls)
        expect(() => parseArguments(args.split(' ').filter(Boolean))).not.toThrow()
    }
  })
})

/**
 * Comments that make the blocks of a page a run of the program. They change the run from top to
 * bottom:
 * - `tags REPOSITORY [TAG…]`: the registry has these tags, else those that the next paragraph lists
 * after "the tags";
 * - `policies`, `config`, `fragment`: the next block has policy objects, the functionConfig, or the
 * part of a policy without its image;
 *   with an IMAGE after it, a Pod with an older tag of that repository must get that image;
 * - `policy JSON`: an entry of the functionConfig's `policies` that the page only describes;
 * `check`: the run is in check mode;
 * - `nothing`: neither policies nor a functionConfig;
 * - `input`: the next block is stdin;
 * - `expected`, `stderr`: the next block is what the run writes (a number: its exit code, if
 * another one than usual); `again`: the run still writes the last `expected`. In blocks, `sha256:…`
 * is a digest.
 */
interface Run {
  readonly tags: ReadonlyMap<string, readonly string[]>
  readonly policies?: string
  readonly config?: string
  readonly mode: 'apply' | 'check'
  readonly input: string
}

interface Expectation {
  readonly title: string
  readonly run: Run
  readonly of: 'stdout' | 'stderr'
  readonly exitCode?: number
  readonly text: string
}

const digest = `sha256:${'1'.repeat(64)}`
const shown = (text: string) => text.replaceAll(digest, 'sha256:…')
const real = (text: string) => text.replaceAll('sha256:…', digest)

const podWith = (image: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: pod\nspec:\n  containers:\n    - name: main\n      image: ${image}\n`
const repositoryOf = (image: string) => image.replace(/(:[^:/]+)?(@.*)?$/, '')

function expectationsOf(page: string): readonly Expectation[] {
  let state: Run = { tags: new Map(), mode: 'apply', input: '' }
  let last: Expectation | undefined
  return directivesOf(textOf(page)).flatMap(directive => {
    const { name, argument, line } = directive
    const title = `${page}:${line} ${name} ${argument}`
    const expects = (text: string, of: 'stdout' | 'stderr' = 'stdout', input = state.input) => {
      const exitCode = /^\d+$/.test(argument) ? { exitCode: Number(argument) } : {}
      last = { title, run: { ...state, input }, of, text, ...exitCode }
      return [last]
    }
    if (name === 'again') return last === undefined ? fail(title) : expects(last.text)
    if (name === 'expected') return expects(blockOf(directive, title))
    if (name === 'stderr') return expects(blockOf(directive, title), 'stderr')
    state = { ...state, ...changeBy(directive, state, title) }
    const isChoice = argument !== '' && ['policies', 'config', 'fragment'].includes(name)
    return isChoice
      ? expects(imageOf(argument), 'stdout', podWith(`${repositoryOf(argument)}:0`))
      : []
  })
}

const imageOf = (image: string) => `      image: ${image}\n`

function changeBy(directive: Directive, { tags }: Run, title: string): Partial<Run> {
  const { name, argument } = directive
  switch (name) {
    case 'tags': {
      const [repository = '', ...given] = argument.split(' ')
      const list = /the tags ((?:`[^`]+`(?:, | and )?)+)/.exec(directive.paragraph)?.[1] ?? ''
      const listed = given.length > 0 ? given : list.match(/[^`]+(?=`(?:,| and|$))/g)
      return listed === null ? fail(title) : { tags: new Map([...tags, [repository, listed]]) }
    }
    case 'policies':
      return { ...unset, policies: blockOf(directive, title) }
    case 'config':
      return { ...unset, config: blockOf(directive, title) }
    case 'fragment': {
      const lines = blockOf(directive, title).replace(/^/gm, '      ')
      const image = repositoryOf(argument)
      return {
        ...unset,
        config: configOf(`\n    - name: web\n      image: ${image}\n${lines}`),
      }
    }
    case 'policy':
      return {
        ...unset,
        config: configOf(` [${JSON.stringify({ name: 'web', ...JSON.parse(argument) })}]`),
      }
    case 'nothing':
      return unset
    case 'check':
      return { mode: 'check' }
    case 'input':
      return { input: blockOf(directive, title) }
    default:
      return fail(title)
  }
}

const unset = { policies: '', config: '', mode: 'apply' } as const

const configOf = (policies: string) =>
  `apiVersion: fn.kpt.dev/v1alpha1\nkind: ApplyImagePolicies\nmetadata:\n  name: image-policies\nspec:\n  policies:${policies}\n`

function blockOf({ block }: Directive, title: string): string {
  return block?.text ?? fail(title)
}

function fail(title: string): never {
  throw new Error(`${title}: is unknown, or lacks what it needs`)
}

const expectations = ['README.md', ...docs].flatMap(expectationsOf)

test.each(expectations)(
  '$title',
  async ({ run: { tags, policies, config, mode, input }, of, text, exitCode }) => {
    const digests = [...tags].flatMap(([repository, listed]) =>
      [...listed, 'stable', digest].map(
        reference => [`${repository}:${reference}`, digest] as const,
      ),
    )
    const recorded = recordedTags(tags, new Map(digests))
    const secrets: (string | undefined)[] = []
    const source: TagSource = {
      ...recorded,
      listTags: (repository, access) => {
        secrets.push(access?.secret?.name)
        return recorded.listTags(repository)
      },
    }
    const file = (text: string, name: string) => ({ file: name, bytes: Buffer.from(real(text)) })
    const outcome = await filter(Buffer.from(real(input)), {
      mode,
      settings: mode === 'check' ? [['mode', 'check']] : [],
      policies: policies ? [file(policies, 'policies.yaml')] : [],
      ...(config && { config: file(config, 'config.yaml') }),
      openTagSource: async () => source,
    })
    const stdout = shown(bytesOf(outcome.output).toString())
    const stderr = shown([...outcome.stderr].join(''))

    expect(stderr).not.toMatch(mode === 'check' ? /^warning: /m : /^(?:error|warning): /m)
    if (policies?.includes('secretRef')) expect(secrets).toEqual([expect.any(String)])
    if (of === 'stderr') expect(stderr).toBe(text)
    else if (text.startsWith('      image: ')) expect(stdout).toContain(text)
    else expect(stdout).toBe(text)
    expect(outcome.exitCode).toBe(exitCode ?? (mode === 'check' ? 2 : 0))
  },
)

test('pages show runs', () => {
  const tested = new Set(expectations.map(({ title }) => title.replace(/:.*/s, '')))
  for (const page of [
    'README.md',
    'docs/policies.md',
    'docs/targets.md',
    'docs/function-config.md',
  ])
    expect(tested).toContain(page)
})

describe('docs/library.md', () => {
  test.each(blocksOf(textOf('docs/library.md')).filter(({ language }) => language === 'js'))(
    'the code at line $line prints what its comments say',
    async ({ text }) => {
      builtProgram('index.js')
      const args = ['--input-type=module', '--eval', text]
      const { stdout, stderr, code } = await spawnToEnd(process.execPath, args, { cwd: root })
      const comments = [...text.matchAll(/console\.log\(.*\) \/\/ (.*)$/gm)].map(
        ([, comment]) => comment,
      )
      expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
      expect(comments.length).toBeGreaterThan(0)
      expect(stdout.trimEnd().split('\n')).toEqual(comments)
    },
  )

  test('every export has a row', () => {
    const index = textOf('src/index.ts')
    const names = [...index.matchAll(/^export (?:async )?function (\w+)|^export \{(.*?)\}/gm)]
      .flatMap(([, name, list]) => name ?? list?.split(',') ?? [])
      .map(name => name.trim())
      .filter(name => !name.startsWith('type '))
    expect(names).toContain('applyImagePolicies')
    const missing = names.filter(name => !rowsOf('docs/library.md').some(row => row.includes(name)))
    expect(missing).toEqual([])
  })
})

/** The first cells of all tables of a page. */
const rowsOf = (page: string) =>
  [...textOf(page).matchAll(/^\| (.*?) \|/gm)].map(([, cell = '']) => cell)

test('docs/command-line.md has every option of --help and every exit code', () => {
  const rows = rowsOf('docs/command-line.md')
  const options = [...help.matchAll(/^ +(?:-\w, )?(--\w+)/gm)].map(([, option = '']) => option)
  expect(options).toContain('--help')
  expect(options.filter(option => !rows.some(row => row.startsWith(`\`${option}`)))).toEqual([])
  const codes = [0, 70, ...Object.values(exitCodes)].map(String)
  expect(codes.filter(code => !rows.includes(code))).toEqual([])
})

test('docs/function-config.md has every setting of the schema, and no other', () => {
  const { spec } = JSON.parse(textOf('schemas/function-config.schema.json')).properties
  const { targets, ...settings } = spec.properties
  const keys = [
    ...Object.keys(settings),
    ...Object.keys(targets.properties).map(key => `targets.${key}`),
  ]
  const rows = rowsOf('docs/function-config.md').flatMap(
    cell => /^`([\w.]+)`$/.exec(cell)?.[1] ?? [],
  )
  expect(rows.toSorted()).toEqual(keys.toSorted())
})

test('docs/credentials.md has every environment variable that the program reads, and no other', () => {
  const page = textOf('docs/credentials.md')
  const read = variablesRead()
  for (const name of ['AZURE_TENANT_ID', 'GH_TOKEN', 'HTTPS_PROXY', 'IMAGE_POLICY_HELPERS'])
    expect(read).toContain(name)
  const documented = [...page.matchAll(/`\$?([A-Z][A-Z0-9_]+)(?:=\d|\/[^`]*)?`/g)].map(
    ([, name]) => name,
  )
  expect([...new Set(documented)].toSorted()).toEqual([...read].toSorted())
})

/** `env.NAME`, `const { NAME: … } = env`, and quoted names in files that read `env[name]`. */
function variablesRead(): ReadonlySet<string> {
  const names = new Set<string>()
  const codes = new Set(Object.keys(exitCodes))
  for (const file of readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue
    const text = textOf(`src/${file}`)
    const taken = [...text.matchAll(/\{([^{}]*)\} = (?:\w+\.)?env\b/g)]
      .map(([, keys]) => keys)
      .join()
    const quoted = /\benv\[\w+\]/.test(text) ? [...text.matchAll(/'([A-Z][A-Z0-9_]+)'/g)] : []
    for (const [, name = ''] of [
      ...text.matchAll(/\benv\.([A-Z][A-Z0-9_]*)\b/g),
      ...taken.matchAll(/([A-Z][A-Z0-9_]+)/g),
      ...quoted,
    ])
      if (!codes.has(name)) names.add(name)
  }
  return names
}

test('docs/README.md and docs/architecture.md are complete', () => {
  const listed = linksOf(textOf('docs/README.md')).map(({ file }) => `docs/${file}`)
  expect(docs.filter(page => page !== 'docs/README.md' && !listed.includes(page))).toEqual([])

  const rooms = rowsOf('docs/architecture.md').flatMap(
    cell => cell.match(/(?<=`)[\w./-]+(?=`)/g) ?? [],
  )
  const sources = namesIn('src').map(name => `src/${name}`)
  const named = rooms.filter(name => name.includes('/')).map(name => name.replace(/\/$/, ''))
  expect(sources.filter(name => !named.includes(name))).toEqual([])
  expect(named.filter(name => !existsSync(join(root, name)))).toEqual([])
})
