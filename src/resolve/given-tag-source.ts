import { FunctionError } from '../errors.ts'
import type { RepositoryAccess } from '../image/repository-access.ts'
import type { TagSource } from './tag-source.ts'

/**
 * A tag source that a program passed in. What it throws, and answers of a wrong type, become errors
 * of the policy that asked.
 */
export const givenTagSource = (source: TagSource): TagSource => ({
  async listTags(repository, access) {
    const call = `listTags(${JSON.stringify(repository)})`
    const tags: unknown = await asked(call, access, () => source.listTags(repository, access))
    if (Array.isArray(tags) && tags.every(tag => typeof tag === 'string')) return tags
    throw failed(call, 'must return a promise of an array of strings', access)
  },
  async digestOf(repository, reference, access) {
    const call = `digestOf(${JSON.stringify(repository)}, ${JSON.stringify(reference)})`
    const digest: unknown = await asked(call, access, () =>
      source.digestOf(repository, reference, access),
    )
    if (typeof digest === 'string') return digest
    throw failed(call, 'must return a promise of a string, `sha256:<hex>`', access)
  },
})

/** For a program that passed none. */
export const missingTagSource: TagSource = {
  listTags: async (_, access) => {
    throw missing(access)
  },
  digestOf: async (_repository, _reference, access) => {
    throw missing(access)
  },
}

const missing = (access: RepositoryAccess | undefined) =>
  new FunctionError(
    'BAD_ARGUMENT',
    'needs the tags of its repository: pass a `tagSource`, such as `recordedTags(new Map([[repository, tags]]))`, ' +
      'or set `source: status` in the functionConfig',
    access?.place,
  )

async function asked<T>(
  call: string,
  access: RepositoryAccess | undefined,
  ask: () => Promise<T>,
): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof FunctionError) throw error
    const message = error instanceof Error ? error.message : String(error)
    throw failed(call, `threw: ${message}`, access, error)
  }
}

const failed = (
  call: string,
  problem: string,
  access: RepositoryAccess | undefined,
  cause?: unknown,
) => new FunctionError('REGISTRY_FAILED', `\`tagSource.${call}\` ${problem}`, access?.place, cause)
