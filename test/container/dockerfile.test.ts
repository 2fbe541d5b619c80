import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../fixtures/built-program.ts'

const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8')
const finalStage = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '))

test('the final stage has no RUN, so it can be built for any platform', () => {
  expect(finalStage).toContain('COPY --from=build')
  expect(finalStage).not.toMatch(/^RUN\b/m)
})

test('both base images are arguments with defaults', () => {
  expect(dockerfile).toMatch(/^ARG BUILD_IMAGE=\S+$/m)
  expect(dockerfile).toMatch(/^ARG NODE_IMAGE=\S+$/m)
})

test('no script of a dependency runs in the build', () => {
  const installs = [...dockerfile.matchAll(/\bnpm (?:ci|i|install)\b([^\n&|;]*)/g)].map(
    ([, args]) => args,
  )
  expect(installs.length).toBeGreaterThan(0)
  for (const args of installs) expect(args).toContain('--ignore-scripts')
})
