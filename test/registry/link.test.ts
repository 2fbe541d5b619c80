import fc from 'fast-check'
import { nextPage, parseNextLink } from '../../src/registry/link.ts'

describe('the next page of a Link header is', () => {
  test.each([
    ['a path', ['</v2/a/tags/list?last=x&n=2>; rel="next"'], '/v2/a/tags/list?last=x&n=2'],
    ['a URL', ['<https://r/v2/a/tags/list?last=x>; rel="next"'], 'https://r/v2/a/tags/list?last=x'],
    ['with unquoted rel', ['</x>; rel=next'], '/x'],
    ['with rel in any case', ['</x>; REL="Next"'], '/x'],
    ['with several relations', ['</x>; rel="prev next"'], '/x'],
    ['among others', ['</p>; rel="prev", </n>; rel="next"; title="a, b"'], '/n'],
    ['on another line', ['</p>; rel="prev"', '</n>; rel="next"'], '/n'],
    ['with other parameters first', ['</n>; title="x; rel=prev"; rel="next"'], '/n'],
    ['with commas inside', ['</n?last=a,b&c=d;e>;rel="next"'], '/n?last=a,b&c=d;e'],
    ['without brackets', ['/v2/a/tags/list?last=x; rel="next"'], '/v2/a/tags/list?last=x'],
    ['without rel', ['</n>'], '/n'],
    ['with blanks', ['  < /n > ; rel = "next" '], '/n'],
    ['absent without a header', [], undefined],
    ['absent in an empty one', ['', ' '], undefined],
    ['absent where only another relation is', ['</p>; rel="prev"'], undefined],
    ['absent where next is only in a target', ['</p?next_page=2>; rel="first"'], undefined],
    ['malformed without an end', ['</n; rel="next"'], 'malformed'],
    ['malformed without a target', ['<>; rel="next"'], 'malformed'],
    ['malformed without a beginning', ['; rel="next"'], 'malformed'],
  ])('%s', (_name, lines, expected) => {
    expect(parseNextLink(lines)).toBe(expected)
  })

  test('found between any other links', () => {
    const target = fc.stringMatching(/^[a-z0-9/?&=%.,;:_-]{1,40}$/)
    const other = fc.constantFrom(
      '</p>; rel="prev"',
      '</l>; rel=last; title="a \\"b\\", <c>; rel=next"',
      '',
    )
    fc.assert(
      fc.property(target, other, other, (wanted, before, after) => {
        const header = [before, `<${wanted}>; rel="next"`, after]
          .filter(part => part !== '')
          .join(', ')
        expect(parseNextLink([header])).toBe(wanted)
      }),
    )
  })

  test('never absent if a header has text that can not be parsed', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), text => {
        const header = `<${text.replace(/>/g, '')}`
        expect(parseNextLink([header])).toBe('malformed')
      }),
    )
  })
})

describe('the next page is asked', () => {
  const page = new URL('https://r.example:5000/v2/virtual/app/tags/list?n=1000')
  test.each([
    [
      'where a path says',
      '/v2/virtual/app/tags/list?last=x&n=1000',
      'https://r.example:5000/v2/virtual/app/tags/list?last=x&n=1000',
    ],
    [
      'where a query alone says',
      '?last=x',
      'https://r.example:5000/v2/virtual/app/tags/list?last=x',
    ],
    [
      'where a URL says',
      'https://r.example:5000/v2/virtual/app/tags/list?last=x',
      'https://r.example:5000/v2/virtual/app/tags/list?last=x',
    ],
    [
      'with an opaque query to the letter',
      '?next_page=a%2Fb%3D%3D&x=1+2',
      'https://r.example:5000/v2/virtual/app/tags/list?next_page=a%2Fb%3D%3D&x=1+2',
    ],
    [
      'by our path where the prefix is lost (Artifactory)',
      '/v2/app/tags/list?last=x',
      'https://r.example:5000/v2/virtual/app/tags/list?last=x',
    ],
    [
      'by our path where a prefix is added (Nexus)',
      '/repository/docker/v2/virtual/app/tags/list?last=x',
      'https://r.example:5000/v2/virtual/app/tags/list?last=x',
    ],
    [
      'by our port where it is lost',
      'https://r.example/v2/virtual/app/tags/list?last=x',
      'https://r.example:5000/v2/virtual/app/tags/list?last=x',
    ],
    [
      'by our scheme where it is lost',
      'http://r.example/v2/virtual/app/tags/list?last=x',
      'https://r.example:5000/v2/virtual/app/tags/list?last=x',
    ],
    [
      'by another path of the registry',
      '/v2/virtual/app/tags/page/2',
      'https://r.example:5000/v2/virtual/app/tags/page/2',
    ],
    [
      'without the user that a URL names',
      'https://user:pass@r.example:5000/v2/virtual/app/tags/list?last=x',
      'https://r.example:5000/v2/virtual/app/tags/list?last=x',
    ],
    ['nowhere on another host', 'https://evil.example/v2/virtual/app/tags/list?last=x', undefined],
    [
      'nowhere on another port',
      'https://r.example:5001/v2/virtual/app/tags/list?last=x',
      undefined,
    ],
    ['nowhere on a host without scheme', '//evil.example/v2/virtual/app/tags/list', undefined],
    ['nowhere by another protocol', 'file:///v2/virtual/app/tags/list', undefined],
    ['nowhere by what is no URL', 'https://[', undefined],
  ])('%s', (_name, target, expected) => {
    expect(nextPage(page, target)?.href).toBe(expected)
  })

  test('never anywhere but at the registry', () => {
    const part = fc.constantFrom(
      'https:',
      'http:',
      '//',
      '/',
      '\\',
      '@',
      '.',
      '..',
      'evil.example',
      'r.example',
      ':5000',
      '?a',
      '#',
      'v2',
      '\t',
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), parts => {
        const next = nextPage(page, parts.join(''))
        expect(next?.origin ?? page.origin).toBe(page.origin)
      }),
    )
  })
})
