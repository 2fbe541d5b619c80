import { FunctionError } from '../../errors.ts'
import type { EndpointAnswer } from './endpoint.ts'

/** The fields of a JSON answer. Throws as `requireOk` does, and REGISTRY_FAILED when the answer is no JSON object. */
export function readAnswer(answer: EndpointAnswer): AnswerFields {
  requireOk(answer)
  const value = parseJson(answer.body)
  if (!isObject(value)) throw new FunctionError('REGISTRY_FAILED', `${answer.request}: the answer must be a JSON object`)
  return fieldsOf(value, answer.request)
}

export interface AnswerFields {
  /** A string with at least one character. Throws REGISTRY_FAILED. */
  text(key: string): string
  optionalText(key: string): string | undefined
  /** An object, or the first of a list of objects. Throws REGISTRY_FAILED. */
  fields(key: string): AnswerFields
}

/**
 * Throws when the status is not 200: REGISTRY_FAILED where trying again may help, else REGISTRY_DENIED. Says the error's code only,
 * since the rest may repeat what was sent.
 */
export function requireOk({ request, status, body }: EndpointAnswer): void {
  if (status === 200) return
  const found = `${request}: ${[status, ...errorCodes(body)].join(' ')}`
  if (status === 429 || status >= 500) throw new FunctionError('REGISTRY_FAILED', `${found}; try again`)
  throw new FunctionError('REGISTRY_DENIED', `${found}; look at the identity that the provider uses`)
}

function fieldsOf(value: Readonly<Record<string, unknown>>, request: string): AnswerFields {
  const must = (problem: string) => new FunctionError('REGISTRY_FAILED', `${request}: ${problem}`)
  const optionalText = (key: string) => {
    const text = value[key]
    return typeof text === 'string' && text !== '' ? text : undefined
  }
  return {
    optionalText,
    text(key) {
      const text = optionalText(key)
      if (text === undefined) throw must(`the answer must have a string \`${key}\``)
      return text
    },
    fields(key) {
      const found = value[key]
      const inner: unknown = Array.isArray(found) ? found[0] : found
      if (!isObject(inner)) throw must(`the answer must have an object \`${key}\``)
      return fieldsOf(inner, request)
    },
  }
}

/** Where the clouds put the code: `__type` (ECR), `<Code>` (STS), `error` (OAuth), `code` (metadata), `AADSTS…` in Entra's descriptions. */
function errorCodes(body: string): readonly string[] {
  const value = parseJson(body)
  const named = isObject(value) ? [value.__type, value.error, value.code, value.Code] : [/<Code>([^<]*)<\/Code>/.exec(body)?.[1]]
  const codes = named.filter(code => typeof code === 'string' && /^[A-Za-z_.#]{1,60}$/.test(code)) // letters only: a token is no code
  return [...codes, ...(/AADSTS\d{4,9}/.exec(body) ?? [])].map(String)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
