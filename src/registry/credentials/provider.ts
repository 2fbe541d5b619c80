import { FunctionError } from '../../errors.ts'
import type { Credential } from '../credential.ts'
import type { AskEndpoint, EndpointAnswer, EndpointRequest } from './endpoint.ts'
import type { Environment } from './environment.ts'

/**
 * Asks a cloud for what opens `host`, with the identity that the environment gives; undefined when it gives none.
 * Throws REGISTRY_DENIED when the cloud refuses, REGISTRY_FAILED when it does not answer.
 */
export type MintCredential = (
  host: string,
  environment: ProviderEnvironment,
) => Promise<Credential | undefined>

export interface ProviderEnvironment extends Environment {
  readonly ask: AskEndpoint
}

/** The answer of a metadata service, or undefined where there is none: outside its cloud nobody listens at that address. */
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
