import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { filter } from '../src/filter.ts'
import { recordedTags } from '../src/resolve/tag-source.ts'
import { readPolicyFiles } from '../src/workspace/policy-files.ts'
import { bytesOf } from './fixtures/bytes-of.ts'

const examples = new URL('../examples/', import.meta.url).pathname

/**
 * Examples with an input.yaml are documentation and tests. A run with input.yaml, policies/,
 * config.yaml and tags.json must write expected.yaml to stdout and stderr.txt to stderr, byte for
 * byte, and end with exit-code (0 if absent). `npm run examples:update` rewrites the expected
 * files.
 */
test.each(readdirSync(examples).filter(name => existsSync(join(examples, name, 'input.yaml'))))(
  'examples/%s',
  async name => {
    const file = (part: string) => join(examples, name, part)
    const read = (part: string) => readFileSync(file(part))
    // file names as the program reports them if it is started in the folder of the example
    const inputs = (part: string) =>
      existsSync(file(part))
        ? readPolicyFiles([file(part)]).files.map(({ file: path, bytes }) => ({
            file: path.slice(file('').length),
            bytes,
          }))
        : []
    const [config] = inputs('config.yaml')
    const world = {
      mode: 'apply',
      settings: [],
      ...(config && { config }),
      policies: inputs('policies'),
      openTagSource: async () => tagSource(JSON.parse(read('tags.json').toString())),
    } as const

    const outcome = await filter(read('input.yaml'), world)
    const stdout = bytesOf(outcome.output)
    const stderr = [...outcome.stderr].join('')

    if (process.env.UPDATE_EXAMPLES) {
      writeFileSync(file('expected.yaml'), stdout)
      writeFileSync(file('stderr.txt'), stderr)
      if (outcome.exitCode === 0) rmSync(file('exit-code'), { force: true })
      else writeFileSync(file('exit-code'), `${outcome.exitCode}\n`)
    }
    expect(stdout.toString()).toBe(read('expected.yaml').toString())
    expect(stderr).toBe(read('stderr.txt').toString())
    expect(outcome.exitCode).toBe(
      existsSync(file('exit-code')) ? Number(read('exit-code').toString()) : 0,
    )
    if (outcome.exitCode !== 0) return

    const again = await filter(stdout, world)
    expect(again.changes).toEqual([]) // a second run changes nothing
  },
)

/** tags.json has the tags of each repository: a list, or a mapping from tags to digests. */
function tagSource(recorded: Record<string, readonly string[] | Record<string, string>>) {
  const repositories = Object.entries(recorded)
  const digests = repositories.flatMap(([repository, tags]) =>
    Array.isArray(tags)
      ? []
      : Object.entries(tags).map(([tag, digest]): [string, string] => [
          `${repository}:${tag}`,
          digest,
        ]),
  )
  return recordedTags(
    new Map(
      repositories.map(([repository, tags]) => [
        repository,
        Array.isArray(tags) ? tags : Object.keys(tags),
      ]),
    ),
    new Map(digests),
  )
}
