import type { RepositoryAccess } from '../../src/image/repository-access.ts'
import { askedOnce, recordedTags, type TagSource } from '../../src/resolve/tag-source.ts'

const digest = `sha256:${'a'.repeat(64)}`

function counted(answer = digest): { readonly source: TagSource; readonly asked: string[] } {
  const asked: string[] = []
  const source: TagSource = {
    async listTags(repository) {
      asked.push(`tags ${repository}`)
      return ['a']
    },
    async digestOf(repository, reference) {
      asked.push(`digest ${repository}:${reference}`)
      return answer
    },
  }
  return { source, asked }
}

test('recorded tags and digests', async () => {
  const source = recordedTags(new Map([['r', ['a']]]), new Map([['r:a', digest]]))
  expect(await source.listTags('r')).toEqual(['a'])
  expect(await source.digestOf('r', 'a')).toBe(digest)
  await expect(source.listTags('s')).rejects.toThrow('no tags are recorded for "s"')
  await expect(source.digestOf('r', 'b')).rejects.toThrow('no digest is recorded for "r:b"')
})

const secret = (name: string) => ({ name, type: 'Opaque', data: new Map([['a', 'b']]) })
const place = { field: 'spec.image' }

test.each<readonly [string, RepositoryAccess | undefined, RepositoryAccess | undefined, number]>([
  ['no access', undefined, {}, 1],
  ['another place', { place }, { place: { field: 'x' } }, 1],
  ['the same Secret', { secret: secret('n/a') }, { secret: secret('n/a') }, 1],
  ['another Secret', { secret: secret('n/a') }, { secret: secret('n/b') }, 2],
  ['another use of a Secret', { certSecret: secret('n/a') }, { proxySecret: secret('n/a') }, 2],
  ['another provider', { provider: 'aws' }, { provider: 'gcr' }, 2],
  ['plain http', { insecure: true }, { insecure: false }, 2],
])('with %s, two equal questions are asked once or twice', async (_what, one, other, times) => {
  const { source, asked } = counted()
  const once = askedOnce(source)
  await Promise.all([once.listTags('r', one), once.listTags('r', other)])
  await Promise.all([once.digestOf('r', 'a', one), once.digestOf('r', 'a', other)])
  expect(asked.filter(question => question === 'tags r')).toHaveLength(times)
  expect(asked.filter(question => question === 'digest r:a')).toHaveLength(times)
})

test('what is not a digest is refused', async () => {
  const once = askedOnce(counted('sha256:x').source)
  await expect(once.digestOf('r', 'a', { place })).rejects.toThrow(
    expect.objectContaining({
      code: 'REGISTRY_FAILED',
      message: 'spec.image: must have a digest, but "r:a" has "sha256:x"',
    }),
  )
})
