/**
 * Text from a server, safe to show: one line, no control characters, at most `length` characters.
 */
export function quoteServerText(text: string, length = 300): string {
  const line = text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(
      /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}]/gu,
      unsafe => `\\u{${unsafe.codePointAt(0)?.toString(16)}}`,
    )
  return line.length > length ? `${line.slice(0, length)}…` : line
}
