import type { HttpResponse } from './http.ts'
import { isHtml } from './registry-error.ts'

/**
 * Secrets that were sent to a server, which may send them back: in a message, in a tag, in an
 * error.
 */
export interface SecretsSeen {
  add(secret: string): void
  /** The text with `[redacted]` instead of each secret, plain or encoded. */
  hideIn(text: string): string
  /**
   * Whether the text contains a secret of at least eight characters: a shorter one may be part of a
   * tag by chance.
   */
  isIn(text: string): boolean
  /** The answer without secrets, if its text may be shown. */
  hideInAnswer(response: HttpResponse): HttpResponse
}

/** A shorter secret is not hidden: to replace each `1` would only make messages unreadable. */
const shortestHidden = 4
const shortestRefused = 8

export function secretsSeen(): SecretsSeen {
  const hidden = new Set<string>()
  const refused = new Set<string>()
  const hideIn = (text: string) =>
    [...hidden].sort((a, b) => b.length - a.length).reduce(withoutSecret, text)
  return {
    hideIn,
    isIn(text) {
      const lower = inLowerCase(text)
      return [...refused].some(form => lower.includes(form))
    },
    add(secret) {
      for (const form of formsOf(secret)) {
        if (form.length >= shortestHidden) hidden.add(form)
        if (form.length >= shortestRefused && secret.length >= shortestRefused) refused.add(form)
      }
    },
    hideInAnswer(response) {
      if (response.status === 200 && !isHtml(response)) return response
      return { ...response, body: Buffer.from(hideIn(response.body.toString())) }
    },
  }
}

/**
 * The secret as a server may send it back. In lower case, because a secret that is sent back as a
 * host name is in lower case.
 */
function formsOf(secret: string): readonly string[] {
  const wellFormed = Buffer.from(secret).toString() // encodeURIComponent throws on lone surrogates
  return [
    secret,
    encodeURIComponent(wellFormed),
    JSON.stringify(secret).slice(1, -1),
    ...base64Forms(secret).flatMap(form => [form, urlSafe(form)]),
  ].map(inLowerCase)
}

const urlSafe = (base64: string) => base64.replace(/\+/g, '-').replace(/\//g, '_')

/**
 * Plain search instead of a regular expression, which can be too long to compile, and would be
 * quoted in the error.
 */
function withoutSecret(text: string, form: string): string {
  const lower = inLowerCase(text)
  const parts: string[] = []
  let end = 0
  for (let at = lower.indexOf(form); at !== -1; at = lower.indexOf(form, end)) {
    parts.push(text.slice(end, at))
    end = at + form.length
  }
  return [...parts, text.slice(end)].join('[redacted]')
}

/** Only ASCII letters: `toLowerCase` changes the length of some others, and so the positions. */
const inLowerCase = (text: string): string => text.replace(/[A-Z]+/g, upper => upper.toLowerCase())

/**
 * The secret inside of a longer base64 text, at each of the three offsets, without the characters
 * that its neighbours share.
 */
function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret)
  return [0, 1, 2].map(offset => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/={1,2}$/, '')
    const cutEnd = (offset + bytes.length) % 3 === 0 ? text.length : text.length - 1
    return text.slice([0, 2, 3][offset], cutEnd)
  })
}
