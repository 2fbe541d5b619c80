import { type Credential, Redacted, type UnusableSource } from '../../../src/registry/credential.ts'

/** A credential with its secrets in the open, or an unusable source, to compare. */
export function shown(credential: Credential | UnusableSource): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(credential).map(([key, value]) => [
      key,
      value instanceof Redacted ? value.reveal() : value,
    ]),
  )
}

/** What is wrong with the unusable ones. */
export const problemsIn = (found: readonly (Credential | UnusableSource)[]): readonly string[] =>
  found.flatMap(source => (source.kind === 'unusable' ? [source.problem] : []))

/** The usable ones, with their secrets in the open. */
export const usable = (found: readonly (Credential | UnusableSource)[]) =>
  found.filter(({ kind }) => kind !== 'unusable').map(shown)
