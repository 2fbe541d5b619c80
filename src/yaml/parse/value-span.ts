import type { YamlTree } from '../tree/node.ts'

/**
 * A piece of the input that is one YAML value: a document, an item of a ResourceList, its
 * functionConfig. Offsets are bytes.
 */
export interface ValueSpan {
  readonly start: number
  readonly end: number
  /**
   * How many bytes from `start` do not belong to the value: the `-` of an item, the
   * `functionConfig:` before its value.
   */
  readonly blank: number
  /** The value itself, if finding the span took parsing the whole document. */
  readonly tree?: YamlTree
}
