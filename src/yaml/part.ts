import type { YamlTree } from './node.ts'

/** A piece of the input that is one YAML value: a document, an item of a ResourceList, or its functionConfig. Offsets are bytes. */
export interface Part {
  readonly start: number
  readonly end: number
  /** So many bytes from `start` are not the value's own: the `-` of an item, the `functionConfig:` before its value. */
  readonly blank: number
  /** Already there where only reading the whole document could tell where the part stands. */
  readonly tree?: YamlTree
}
