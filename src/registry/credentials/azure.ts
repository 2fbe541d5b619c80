import { Redacted } from '../credential.ts'
import { findAzureToken } from './azure-identity.ts'
import { readAnswer } from './endpoint-answer.ts'
import type { MintCredential } from './provider.ts'

/**
 * Azure Container Registry: the registry exchanges a token of Microsoft Entra for its own refresh
 * token.
 * Source: Azure/acr, docs/AAD-OAuth.md; fluxcd/pkg, auth/azure/provider.go (audiences).
 */
export const azure: MintCredential = async (host, environment) => {
  const found = await findAzureToken(audienceOf(host), environment)
  if (found === undefined) return undefined
  const answer = await environment.ask(`https://${host}/oauth2/exchange`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'access_token',
      service: host,
      access_token: found.token.reveal(),
    }).toString(),
  })
  const token = new Redacted(readAnswer(answer).text('refresh_token'))
  return {
    source: `provider azure (${found.source})`,
    origin: 'ambient',
    kind: 'identityToken',
    token,
  }
}

/** The resource manager of the registry's cloud, whose tokens are valid for registries too. */
function audienceOf(host: string): string {
  if (host.endsWith('.azurecr.cn')) return 'https://management.chinacloudapi.cn'
  if (host.endsWith('.azurecr.us')) return 'https://management.usgovcloudapi.net'
  return 'https://management.azure.com'
}
