import type { ResourceDocument } from '../krm/resource.ts'
import { applyEdits, type Edit } from '../yaml/edit/splice.ts'

/** The new content of one file, in pieces. */
export interface ChangedFile {
  readonly file: string
  readonly content: Iterable<Buffer | string>
}

/**
 * The files that change, in the order in which they were given. A file without an edit is not among
 * them: it must not be touched.
 */
export function* changedFiles(
  documents: readonly ResourceDocument[],
  edits: ReadonlyMap<ResourceDocument, readonly Edit[]>,
): Generator<ChangedFile> {
  for (const document of documents) {
    const own = edits.get(document) ?? []
    if (own.length === 0 || document.file === undefined) continue
    yield { file: document.file, content: applyEdits(document.bytes, own) }
  }
}
