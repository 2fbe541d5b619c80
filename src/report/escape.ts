/**
 * The text with control characters, bidirectional overrides and lone surrogates made visible (`\u001b`), so that a server or a
 * manifest can't drive the reader's terminal. Line ends stay.
 */
export function escapeControls(text: string): string {
  if (/^[\t\n -~]*$/.test(text)) return text // nearly always, and much faster
  return text.replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** The text as one message on a terminal or in a log: its other lines are marked as continuations, so that none looks like a message of its own or like a command of a CI runner. */
export const formatMessage = (text: string): string =>
  escapeControls(text).replaceAll('\n', '\n  | ')
