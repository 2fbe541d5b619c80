import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readFiles } from '../src/host/policy-files.ts'
import { recordedTags } from '../src/resolve/tag-source.ts'
import { run } from '../src/run.ts'

const examples = new URL('../examples/', import.meta.url).pathname

/**
 * Examples with an input.yaml are documentation and a test: input.yaml, policies/, tags.json -> expected.yaml, stderr.txt, exit-code.
 * Bytes are compared. `npm run examples:update` writes what comes out.
 */
test.each(readdirSync(examples).filter(name => existsSync(join(examples, name, 'input.yaml'))))('examples/%s', async name => {
  const file = (part: string) => join(examples, name, part)
  const read = (part: string) => (existsSync(file(part)) ? readFileSync(file(part)) : Buffer.alloc(0))
  const policies = existsSync(file('policies')) ? readFiles(file('policies')) : []
  const world = {
    mode: 'apply',
    settings: [],
    policies: policies.map(({ file: path, bytes }) => ({ file: path.slice(file('').length), bytes })),
    openTagSource: async () => recordedTags(new Map(Object.entries(JSON.parse(read('tags.json').toString())))),
  } as const

  const outcome = await run(read('input.yaml'), world)
  const stdout = Buffer.concat([...outcome.output])

  if (process.env.UPDATE_EXAMPLES) {
    writeFileSync(file('expected.yaml'), stdout)
    writeFileSync(file('stderr.txt'), outcome.stderr)
  }
  expect(stdout.toString()).toBe(read('expected.yaml').toString())
  expect(outcome.stderr).toBe(read('stderr.txt').toString())
  expect(outcome.exitCode).toBe(Number(read('exit-code').toString() || 0))
  if (outcome.exitCode !== 0) return

  const again = await run(stdout, world)
  expect(again.changes).toEqual([]) // rendering twice changes nothing
})
