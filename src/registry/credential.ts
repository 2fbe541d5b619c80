import { inspect } from 'node:util'
import type { RepositoryAccess } from '../image/repository-access.ts'

/** A secret string that prints as `[redacted]` in templates, JSON and console.log. */
export class Redacted {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  /** The secret itself, only for the request that needs it. */
  reveal(): string {
    return this.#value
  }

  toString(): string {
    return '[redacted]'
  }

  toJSON(): string {
    return '[redacted]'
  }

  [inspect.custom](): string {
    return '[redacted]'
  }
}

/** A credential for one repository, and where it was found. */
export type Credential = CredentialOrigin & Authentication

interface CredentialOrigin {
  /** For errors: `auths["ghcr.io"] of ~/.docker/config.json`, `Secret apps/pull`; never a value. */
  readonly source: string
  /**
   * `yaml`: a pull request can change it. `ambient`: it belongs to the operator and is never
   * combined with TLS or proxy settings from YAML.
   */
  readonly origin: 'yaml' | 'ambient'
}

type Authentication =
  | { readonly kind: 'basic'; readonly username: string; readonly password: Redacted }
  /**
   * An OAuth2 refresh token (`identitytoken` in docker's configuration), to be exchanged at the
   * token server.
   */
  | { readonly kind: 'identityToken'; readonly token: Redacted }
  /** A ready bearer token (`registrytoken` in docker's configuration). */
  | { readonly kind: 'registryToken'; readonly token: Redacted }

/** A place that should have a credential for a repository, and why it has none that can be used. */
export interface UnusableSource {
  readonly kind: 'unusable'
  /** Names the source; never a value. A part of the error if the registry refuses. */
  readonly problem: string
  /** Whether it is a mistake, as far as can be seen: a store without a login is none. */
  readonly isMistake: boolean
}

/**
 * Finds the credentials for `repository` (canonical: `ghcr.io/acme/web`,
 * `docker.io/library/nginx`), in order of preference, and the sources that can't be used. If there
 * are no credentials, the registry is asked anonymously. Throws REGISTRY_DENIED if a source is
 * malformed.
 */
export type FindCredentials = (
  repository: string,
  access: RepositoryAccess | undefined,
) => Promise<readonly (Credential | UnusableSource)[]>

export const isCredential = (found: Credential | UnusableSource): found is Credential =>
  found.kind !== 'unusable'
