import { readAnswer, requireOk } from '../../../src/registry/credentials/endpoint-answer.ts'

const answer = (status: number, body: string) => ({
  request: 'POST https://sts.example/',
  status,
  headers: {},
  body,
})

test('reads fields', () => {
  expect(readAnswer(answer(200, '{"access_token":"x"}')).text('access_token')).toBe('x')
})

test.each([
  [
    400,
    '{"error":"invalid_grant","error_description":"bad secret"}',
    'REGISTRY_DENIED',
    '400 invalid_grant; check the identity that the provider uses',
  ],
  [
    400,
    '{"__type":"com.amazon.coral#ExpiredTokenException","message":"secret"}',
    'REGISTRY_DENIED',
    '400 com.amazon.coral#ExpiredTokenException; check the identity that the provider uses',
  ],
  [
    403,
    '<ErrorResponse><Error><Code>AccessDenied</Code><Message>secret</Message></Error></ErrorResponse>',
    'REGISTRY_DENIED',
    '403 AccessDenied; check the identity that the provider uses',
  ],
  [
    401,
    '{"error":"invalid_client","error_description":"AADSTS700016: secret"}',
    'REGISTRY_DENIED',
    '401 invalid_client AADSTS700016; check the identity that the provider uses',
  ],
  [
    401,
    '{"error":"s3cret","code":"c2VjcmV0=="}',
    'REGISTRY_DENIED',
    '401; check the identity that the provider uses',
  ],
  [302, 'secret', 'REGISTRY_DENIED', '302; check the identity that the provider uses'],
  [429, '', 'REGISTRY_FAILED', '429; try again'],
  [503, '<html>secret', 'REGISTRY_FAILED', '503; try again'],
])('%i %s is %s: %s', (status, body, code, problem) => {
  expect(() => requireOk(answer(status, body))).toThrow(
    expect.objectContaining({ code, message: `POST https://sts.example/: ${problem}` }),
  )
})

test.each([
  ['<html>', 'must be valid JSON'],
  ['[]', 'must be a JSON object'],
  ['{"token":"secret"}', '`access_token` must be a non-empty string'],
])('%s is invalid', (body, problem) => {
  expect(() => readAnswer(answer(200, body)).text('access_token')).toThrow(
    expect.objectContaining({
      code: 'REGISTRY_FAILED',
      message: `POST https://sts.example/: the answer is invalid: ${problem}`,
    }),
  )
})
