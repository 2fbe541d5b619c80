import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../fixtures/built-program.ts'

const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8')
const finalStage = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '))

test('the final stage has no RUN, so it is built for any platform and without pulling', () => {
  expect(finalStage).toContain('COPY --from=build')
  expect(finalStage).not.toMatch(/^RUN\b/m)
})

test('both bases are arguments, and have defaults', () => {
  expect(dockerfile).toMatch(/^ARG BUILD_IMAGE=\S+$/m)
  expect(dockerfile).toMatch(/^ARG NODE_IMAGE=\S+$/m)
})
