import { FunctionError } from '../errors.ts'
import { isDigest } from '../image/reference.ts'
import type { RepositoryAccess } from '../image/repository-access.ts'

export type { Provider, RepositoryAccess, SecretData } from '../image/repository-access.ts'

/**
 * All that the core asks of the world: which tags a repository has, and which digest one of them
 * has.
 */
export interface TagSource {
  /**
   * Every tag of `repository` (`ghcr.io/acme/web`; Docker Hub's as `docker.io/library/nginx`), in
   * the source's order. Throws REGISTRY_FAILED, REGISTRY_DENIED.
   */
  listTags(repository: string, access?: RepositoryAccess): Promise<readonly string[]>
  /**
   * The digest, `sha256:<hex>`, of `reference` (a tag or a digest) in `repository`. Throws
   * REGISTRY_FAILED, REGISTRY_DENIED.
   */
  digestOf(repository: string, reference: string, access?: RepositoryAccess): Promise<string>
}

/**
 * Answers from a given list: for tests, and for runs that must not use the network. The keys of
 * `digests` are `<repository>:<tag>`. Throws BAD_ARGUMENT for anything but Maps.
 */
export function recordedTags(
  tagsByRepository: ReadonlyMap<string, readonly string[]>,
  digests: ReadonlyMap<string, string> = new Map(),
): TagSource {
  requireMap('tagsByRepository', 'repositories to lists of tags', tagsByRepository)
  requireMap('digests', '`<repository>:<tag>` to digests', digests)
  return {
    async listTags(repository, access) {
      const tags = tagsByRepository.get(repository)
      if (tags === undefined)
        throw new FunctionError(
          'REGISTRY_FAILED',
          `no tags are recorded for "${repository}"`,
          access?.place,
        )
      return tags
    },
    async digestOf(repository, reference, access) {
      const digest = digests.get(`${repository}:${reference}`)
      if (digest === undefined)
        throw new FunctionError(
          'REGISTRY_FAILED',
          `no digest is recorded for "${repository}:${reference}"`,
          access?.place,
        )
      return digest
    },
  }
}

/** Programs in JavaScript can pass anything: an object is the usual mistake. */
function requireMap(name: string, entries: string, value: unknown): void {
  if (value instanceof Map) return
  throw new FunctionError(
    'BAD_ARGUMENT',
    `\`${name}\` of recordedTags must be a Map from ${entries}; make one of an object with \`new Map(Object.entries(…))\``,
  )
}

/**
 * The same source, asked at most once for each repository and each digest. What is not a digest is
 * refused.
 */
export function askedOnce(source: TagSource): TagSource {
  const listings = new Map<string, Promise<readonly string[]>>()
  const digests = new Map<string, Promise<string>>()
  return {
    listTags: (repository, access) =>
      once(listings, key(repository, access), () => source.listTags(repository, access)),
    digestOf: (repository, reference, access) =>
      once(digests, `${key(repository, access)} ${reference}`, () =>
        digestFrom(source, repository, reference, access),
      ),
  }
}

async function digestFrom(
  source: TagSource,
  repository: string,
  reference: string,
  access: RepositoryAccess | undefined,
): Promise<string> {
  const digest = await source.digestOf(repository, reference, access)
  if (isDigest(digest)) return digest
  throw new FunctionError(
    'REGISTRY_FAILED',
    `must have a digest, but "${repository}:${reference}" has ${JSON.stringify(digest)}`,
    access?.place,
  )
}

/**
 * Two ImageRepository objects may name one repository with different credentials: each gets its own
 * answer.
 */
const key = (repository: string, access: RepositoryAccess | undefined): string => {
  const { place: _, secret, certSecret, proxySecret, ...rest } = access ?? {}
  return JSON.stringify([repository, rest, secret?.name, certSecret?.name, proxySecret?.name])
}

function once<T>(
  answers: Map<string, Promise<T>>,
  question: string,
  ask: () => Promise<T>,
): Promise<T> {
  const answer = answers.get(question) ?? ask()
  answers.set(question, answer)
  return answer
}
