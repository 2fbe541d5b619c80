import { FunctionError } from '../../../src/errors.ts'
import { askMetadata } from '../../../src/registry/credentials/provider.ts'

const nobody = async () => {
  throw new FunctionError('REGISTRY_FAILED', 'nobody there')
}

test('a missing metadata service is not an error, but a bug is', async () => {
  expect(await askMetadata(nobody, 'http://169.254.169.254/', {})).toBeUndefined()
  const bug = async () => {
    throw new TypeError('bug')
  }
  await expect(askMetadata(bug, 'http://169.254.169.254/', {})).rejects.toThrow('bug')
})

test('waits at most 2 s for it', async () => {
  let timeout: number | undefined
  await askMetadata(
    async (_url, request) => {
      timeout = request?.timeout
      return nobody()
    },
    'http://169.254.169.254/',
    {},
  )
  expect(timeout).toBe(2_000)
})
