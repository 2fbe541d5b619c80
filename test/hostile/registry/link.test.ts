import fc from 'fast-check'
import { parseNextLink } from '../../../src/registry/link.ts'

/**
 * Jest's own timeout ends a test that takes exponential or cubic time; none of these takes a second
 * in linear time.
 */
describe('a Link header of any shape is parsed in linear time', () => {
  test.each([
    ['parameters with a line feed', `<;<=${'\n;<='.repeat(4_000)};`],
    ['parameters without an end', `</n>${'; a=b'.repeat(4_000)}"`],
    ['a quote that never ends', `</n>; rel="${'\\"'.repeat(8_000)}`],
    ['blanks', `</n>${' '.repeat(16_000)}x`],
    ['separators', `${', '.repeat(8_000)}<`],
    ['equal signs', `<a>;${'a='.repeat(8_000)}"`],
    ['brackets', '<'.repeat(16_000)],
  ])('%s', (_name, header) => {
    expect(parseNextLink([header])).toBe('malformed')
  })

  test('and the smallest one that needed minutes', () => {
    expect(parseNextLink([`a;<=${'\n;<='.repeat(29)};"`])).toBe('malformed')
  })

  test('many links in one line', () => {
    expect(parseNextLink([`${'</p>; rel=prev, '.repeat(1_000)}</n>; rel=next`])).toBe('/n')
  })

  test('random mixtures of the characters with a meaning', () => {
    const unit = fc.constantFrom('<', '>', ';', ',', '=', '"', '\\', ' ', '\t', 'a', 'rel', 'next')
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 60 }), fc.nat(200), (units, times) => {
        const text = parseNextLink([units.join('').repeat(times)])
        expect(text === undefined || typeof text === 'string').toBe(true)
      }),
    )
  })
})
