import { repositoryIn } from '../image/repository.ts'

/** More of them make no better hint, and no more bytes are looked at for one. */
const most = 1000
const mostBytes = 32 << 20

/**
 * The canonical repositories of what looks like an image anywhere at the beginning of the input,
 * parsed or not: for hints about a name that was not found, never for a decision.
 */
export function seenRepositories(bytes: Buffer): readonly string[] {
  const seen = new Set<string>()
  for (const [, text = ''] of bytes
    .toString('latin1', 0, mostBytes)
    .matchAll(/\b(?:image|newName|repository)["']?: *["']?([a-z0-9][^\s"',{}]*)/g)) {
    const repository = repositoryIn(text)
    if (repository !== undefined) seen.add(repository)
    if (seen.size === most) break
  }
  return [...seen]
}
