import { readOnce } from '../../../src/registry/credentials/environment.ts'

function reader(failure?: string) {
  const read: string[] = []
  const infos: string[] = []
  const readFile = readOnce(
    async path => {
      read.push(path)
      if (failure) throw Object.assign(new Error('secret'), { code: failure })
      return 'text'
    },
    message => infos.push(message),
  )
  return { read, infos, readFile }
}

test('reads each file once', async () => {
  const { read, readFile } = reader()
  expect(await Promise.all([readFile('/a'), readFile('/a'), readFile('/b')])).toEqual([
    'text',
    'text',
    'text',
  ])
  expect(read).toEqual(['/a', '/b'])
})

test.each([
  ['ENOENT', undefined, []],
  [
    'ENOENT',
    'DOCKER_CONFIG',
    ['cannot read /a (from DOCKER_CONFIG): ENOENT; continuing without it'],
  ],
  ['EISDIR', undefined, ['cannot read /a: EISDIR; continuing without it']],
  [
    'EACCES',
    undefined,
    [
      'cannot read /a: EACCES; continuing without it; in a container, run the function as the owner of the file (`--as-current-user`)',
    ],
  ],
])('after %s of a file named by %s it says %j', async (failure, namedBy, messages) => {
  const { infos, readFile } = reader(failure)
  expect(await readFile('/a', namedBy)).toBeUndefined()
  await readFile('/a', namedBy)
  expect(infos).toEqual(messages)
})
