import type { Place } from '../place.ts'

/** Who hosts the image. Selects where ambient credentials may come from, never the protocol. */
export type Provider = 'generic' | 'aws' | 'gcr' | 'azure' | 'github' | 'dockerhub'

/**
 * How the policy's YAML reaches its repository. A pull request can change all of it: see the trust
 * rules in `registry/`.
 */
export interface RepositoryAccess {
  /** The ImageRepository (or inline policy) that asks, for errors. */
  readonly place?: Place
  readonly provider?: Provider
  /** Plain http is allowed. */
  readonly insecure?: boolean
  /** Milliseconds for one whole look-up. */
  readonly timeout?: number
  /** Docker registry credentials (`secretRef`). */
  readonly secret?: SecretData
  /** `ca.crt`, `tls.crt`, `tls.key` (`certSecretRef`). */
  readonly certSecret?: SecretData
  /** `address`, `username`, `password` (`proxySecretRef`). */
  readonly proxySecret?: SecretData
  /** The Secrets that the YAML names and that are not used. */
  readonly unused?: readonly UnusedSecret[]
}

/**
 * A Secret that is not used, and why: a warning if the registry is asked, and part of its errors.
 */
export interface UnusedSecret {
  /** Where the Secret is named. */
  readonly place: Place
  readonly problem: string
}

/** A Secret among the items: its type, and its values as text after base64. */
export interface SecretData {
  /** `<namespace>/<name>`, for errors. */
  readonly name: string
  readonly type: string
  readonly data: ReadonlyMap<string, string>
}
