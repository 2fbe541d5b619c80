import { type Credential, Redacted } from '../../../src/registry/credential.ts'

/** A credential with its secrets in the open, to compare. */
export function shown(credential: Credential): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(credential).map(([key, value]) => [
      key,
      value instanceof Redacted ? value.reveal() : value,
    ]),
  )
}
