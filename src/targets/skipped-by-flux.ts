import type { Outline } from '../yaml/locate/outline.ts'

/**
 * Why Flux would not look for markers in this file, in words; undefined where it would. Its reader divides files at every `---`
 * and gives up on a piece whose root is no mapping.
 * Source: image-automation-controller d36e2ea with kyaml 0.21.1, run on such files.
 */
export function skippedByFlux({ shape, bytes, items }: Outline): string | undefined {
  if (shape === 'ResourceList') return undefined
  for (const { start, end } of items) {
    const head = bytes.toString('latin1', start, Math.min(end, start + 4096))
    if (/^%YAML/m.test(head)) return 'a `%YAML` line'
    if (/^--- *[^\s#]/.test(head)) return 'text after `---`'
    const first = /^(?!\s*(?:#|$|%|---(?:\s|$)|\.\.\.(?:\s|$))).*$/m.exec(
      head.replaceAll('\r', '').replace(/^\xef\xbb\xbf/, ''),
    )?.[0]
    if (first === undefined) continue
    if (/^(?:-(?: |$)|\[)/.test(first)) return 'a document whose root is a sequence'
    if (!/^(?:\{|\? )|:(?:\s|$)/.test(first)) return 'a document whose root is a scalar'
  }
  return undefined
}
