import type { Resource, ResourceDocument } from '../krm/resource.ts'

/** The bytes of one YAML document. */
interface Span {
  readonly start: number
  readonly end: number
}

/**
 * Why Flux would not look for the markers of a resource, in words; undefined if it would. Its reader divides a file at every `---`, and
 * gives up on the whole file at a piece whose root is not a mapping. Documents of a stream come from many files, so there the rule holds
 * for each by itself.
 * Source: image-automation-controller d36e2ea with kyaml 0.21.1, run on such files.
 */
export function skippedByFlux(): (resource: Resource) => string | undefined {
  const files = new Map<ResourceDocument, string | undefined>()
  return resource => {
    const { document } = resource
    if (document.shape === 'ResourceList') return undefined
    if (document.file !== undefined) {
      if (!files.has(document)) files.set(document, fileProblem(document))
      return files.get(document)
    }
    const { start } = resource.open().root
    const index = document.items.holding(start, start + 1, 0)
    return index === -1 ? undefined : headProblem(headOf(document.bytes, document.items.at(index)))
  }
}

function fileProblem({ bytes, items }: ResourceDocument): string | undefined {
  for (const item of items) {
    const problem = headProblem(headOf(bytes, item)) ?? rootProblem(bytes, item)
    if (problem !== undefined) return problem
  }
  return undefined
}

function headProblem(head: string): string | undefined {
  if (/^---\r?\n/.test(head)) return undefined // nearly always
  if (/^%YAML/m.test(head)) return 'a `%YAML` line'
  return /^--- *[^\s#]/.test(head) ? 'text after `---`' : undefined
}

/** What the root of a document is, if it is not a mapping: as far as its first line shows. */
export function rootProblem(bytes: Buffer, item: Span): string | undefined {
  const head = headOf(bytes, item)
    .replaceAll('\r', '')
    .replace(/^\xef\xbb\xbf/, '')
  const first = /^(?!\s*(?:#|$|%|---(?:\s|$)|\.\.\.(?:\s|$))).*$/m.exec(head)?.[0]
  if (first === undefined) return undefined
  if (/^(?:-(?: |$)|\[)/.test(first)) return 'a document whose root is a sequence'
  return /^(?:\{|\? )|:(?:\s|$)/.test(first) ? undefined : 'a document whose root is a scalar'
}

const headOf = (bytes: Buffer, { start, end }: Span) =>
  bytes.toString('latin1', start, Math.min(end, start + 4096))
