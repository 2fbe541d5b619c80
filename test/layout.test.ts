import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'

const root = new URL('..', import.meta.url).pathname
const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter(name =>
  name.endsWith('.ts'),
)

/** What each room of src/ (a folder, or a file at its top) may import. `registry` is an edge: others reach it only by `import()`. */
const mayImport = new Map(
  Object.entries({
    cli: ['host', 'report', 'run', 'krm', 'errors', 'place'],
    index: ['run', 'report', 'rewrite', 'resolve', 'targets', 'policy', 'krm', 'errors', 'place'],
    run: [
      'report',
      'rewrite',
      'resolve',
      'targets',
      'policy',
      'krm',
      'yaml',
      'problems',
      'errors',
      'place',
    ],
    host: ['run', 'errors', 'place'],
    report: ['rewrite', 'resolve', 'targets', 'policy', 'krm', 'errors', 'place'],
    rewrite: ['resolve', 'targets', 'policy', 'krm', 'image', 'yaml', 'errors', 'place'],
    registry: ['resolve', 'image', 'errors', 'place'],
    resolve: ['policy', 'krm', 'image', 'problems', 'errors', 'place'],
    targets: ['policy', 'krm', 'image', 'yaml', 'errors', 'place'],
    policy: ['krm', 'image', 'yaml', 'problems', 'errors', 'place'],
    krm: ['yaml', 'errors', 'place'],
    image: ['errors', 'place'],
    yaml: ['errors', 'place'],
    problems: ['errors', 'place'],
    errors: ['place'],
    place: [],
  }),
)
const mayUseNode = new Set(['host', 'registry', 'cli'])
const hashes = new Set(['policy', 'resolve'])
const roomOf = (path: string) => path.split('/')[0]?.replace(/\.ts$/, '') ?? ''

test.each(sources)('src/%s imports only what its room may', source => {
  const room = roomOf(source)
  const text = readFileSync(join(root, 'src', source), 'utf8')
  for (const [, imported = ''] of text.matchAll(/^(?:import|export)\b[^;]*?from '([^']+)'/gms)) {
    if (imported.startsWith('node:'))
      expect(mayUseNode.has(room) || (hashes.has(room) && imported === 'node:crypto')).toBe(true)
    if (imported.startsWith('.'))
      expect([room, ...(mayImport.get(room) ?? [])]).toContain(
        roomOf(posix.join(posix.dirname(source), imported)),
      )
  }
  for (const [, imported = ''] of text.matchAll(/import\('([^']+)'\)/g)) {
    const target = imported.startsWith('.')
      ? roomOf(posix.join(posix.dirname(source), imported))
      : imported
    if (target !== room)
      expect([
        'cli',
        'index',
        'run',
        'resolve',
        'registry',
        ...(imported.startsWith('.') ? [] : [room]),
      ]).toContain(room)
  }
})
