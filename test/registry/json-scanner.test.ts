import fc from 'fast-check'
import { type JsonPart, scanJsonObject } from '../../src/registry/json-scanner.ts'

interface Seen {
  readonly isObject: boolean
  readonly fields: ReadonlyMap<string, JsonPart & { readonly elements: readonly JsonPart[] }>
}

function scan(bytes: Buffer, chunkSize = bytes.length || 1): Seen {
  const fields = new Map<string, JsonPart & { elements: JsonPart[] }>()
  const scanner = scanJsonObject({
    field: (name, value) => void fields.set(name, { ...value, elements: [] }),
    element: (name, value) => void fields.get(name)?.elements.push(value),
  })
  for (let at = 0; at < bytes.length; at += chunkSize)
    scanner.push(bytes.subarray(at, at + chunkSize))
  return { isObject: scanner.isObject(), fields }
}

/** The same by JSON.parse. */
function expected(text: string): Seen {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return { isObject: false, fields: new Map() }
    const part = (one: unknown): JsonPart => {
      if (typeof one === 'string') return { kind: 'string', text: one }
      if (typeof one === 'number') return { kind: 'number', text: String(one) }
      if (typeof one === 'boolean' || one === null) return { kind: 'literal', text: String(one) }
      return { kind: Array.isArray(one) ? 'list' : 'object' }
    }
    const fields = Object.entries(value).map(
      ([name, one]) =>
        [name, { ...part(one), elements: Array.isArray(one) ? one.map(part) : [] }] as const,
    )
    return { isObject: true, fields: new Map(fields) }
  } catch {
    return { isObject: false, fields: new Map() }
  }
}

/** Numbers by their value, since the scanner keeps their spelling. */
const normal = ({ isObject, fields }: Seen) => {
  const part = ({ kind, text }: JsonPart) =>
    kind === 'number' ? { kind, value: Number(text) + 0 } : { kind, text }
  if (!isObject) return undefined
  const kindOrText = (one: JsonPart) => (one.kind === 'number' ? one.kind : part(one))
  return new Map(
    [...fields].map(([name, one]) => [name, [part(one), ...one.elements.map(kindOrText)]]),
  )
}

const object = fc.dictionary(
  fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('tags', '__proto__', '')),
  fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' }),
)

test('reads every JSON object as JSON.parse does, in chunks of any size', () => {
  fc.assert(
    fc.property(object, fc.nat(3), fc.integer({ min: 1, max: 9 }), (value, indent, chunkSize) => {
      const text = JSON.stringify(value, null, indent)
      expect(normal(scan(Buffer.from(text), chunkSize))).toEqual(normal(expected(text)))
    }),
  )
})

test('accepts and refuses what JSON.parse accepts and refuses', () => {
  const unit = fc.constantFrom(
    ...'{}[],:"\\ \n\t-+.eE01u',
    ...[
      'true',
      'null',
      'fals',
      '"a"',
      '"tags":',
      '\\u00e4',
      '\ud83d\ude00',
      '1e5',
      '-0',
      '\u0000',
      '{"a":',
    ],
  )
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 12 }), fc.boolean(), (units, wrap) => {
      const text = wrap ? `{"a":${units.join('')}}` : units.join('')
      expect(normal(scan(Buffer.from(text), 2))).toEqual(normal(expected(text)))
    }),
    { numRuns: 5_000 },
  )
})

test.each([
  '"\\u"',
  '"\\u0"',
  '"\\u00g0"',
  '"\\u00e4"',
  '"\\x"',
  '01',
  '1.',
  '-',
  '1e',
  '1e+',
  'nul',
])('the value %s', value => {
  const bytes = Buffer.from(`{"a":${value}}`)
  expect(normal(scan(bytes))).toEqual(normal(expected(bytes.toString())))
})

test('and of damaged objects', () => {
  fc.assert(
    fc.property(object, fc.nat(), fc.nat(255), (value, where, byte) => {
      const bytes = Buffer.from(JSON.stringify(value))
      bytes[where % bytes.length] = byte
      expect(normal(scan(bytes))).toEqual(normal(expected(bytes.toString())))
    }),
    { numRuns: 2_000 },
  )
})

test.each([
  ['the last of two fields', '{"tags":["a"],"tags":["b"]}', ['b']],
  ['escapes in names and values', '{"t\\u0061gs":["\\u0062\\n"]}', ['b\n']],
  [
    'no more than the elements',
    '{"tags":["a",["b"],{"tags":["c"]}],"x":{"tags":["d"]}}',
    ['a', undefined, undefined],
  ],
  ['no text of more than 1024 bytes', `{"tags":["${'x'.repeat(1025)}"]}`, [undefined]],
])('reports %s', (_name, text, texts) => {
  expect(
    scan(Buffer.from(text))
      .fields.get('tags')
      ?.elements.map(part => part.text),
  ).toEqual(texts)
})

test('refuses what is nested more than 500 deep', () => {
  const nested = (depth: number) => Buffer.from(`{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`)
  expect(scan(nested(499)).isObject).toBe(true)
  expect(scan(nested(500)).isObject).toBe(false)
})

test('refuses a byte order mark, as JSON.parse does', () => {
  expect(scan(Buffer.from('\ufeff{}')).isObject).toBe(false)
})
