/**
 * A text for an error message: in double quotes, special characters escaped, cut after 128
 * characters (the longest tag).
 */
export const showText = (text: string): string =>
  JSON.stringify(text.length > 128 ? `${text.slice(0, 128)}…` : text)
