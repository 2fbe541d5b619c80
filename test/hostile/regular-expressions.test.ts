import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync } from '@swc/core'
import { checkSync } from 'recheck'

process.env.RECHECK_BACKEND = 'pure' // without a native program or Java

const src = new URL('../../src/', import.meta.url).pathname
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
  name => name.endsWith('.ts') && !name.endsWith('.d.ts'),
)

interface Expression {
  readonly file: string
  readonly pattern: string
  readonly flags: string
}

/**
 * By file and the beginning of the pattern. Expressions with more than linear time that may stay,
 * because their text is short or was checked before.
 */
const accepted: readonly (readonly [file: string, pattern: string, reason: string])[] = [
  [
    'policy/flux-objects.ts',
    '([0-9.]+)(ms|s|m|h)',
    'linear for a text that passed the check before it, in which a unit follows each number',
  ],
  [
    'policy/go-float.ts',
    '^[+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?$',
    'the text is what a filter extracts from a tag, which has at most 128 characters',
  ],
  [
    'policy/kinds/semver.ts',
    '^[>=\\s]+v?([0-9]+)[0-9.]*$',
    'the text is a valid version range, in which a number has at most 20 digits',
  ],
  ['rewrite/annotation-keys.ts', '[^A-Za-z0-9]+$', 'the text has at most 63 characters'],
  ['yaml/parse/full-parser.ts', '[ \\t]*$', 'the text has at most 1000 characters'],
]

/**
 * Quadratic for text that a hostile manifest can make long. Each must be replaced; none may be
 * added.
 */
const toReplace: readonly (readonly [file: string, pattern: string])[] = [
  ['policy/lint.ts', '\\[\\^?\\]?[^\\]]*\\]'],
  [
    'policy/re2js-spelling.ts',
    '\\\\Q[\\s\\S]*?(?:\\\\E|$)|\\\\[pP](?:\\{[^}]*\\}|[a-z])|\\\\[\\s\\S]|\\[\\^?\\]?(?:\\[:\\^?\\w*:\\]|\\\\[pP]\\{[^}]*\\}|\\\\[\\s\\S]|[^\\]\\\\])*(?:\\]|\\\\?$)|\\(\\?P?<(\\w+)>',
  ],
  ['policy/version-range.ts', '[\\t\\n\\f\\r ]*(v?[0-9xX*|]+'],
  ['yaml/edit/format-scalar.ts', '[\\s:](?:[&!]\\S*)$'],
  ['yaml/tree/comments.ts', '^[ \\t]*,?[ \\t]*(#.*)$'],
]

/** Expressions that a function builds from constants: all that it can build. */
const builtByFunctions: readonly Expression[] = ['[0-9]', '[0-9a-fA-F]'].map(digit => ({
  file: 'policy/go-float.ts',
  pattern: `(?<!${digit})_|_(?!${digit})`,
  flags: '',
}))

interface Found {
  readonly literals: readonly Expression[]
  /** How many times the file calls the constructor, in functions and outside of them. */
  readonly constructed: number
}

/** By the syntax tree: text that looks like an expression is not one. */
function expressionsIn(file: string): Found {
  const literals: Expression[] = []
  let constructed = 0
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    const { type, pattern, flags, callee } = node as Record<string, unknown>
    if (type === 'RegExpLiteral')
      literals.push({ file, pattern: String(pattern), flags: String(flags) })
    const called = callee as { type?: string; value?: string } | undefined
    if (called?.type === 'Identifier' && called.value === 'RegExp') constructed++
    Object.values(node).forEach(walk)
  }
  walk(parseSync(readFileSync(join(src, file), 'utf8'), { syntax: 'typescript', target: 'es2022' }))
  return { literals, constructed }
}

/** What modules construct when they are loaded, by a constructor that takes notes. */
async function constructedBy(modules: readonly string[]): Promise<readonly Expression[]> {
  const expressions: Expression[] = []
  const original = globalThis.RegExp
  globalThis.RegExp = new Proxy(original, {
    construct(target, [pattern, flags = '']: [string, string?]) {
      const [, , caller = ''] = new Error().stack?.split('\n') ?? []
      const file = modules.find(name => caller.includes(join(src, name)))
      if (file !== undefined) expressions.push({ file, pattern, flags })
      return new target(pattern, flags)
    },
  })
  try {
    for (const file of modules) await import(join(src, file))
  } finally {
    globalThis.RegExp = original
  }
  return expressions
}

const found = files.map(file => ({ file, ...expressionsIn(file) }))
const exceptions = [...accepted, ...toReplace].map(([file, pattern]) => [file, pattern] as const)
const isListed = ({ file, pattern }: Expression) =>
  exceptions.some(([path, text]) => path === file && pattern.startsWith(text))

/**
 * Undefined if the time is linear for any text. A small automaton is checked by proof, a large one
 * by attacks.
 */
function weakness({ pattern, flags }: Expression): string | undefined {
  const result = checkSync(pattern, flags, { maxNFASize: 3_000, timeout: null })
  if (result.status === 'safe') return undefined
  return result.status === 'vulnerable'
    ? result.complexity.summary
    : `unknown: ${result.error.kind}`
}

const constructing = found.filter(({ constructed }) => constructed > 0).map(({ file }) => file)
let expressions: readonly Expression[] = []
beforeAll(async () => {
  const literals = found.flatMap(one => one.literals)
  expressions = [...literals, ...builtByFunctions, ...(await constructedBy(constructing))]
})

test('every regular expression takes linear time', () => {
  const weak = expressions
    .filter(expression => !isListed(expression))
    .map(expression => ({ ...expression, weakness: weakness(expression) }))
    .filter(expression => expression.weakness !== undefined)
  expect(weak).toEqual([])
}, 120_000)

test.each(constructing)('all that %s constructs are known', file => {
  const inFunctions = new Set(builtByFunctions.map(expression => expression.file))
  const own = found.find(one => one.file === file)
  const known = expressions.filter(one => one.file === file && !own?.literals.includes(one))
  if (inFunctions.has(file)) expect(own?.constructed).toBe(1)
  else expect(known).toHaveLength(own?.constructed ?? 0)
})

test.each(exceptions)('the exception in %s still exists: %s', (file, pattern) => {
  expect(expressions.some(one => one.file === file && one.pattern.startsWith(pattern))).toBe(true)
})

test('the checker finds exponential and quadratic time', () => {
  expect(weakness({ file: '', pattern: '^(a|a)*$', flags: '' })).toMatch('exponential')
  expect(weakness({ file: '', pattern: '\\0+$', flags: '' })).toMatch('polynomial')
})
