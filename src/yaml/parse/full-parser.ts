import {
  type Alias,
  Composer,
  type CST,
  isAlias,
  isMap,
  isPair,
  isSeq,
  Lexer,
  type Node,
  type Pair,
  Parser,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml'
import { byteOrderMark } from '../position.ts'
import {
  type AliasNode,
  type MappingEntry,
  maxDepth,
  type ScalarStyle,
  type YamlNode,
  type YamlTree,
} from '../tree/node.ts'
import { brokenInput, brokenYaml, quoteAsterisk } from './broken-input.ts'
import { byteOffsets, decodeSpan } from './decode.ts'
import type { ValueSpan } from './value-span.ts'

/**
 * Reads any YAML 1.2 (and `!!merge <<`) with the `yaml` package, which this module loads. Slow, so
 * longer texts are refused. Throws BAD_INPUT.
 */
export function parseFully(
  bytes: Buffer,
  { start, end, blank }: ValueSpan,
  file?: string,
): YamlTree {
  // the package would count a byte order mark as a column
  const span = { start: start + byteOrderMark(bytes, start), end, blank }
  if (end - start > maxLength) {
    const found = `${((end - start) / (1 << 20)).toFixed(1)} MiB`
    throw brokenInput(
      bytes,
      span.start,
      `must be shorter than 8 MiB with syntax that is rare in manifests (such as \`? \` before a key), got ${found}; divide it into documents`,
      file,
    )
  }
  const text = decodeSpan(bytes, span, file)
  const byteAt = byteOffsets(text, span.end - span.start)
  const inBytes = (offset: number) => span.start + byteAt(Math.min(offset, text.length))
  const broken = (offset: number, problem: string) =>
    brokenInput(bytes, inBytes(offset), problem, file)

  // failsafe: every scalar stays text, `dataOf` reads values; duplicate keys are not an error,
  // because the first counts
  const composer = new Composer({
    schema: 'failsafe',
    resolveKnownTags: false,
    uniqueKeys: false,
    keepSourceTokens: true,
  })
  const [document, second] = [...composer.compose(tokensOf(text, broken), true, text.length)]
  const [error] = document?.errors ?? []
  if (error) throw brokenYaml(bytes, inBytes(error.pos[0]), error.message, file)
  if (second) throw broken(second.range[0], 'must be one YAML document, found another')

  const contents = (document?.contents ?? null) as Node | null
  const root = blank === 0 ? contents : valueAfterIndicator(contents)
  if (root === null || isAbsent(root)) return { bytes, root: undefined, aliases: [] }
  return treeOf(bytes, text, root, offset => span.start + byteAt(offset), broken)
}

/** The package takes about 130 bytes of memory for a byte. */
const maxLength = 8 << 20

/** The value after the dash or the key with which a span begins. */
function valueAfterIndicator(node: Node | null): Node | null {
  if (isSeq(node)) return node.items[0] as Node
  return isMap(node) ? (node.items[0]?.value as Node) : node
}

/**
 * The tokens of a text. Deep nesting is refused here, because the composer would recurse until the
 * stack overflows.
 */
function* tokensOf(
  text: string,
  broken: (offset: number, problem: string) => Error,
): Generator<CST.Token> {
  const parser = new Parser()
  for (const lexeme of new Lexer().lex(text)) {
    yield* parser.next(lexeme)
    // each level is a collection, and there may be a scalar and a document
    if (parser.stack.length > maxDepth + 2) throw broken(parser.offset, tooDeep)
  }
  yield* parser.end()
}

const tooDeep = `must not be nested more than ${maxDepth} levels deep`

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

function treeOf(
  bytes: Buffer,
  text: string,
  root: Node,
  byteAt: (offset: number) => number,
  broken: (offset: number, problem: string) => Error,
): YamlTree {
  // an anchor can be used inside its own node, so `to` of the aliases is set at the end
  const anchored = new Map<string, { node?: YamlNode }>()
  const aliases: { alias: Mutable<AliasNode>; anchor: { node?: YamlNode } }[] = []

  const nodeOf = (node: Node): YamlNode => {
    const [start, end] = node.range as [number, number, number]
    if (isAlias(node)) {
      const anchor = anchored.get(node.source)
      if (!anchor) throw broken(start, `must name an anchor that comes before it; ${quoteAsterisk}`)
      const alias = {
        kind: 'alias',
        start: byteAt(start),
        end: byteAt(end),
        target: node.source,
        to: unresolved,
      } as const
      aliases.push({ alias, anchor })
      return alias
    }
    const anchor: { node?: YamlNode } = {}
    if (node.anchor) anchored.set(node.anchor, anchor)
    const properties = {
      ...(node.anchor ? { anchor: node.anchor } : {}),
      ...(node.tag ? { tag: shortTag(node.tag) } : {}),
    }
    anchor.node = contentOf(node, properties)
    return anchor.node
  }

  const contentOf = (
    node: Exclude<Node, Alias>,
    properties: { readonly anchor?: string; readonly tag?: string },
  ): YamlNode => {
    if (isMap(node)) return { kind: 'mapping', ...properties, ...mappingOf(node) }
    if (isSeq(node)) return { kind: 'sequence', ...properties, ...sequenceOf(node) }
    return { kind: 'scalar', ...properties, ...scalarOf(node as Scalar) }
  }

  const mappingOf = (map: YAMLMap) => {
    const entries = map.items.map(pair => entryOf(pair as Pair<Node | null, Node | null>))
    return { ...rangeOf(map, entries.at(0)?.key, entries.at(-1)?.value), entries }
  }

  const sequenceOf = (sequence: YAMLSeq) => {
    const items = sequence.items.map(item => {
      if (!isPair(item)) return nodeOf(item as Node)
      const entry = entryOf(item as Pair<Node | null, Node | null>)
      return {
        kind: 'mapping' as const,
        flow: true,
        start: entry.key.start,
        end: entry.value.end,
        entries: [entry],
      }
    })
    const range = rangeOf(sequence, items.at(0), items.at(-1))
    return { ...range, start: byteAt((sequence.range as number[])[0] as number), items }
  }

  const entryOf = (pair: Pair<Node | null, Node | null>): MappingEntry => {
    const key = nodeOf(pair.key as Node)
    return {
      key,
      value: pair.value
        ? nodeOf(pair.value)
        : { kind: 'scalar', style: 'plain', start: key.end, end: key.end, text: '' },
    }
  }

  const rangeOf = (
    collection: YAMLMap | YAMLSeq,
    first: YamlNode | undefined,
    last: YamlNode | undefined,
  ) => {
    const [start, end] = collection.range as [number, number, number]
    if (collection.flow && collection.srcToken)
      return { flow: true, start: byteAt(start), end: byteAt(end) }
    return {
      flow: collection.flow === true,
      start: first?.start ?? byteAt(start),
      end: last?.end ?? byteAt(end),
    }
  }

  const scalarOf = (scalar: Scalar) => {
    const [start, end] = scalar.range as [number, number, number]
    const style = styles[scalar.type ?? 'PLAIN'] ?? 'plain'
    if (isAbsent(scalar)) {
      // the parser places it after the spaces; its text would be inserted before them
      const at = byteAt(
        start - (/[ \t]*$/.exec(text.slice(Math.max(0, start - 1000), start))?.[0].length ?? 0),
      )
      return { style, start: at, end: at, text: '' }
    }
    const isBlock = style === 'literal' || style === 'folded'
    const length = isBlock ? contentLength(text.slice(start, end)) : end - start
    return {
      style,
      start: byteAt(start),
      end: byteAt(start + length),
      text: scalar.source ?? String(scalar.value),
    }
  }

  const node = nodeOf(root)
  for (const { alias, anchor } of aliases) alias.to = anchor.node as YamlNode
  return { bytes, root: node, aliases: aliases.map(({ alias }) => alias) }
}

/**
 * The length of a block scalar without the blank lines at its end. Spaces beyond the indentation
 * are text.
 */
function contentLength(scalar: string): number {
  const indentation = /^[|>][-+]?[0-9]/.test(scalar)
    ? ''
    : (/\n( *)[^ \r\n]/.exec(scalar)?.[1] ?? '')
  let length = scalar.length
  for (;;) {
    const line = scalar.lastIndexOf('\n', length - 1)
    const rest = scalar.slice(line + 1, length).replace(/\r$/, '')
    if (line === -1 || rest.length > indentation.length || rest.trimStart() !== '') return length
    length = scalar[line - 1] === '\r' ? line - 1 : line
  }
}

const unresolved: YamlNode = { kind: 'scalar', style: 'plain', start: 0, end: 0 }

const isAbsent = (node: Node): boolean => {
  const [start, end] = node.range as [number, number, number]
  return (
    start === end &&
    !isAlias(node) &&
    !isMap(node) &&
    !isSeq(node) &&
    (node as Scalar).type === 'PLAIN'
  )
}

const styles: Readonly<Record<string, ScalarStyle>> = {
  PLAIN: 'plain',
  QUOTE_SINGLE: 'single',
  QUOTE_DOUBLE: 'double',
  BLOCK_LITERAL: 'literal',
  BLOCK_FOLDED: 'folded',
}

const shortTag = (tag: string) => tag.replace(/^tag:yaml\.org,2002:/, '!!')
