import { FunctionError } from '../../errors.ts'
import type { EndpointAnswer } from './endpoint.ts'
import { isJsonObject, type JsonFields, readJson } from './json-fields.ts'

/**
 * The fields of a JSON answer. Throws as `requireOk` does, and REGISTRY_FAILED if the answer is not
 * a JSON object.
 */
export function readAnswer(answer: EndpointAnswer): JsonFields {
  requireOk(answer)
  return readJson(
    answer.body,
    problem =>
      new FunctionError('REGISTRY_FAILED', `${answer.request}: the answer is invalid: ${problem}`),
  )
}

/**
 * Throws unless the status is 200: REGISTRY_FAILED if a retry may help, else REGISTRY_DENIED. The
 * message has only the code of the error, because the rest of the answer may repeat a secret of the
 * request.
 */
export function requireOk({ request, status, body }: EndpointAnswer): void {
  if (status === 200) return
  const problem = `${request}: ${[status, ...errorCodes(body)].join(' ')}`
  if (status === 429 || status >= 500)
    throw new FunctionError('REGISTRY_FAILED', `${problem}; try again`)
  throw new FunctionError(
    'REGISTRY_DENIED',
    `${problem}; check the identity that the provider uses`,
  )
}

/**
 * The codes of an error answer, where the clouds put them: `__type` (ECR), `<Code>` (STS), `error`
 * (OAuth), `code` (metadata), `AADSTS…` in Entra's descriptions.
 */
function errorCodes(body: string): readonly string[] {
  const value = parsed(body)
  const named = isJsonObject(value)
    ? [value.__type, value.error, value.code, value.Code]
    : [/<Code>([^<]*)<\/Code>/.exec(body)?.[1]]
  // letters only, so that it is not a token
  const codes = named.filter(code => typeof code === 'string' && /^[A-Za-z_.#]{1,60}$/.test(code))
  return [...codes, ...(/AADSTS\d{4,9}/.exec(body) ?? [])].map(String)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
