import { FunctionError } from '../../../src/errors.ts'
import { askMetadata } from '../../../src/registry/credentials/provider.ts'

const nobody = async () => {
  throw new FunctionError('REGISTRY_FAILED', 'nobody there')
}

test('a metadata service that is not there is no error, a bug is', async () => {
  expect(await askMetadata(nobody, 'http://169.254.169.254/', {})).toBeUndefined()
  const bug = async () => {
    throw new TypeError('bug')
  }
  await expect(askMetadata(bug, 'http://169.254.169.254/', {})).rejects.toThrow('bug')
})

test('it is waited for 2 s only', async () => {
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
