import { FunctionError } from '../../errors.ts'
import type { Credential } from '../credential.ts'
import type { AskEndpoint, EndpointAnswer, EndpointRequest } from './endpoint.ts'
import type { Environment } from './environment.ts'

/**
 * Asks a cloud for a credential for `host`, with the identity of the environment; undefined if
 * there is no identity. Throws REGISTRY_DENIED if the cloud refuses, REGISTRY_FAILED if it does not
 * answer.
 */
export type MintCredential = (
  host: string,
  environment: ProviderEnvironment,
) => Promise<Credential | undefined>

export interface ProviderEnvironment extends Environment {
  readonly ask: AskEndpoint
}

/** The answer of a metadata service; undefined if there is none, as outside of its cloud. */
export async function askMetadata(
  ask: AskEndpoint,
  url: string,
  request: EndpointRequest,
): Promise<EndpointAnswer | undefined> {
  try {
    return await ask(url, { timeout: 2_000, ...request })
  } catch (error) {
    if (error instanceof FunctionError) return undefined
    throw error
  }
}
