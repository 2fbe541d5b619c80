import { compareBytes } from '../../src/policy/byte-order.ts'

test.each([
  ['a', 'b', -1],
  ['b', 'a', 1],
  ['a', 'a', 0],
  ['a', 'ab', -1],
  ['', 'a', -1],
  ['10', '9', -1],
  ['B', 'a', -1],
  ['v1', 'V1', 1],
  ['😀', '\uffee', 1], // in UTF-16 units it is the other way round
  ['a\uffee', 'a😀', -1],
  ['😀', '😁', -1],
  ['\ud7ff', '\ue000', -1],
])('%j and %j: %i', (a, b, sign) => {
  expect(Math.sign(compareBytes(a, b))).toBe(sign)
  expect(Math.sign(compareBytes(a, b))).toBe(
    Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))),
  )
})
