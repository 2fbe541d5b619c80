import { FunctionError } from '../../errors.ts'
import type { EndpointAnswer } from './endpoint.ts'
import { isJsonObject, type JsonFields, readJson } from './json-fields.ts'

/** The fields of a JSON answer. Throws as `requireOk` does, and REGISTRY_FAILED when the answer is not what was asked for. */
export function readAnswer(answer: EndpointAnswer): JsonFields {
  requireOk(answer)
  return readJson(
    answer.body,
    problem =>
      new FunctionError(
        'REGISTRY_FAILED',
        `${answer.request}: the answer is of no use: ${problem}`,
      ),
  )
}

/**
 * Throws when the status is not 200: REGISTRY_FAILED where trying again may help, else REGISTRY_DENIED. Says the error's code only,
 * since the rest may repeat what was sent.
 */
export function requireOk({ request, status, body }: EndpointAnswer): void {
  if (status === 200) return
  const found = `${request}: ${[status, ...errorCodes(body)].join(' ')}`
  if (status === 429 || status >= 500)
    throw new FunctionError('REGISTRY_FAILED', `${found}; try again`)
  throw new FunctionError(
    'REGISTRY_DENIED',
    `${found}; look at the identity that the provider uses`,
  )
}

/** Where the clouds put the code: `__type` (ECR), `<Code>` (STS), `error` (OAuth), `code` (metadata), `AADSTS…` in Entra's descriptions. */
function errorCodes(body: string): readonly string[] {
  const value = parsed(body)
  const named = isJsonObject(value)
    ? [value.__type, value.error, value.code, value.Code]
    : [/<Code>([^<]*)<\/Code>/.exec(body)?.[1]]
  const codes = named.filter(code => typeof code === 'string' && /^[A-Za-z_.#]{1,60}$/.test(code)) // letters only: a token is no code
  return [...codes, ...(/AADSTS\d{4,9}/.exec(body) ?? [])].map(String)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
