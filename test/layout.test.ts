import { readdirSync, readFileSync } from 'node:fs'
import { basename, join, posix } from 'node:path'

const root = new URL('..', import.meta.url).pathname
const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.ts'))
  .sort()

/**
 * The rooms of src/ (a folder, or a file at its top), from the top down: a room imports only from
 * rooms below it. `registry` and `workspace` are edges: the rooms of the core never import them;
 * whoever needs one loads it with `import()`.
 */
const rooms = [
  'boot',
  'cli',
  'index',
  'workspace',
  'filter',
  'report',
  'write',
  'evaluate',
  'steps',
  'rewrite',
  'targets',
  'registry',
  'resolve',
  'policy',
  'krm',
  'image',
  'yaml',
  'problems',
  'budget',
  'errors',
  'place',
  'field-path',
  'group-by',
]
/** The folders of a room that has an order of its own. */
const yamlRooms = ['edit', 'locate', 'parse', 'tree', 'position', 'offsets']
const mayUseNode = new Set(['boot', 'cli', 'workspace', 'registry'])
const onlyBy: Readonly<Record<string, readonly string[]>> = {
  registry: ['registry'],
  workspace: ['workspace', 'cli'],
}
const mayLoad = new Set(['boot', 'cli', 'index', 'registry'])

const roomOf = (path: string) => path.split('/')[0]?.replace(/\.ts$/, '') ?? ''
const yamlRoomOf = (path: string) => path.split('/')[1]?.replace(/\.ts$/, '') ?? ''

interface Imports {
  /** Sources, by their path in src/. */
  readonly own: readonly string[]
  readonly packages: readonly string[]
  readonly loaded: readonly string[]
}

function importsOf(
  source: string,
  text = readFileSync(join(root, 'src', source), 'utf8'),
): Imports {
  const resolved = (name: string) => posix.join(posix.dirname(source), name)
  const names = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, name = '']) => name)
  const imported = names(/^(?:import|export)\b[^;]*?from '([^']+)'/gms)
  const isOwn = (name: string) => name.startsWith('.')
  return {
    own: imported.filter(isOwn).map(resolved),
    packages: imported.filter(name => !isOwn(name)),
    loaded: names(/import\('([^']+)'\)/g).map(name => (isOwn(name) ? resolved(name) : name)),
  }
}

/** Why a source may not import what it imports. */
function problemsOf(source: string, { own, packages, loaded }: Imports): readonly string[] {
  const room = roomOf(source)
  const rank = rooms.indexOf(room)
  if (rank === -1) return [`src/${room} is not a room of test/layout.test.ts`]
  const upward = own.filter(target => {
    if (roomOf(target) !== room) return rooms.indexOf(roomOf(target)) <= rank
    return (
      room === 'yaml' &&
      yamlRooms.indexOf(yamlRoomOf(target)) < yamlRooms.indexOf(yamlRoomOf(source))
    )
  })
  const edges = own.filter(target => onlyBy[roomOf(target)]?.includes(room) === false)
  const node = packages.filter(name => name.startsWith('node:') && !mayUseNode.has(room))
  const lazy = loaded.filter(
    target =>
      sources.includes(target) &&
      roomOf(target) !== room &&
      !mayLoad.has(room) &&
      roomOf(target) !== 'policy',
  )
  return [
    ...upward.map(target => `imports ${target}, which is above it`),
    ...edges.map(target => `imports ${target}, which only import() may load`),
    ...node.map(name => `imports ${name}`),
    ...lazy.map(target => `loads ${target}`),
  ]
}

/** The first circle of imports, type-only ones included. */
function circleIn(imports: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const done = new Set<string>()
  const visit = (source: string, above: readonly string[]): readonly string[] | undefined => {
    if (above.includes(source)) return [...above.slice(above.indexOf(source)), source]
    if (done.has(source)) return undefined
    for (const target of imports.get(source) ?? []) {
      const circle = visit(target, [...above, source])
      if (circle) return circle
    }
    done.add(source)
    return undefined
  }
  for (const source of imports.keys()) {
    const circle = visit(source, [])
    if (circle) return circle
  }
  return undefined
}

const allImports = new Map(sources.map(source => [source, importsOf(source)]))

test.each(sources)('src/%s imports only what its room may', source => {
  expect(problemsOf(source, importsOf(source))).toEqual([])
})

test('there is no import circle', () => {
  expect(
    circleIn(new Map([...allImports].map(([source, { own }]) => [source, own]))),
  ).toBeUndefined()
})

test('no two sources have one name', () => {
  const names = sources.map(source => basename(source))
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
})

describe('the checks themselves see', () => {
  const faults: readonly (readonly [string, string, string, string])[] = [
    [
      'an upward import',
      'krm/fields.ts',
      "import type { Target } from '../targets/target.ts'\n",
      'above it',
    ],
    [
      'an upward import inside yaml',
      'yaml/tree/node.ts',
      "import { scan } from '../locate/scan.ts'\n",
      'above it',
    ],
    [
      'a node: import',
      'policy/gather.ts',
      "import { hash } from 'node:crypto'\n",
      'imports node:crypto',
    ],
    [
      'an import of an edge',
      'filter.ts',
      "import { a } from './workspace/policy-files.ts'\n",
      'above it',
    ],
  ]
  test.each(faults)('%s', (_name, source, text, problem) => {
    expect(problemsOf(source, importsOf(source, text)).join()).toContain(problem)
  })

  test('a circle of types', () => {
    const imports = new Map([...allImports].map(([source, { own }]) => [source, own]))
    imports.set('errors.ts', ['problems.ts'])
    expect(circleIn(imports)).toContain('errors.ts')
  })
})

test('YAML does not know Kubernetes: no key of a pod is named in src/yaml/ or assembly/', () => {
  const below = (folder: string) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter(name => name.endsWith('.ts') && !/node_modules|wasm-module/.test(name))
      .map(name => join(root, folder, name))
  const files = [...below('src/yaml'), ...below('assembly')]
  expect(files.length).toBeGreaterThan(40)
  for (const file of files)
    expect(readFileSync(file, 'utf8')).not.toMatch(/[cC]ontainers\b|\bvolumes\b/)
})
