import { parseImageReference } from '../image/reference.ts'
import { canonicalRepository } from '../image/repository.ts'

/** More of them make no better hint. */
const most = 1000

/**
 * The canonical repositories of what looks like an image anywhere in the input, parsed or not: for hints about a name that was not
 * found, never for a decision.
 */
export function seenRepositories(bytes: Buffer): readonly string[] {
  const seen = new Set<string>()
  for (const [, text = ''] of bytes.toString('latin1').matchAll(/\b(?:image|newName)["']?: *["']?([a-z0-9][^\s"',{}]*)/g)) {
    const reference = parseImageReference(text)
    if (reference !== undefined) seen.add(canonicalRepository(reference.repository))
    if (seen.size === most) break
  }
  return [...seen]
}
