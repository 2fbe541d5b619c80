import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './fixtures/built-program.ts'

const readme = readFileSync(join(root, 'README.md'), 'utf8')

test('"Try it" has the two commands, each alone in a block', () => {
  const section = /^## Try it\n(.*?)^## /ms.exec(readme)?.[1] ?? ''
  expect([...section.matchAll(/^```sh\n(.*?)^```/gms)].map(([, block]) => block)).toEqual([
    'npm ci && npm run demo\n',
    'npm cit\n',
  ])
})

test('.ci/run finds exactly these two commands', () => {
  const script = readFileSync(join(root, '.ci/run'), 'utf8')
  expect(script).toContain('npm ci &&[^#]*\\|npm cit')
  expect(readme.match(/^ *(npm ci &&[^#\n]*|npm cit)( *#.*)?$/gm)).toEqual([
    'npm ci && npm run demo',
    'npm cit',
  ])
})

test('fits on about two screens', () => {
  expect(readme.split('\n').length).toBeLessThan(140)
})
