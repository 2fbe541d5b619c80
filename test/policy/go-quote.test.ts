import { goQuote } from '../../src/policy/go-quote.ts'

test.each([
  ['>=1.0', '">=1.0"'],
  ['a"b\\', '"a\\"b\\\\"'],
  ['\u0007\b\f\n\r\t\v', '"\\a\\b\\f\\n\\r\\t\\v"'],
  ['\u0000\u001b\u007f', '"\\x00\\x1b\\x7f"'],
  ['\u0080\u00a0\u200b\ufeff', '"\\u0080\\u00a0\\u200b\\ufeff"'],
  ['é😀\u0301', '"é😀\u0301"'],
  ['\u{10ffff}', '"\\U0010ffff"'],
  ['\ud800', '"\ufffd"'],
])('%j is quoted as %s', (text, quoted) => expect(goQuote(text)).toBe(quoted))
