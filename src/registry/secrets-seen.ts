import type { HttpResponse } from './http.ts'
import { isHtml } from './registry-error.ts'

/** Secrets that were sent somewhere: a server may send them back in a message, and messages are shown. */
export interface SecretsSeen {
  add(secret: string): void
  /** The text with all of them, as they are and in base64, replaced by `[redacted]`. */
  hideIn(text: string): string
  /** The answer without them, if its text may be shown. */
  hideInAnswer(response: HttpResponse): HttpResponse
}

export function secretsSeen(): SecretsSeen {
  const known = new Set<string>()
  const hideIn = (text: string) =>
    [...known]
      .sort((a, b) => b.length - a.length)
      // in any case: a secret sent back as a host name comes in lower case
      .reduce(
        (shown, secret) =>
          shown.replace(new RegExp(secret.replace(/[^\w]/g, escapeCharacter), 'gi'), '[redacted]'),
        text,
      )
  return {
    hideIn,
    add(secret) {
      // three characters hide nothing, and would make every message unreadable
      const forms = [
        secret,
        encodeURIComponent(secret),
        JSON.stringify(secret).slice(1, -1),
        ...base64Forms(secret),
      ]
      for (const form of forms) if (form.length > 3) known.add(form)
    },
    hideInAnswer(response) {
      if (response.status === 200 && !isHtml(response)) return response
      return { ...response, body: Buffer.from(hideIn(response.body.toString())) }
    },
  }
}

/** How the secret looks inside a longer text in base64, at each of the three offsets: without the characters that its neighbours share. */
function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret)
  return [0, 1, 2].map(offset => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    const cutEnd = (offset + bytes.length) % 3 === 0 ? text.length : text.length - 1
    return text.slice([0, 2, 3][offset], cutEnd)
  })
}

const escapeCharacter = (character: string) =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
