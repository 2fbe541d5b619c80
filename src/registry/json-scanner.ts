/**
 * What a scanner reports of a JSON object while its bytes arrive: nothing below the elements of a
 * list at the top.
 */
export interface JsonVisitor {
  /**
   * A field of the object, in the order of the text. A later field of the same name replaces an
   * earlier one, as in JSON.parse.
   */
  field(name: string, value: JsonPart): void
  /** An element of a field that is a list. */
  element(name: string, value: JsonPart): void
}

/**
 * Strings longer than `longestText` bytes and numbers in lists have no `text`: they are checked but
 * not kept.
 */
export interface JsonPart {
  readonly kind: 'string' | 'number' | 'literal' | 'list' | 'object'
  /** The value of a string; the spelling of a number, `true`, `false` or `null`. */
  readonly text?: string
}

export interface JsonScanner {
  push(chunk: Uint8Array): void
  /** Whether the bytes so far are one complete JSON object, by the rules of JSON.parse. */
  isObject(): boolean
}

const longestText = 1024
/** JSON.parse has no such limit, but no answer of a registry needs more. */
const deepest = 500

/**
 * Reads a JSON object in linear time, and in memory that depends neither on its size nor on its
 * shape. JSON.parse builds all of it first, which can take 40 times the memory of the text
 * (`[{},{},…`).
 */
export function scanJsonObject(visitor: JsonVisitor): JsonScanner {
  const containers: ('list' | 'object')[] = []
  let expected: Expected = 'value'
  /**
   * The bytes of the string or number so far, of which the first `kept` are valid; undefined if
   * they are not kept.
   */
  const bytes = Buffer.alloc(longestText)
  let kept: number | undefined
  let escaped = false
  let hexDigits = 0
  let hasEscapes = false
  let number: NumberState = 'start'
  let literal = { text: '', at: 0 }
  let fieldName = ''

  function push(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length && expected !== 'nothing'; ) {
      const byte = chunk[at] as number
      if (expected === 'stringByte' || expected === 'keyByte') {
        at = inString(chunk, at)
      } else if (expected === 'numberByte') {
        if (inNumber(byte)) at++
      } else if (expected === 'literalByte') {
        inLiteral(byte)
        at++
      } else {
        if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) between(byte)
        at++
      }
    }
  }

  /** A byte outside of strings, numbers and literals. */
  function between(byte: number): void {
    if (expected === 'colon') {
      expected = byte === colon ? 'value' : 'nothing'
    } else if (expected === 'commaOrEnd') {
      afterValue(byte)
    } else if (expected === 'key' || expected === 'keyOrEnd') {
      if (byte === quote) startString('keyByte')
      else if (byte === closeBrace && expected === 'keyOrEnd') close()
      else expected = 'nothing'
    } else if (expected === 'valueOrEnd' && byte === closeBracket) {
      close()
    } else if (expected === 'value' || expected === 'valueOrEnd') {
      startValue(byte)
    } else {
      expected = 'nothing' // after the end of the object
    }
  }

  function startValue(byte: number): void {
    if (containers.length === 0 && byte !== openBrace) {
      expected = 'nothing'
    } else if (byte === openBrace) {
      open('object')
    } else if (byte === openBracket) {
      open('list')
    } else if (byte === quote) {
      startString('stringByte')
    } else if (byte === minus || isDigit(byte)) {
      // lists of numbers are not needed, and may be long
      kept = containers.length === 1 ? 0 : undefined
      hasEscapes = false
      number = 'start'
      expected = 'numberByte'
      inNumber(byte)
    } else {
      const text = literals.get(byte)
      literal = { text: text ?? '', at: 1 }
      expected = text === undefined ? 'nothing' : 'literalByte'
    }
  }

  function open(kind: 'list' | 'object'): void {
    report({ kind })
    containers.push(kind)
    if (containers.length > deepest) expected = 'nothing'
    else expected = kind === 'list' ? 'valueOrEnd' : 'keyOrEnd'
  }

  function close(): void {
    containers.pop()
    expected = containers.length === 0 ? 'end' : 'commaOrEnd'
  }

  function afterValue(byte: number): void {
    const container = containers.at(-1)
    if (byte === comma) expected = container === 'list' ? 'value' : 'key'
    else if (byte === (container === 'list' ? closeBracket : closeBrace)) close()
    else expected = 'nothing'
  }

  function startString(next: 'stringByte' | 'keyByte'): void {
    expected = next
    kept = (next === 'keyByte' ? containers.length === 1 : isReported()) ? 0 : undefined
    hasEscapes = false
    escaped = false
    hexDigits = 0
  }

  /** Reads on to the end of the string or of the chunk; returns the position after it. */
  function inString(chunk: Uint8Array, start: number): number {
    for (let at = start; at < chunk.length; at++) {
      const byte = chunk[at] as number
      if (byte === quote && !escaped && hexDigits === 0) {
        keep(chunk.subarray(start, at))
        endString()
        return at + 1
      }
      if (hexDigits > 0) {
        if (!isHexDigit(byte)) return stop(at)
        hexDigits--
      } else if (escaped) {
        if (!escapes.has(byte)) return stop(at)
        escaped = false
        hexDigits = byte === letterU ? 4 : 0
      } else if (byte === backslash) {
        escaped = true
        hasEscapes = true
      } else if (byte < 0x20) {
        return stop(at)
      }
    }
    keep(chunk.subarray(start))
    return chunk.length
  }

  function stop(at: number): number {
    expected = 'nothing'
    return at
  }

  function endString(): void {
    const text = textSoFar()
    if (expected === 'keyByte') {
      if (containers.length === 1) fieldName = text ?? ''
      expected = 'colon'
      return
    }
    endScalar('string', text)
  }

  /** False at the first byte after the number, which is then read again. */
  function inNumber(byte: number): boolean {
    const next = numberStates[number](byte)
    if (next !== undefined) {
      number = next
      if (kept !== undefined) keep([byte])
      return true
    }
    if (completeNumbers.has(number)) endScalar('number', textSoFar())
    else expected = 'nothing'
    return false
  }

  function inLiteral(byte: number): void {
    if (literal.text.charCodeAt(literal.at) !== byte) {
      expected = 'nothing'
      return
    }
    literal.at++
    if (literal.at === literal.text.length) endScalar('literal', literal.text)
  }

  function endScalar(kind: JsonPart['kind'], text: string | undefined): void {
    report(text === undefined ? { kind } : { kind, text })
    kept = undefined
    expected = 'commaOrEnd'
  }

  function isReported(): boolean {
    return containers.length === 1 || (containers.length === 2 && containers[1] === 'list')
  }

  function report(part: JsonPart): void {
    if (containers.length === 1) visitor.field(fieldName, part)
    else if (isReported()) visitor.element(fieldName, part)
  }

  function keep(more: ArrayLike<number>): void {
    if (kept === undefined) return
    const length = kept + more.length
    if (length <= longestText) bytes.set(more, kept)
    kept = length <= longestText ? length : undefined
  }

  function textSoFar(): string | undefined {
    if (kept === undefined) return undefined
    const text = bytes.toString('utf8', 0, kept)
    return hasEscapes ? JSON.parse(`"${text}"`) : text
  }

  return { push, isObject: () => expected === 'end' }
}

/**
 * What the next byte must be or begin. `nothing`: the text is not a JSON object, whatever follows.
 */
type Expected =
  | 'value'
  | 'valueOrEnd'
  | 'key'
  | 'keyOrEnd'
  | 'colon'
  | 'commaOrEnd'
  | 'stringByte'
  | 'keyByte'
  | 'numberByte'
  | 'literalByte'
  | 'end'
  | 'nothing'

const [quote, backslash, comma, colon, minus, plus, point, letterU] = [...'"\\,:-+.u'].map(
  character => character.charCodeAt(0),
)
const [openBrace, closeBrace, openBracket, closeBracket] = [...'{}[]'].map(character =>
  character.charCodeAt(0),
)
const escapes = new Set([...'"\\/bfnrtu'].map(character => character.charCodeAt(0)))
const literals = new Map(['true', 'false', 'null'].map(text => [text.charCodeAt(0), text]))

const isDigit = (byte: number) => byte >= 0x30 && byte <= 0x39
const isHexDigit = (byte: number) =>
  isDigit(byte) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66)
const isExponent = (byte: number) => byte === 0x45 || byte === 0x65

/** The grammar of numbers, after what is read so far. Source: RFC 8259, section 6. */
type NumberState =
  | 'start'
  | 'minus'
  | 'zero'
  | 'digits'
  | 'point'
  | 'fraction'
  | 'exponent'
  | 'exponentSign'
  | 'exponentDigits'

const completeNumbers = new Set<NumberState>(['zero', 'digits', 'fraction', 'exponentDigits'])

const numberStates: Record<NumberState, (byte: number) => NumberState | undefined> = {
  start: byte => (byte === minus ? 'minus' : numberStates.minus(byte)),
  minus(byte) {
    if (byte === 0x30) return 'zero'
    return isDigit(byte) ? 'digits' : undefined
  },
  zero(byte) {
    if (byte === point) return 'point'
    return isExponent(byte) ? 'exponent' : undefined
  },
  digits: byte => (isDigit(byte) ? 'digits' : numberStates.zero(byte)),
  point: byte => (isDigit(byte) ? 'fraction' : undefined),
  fraction(byte) {
    if (isDigit(byte)) return 'fraction'
    return isExponent(byte) ? 'exponent' : undefined
  },
  exponent(byte) {
    if (byte === minus || byte === plus) return 'exponentSign'
    return isDigit(byte) ? 'exponentDigits' : undefined
  },
  exponentSign: byte => (isDigit(byte) ? 'exponentDigits' : undefined),
  exponentDigits: byte => (isDigit(byte) ? 'exponentDigits' : undefined),
}
