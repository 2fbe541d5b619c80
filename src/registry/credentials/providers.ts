import type { Provider } from '../../image/repository-access.ts'
import type { MintCredential } from './provider.ts'

/** A provider of credentials for its own registries only. */
export interface ProviderEntry {
  /** Matches exactly the hosts that belong to it, because any other host could read the token. */
  readonly hosts: RegExp
  /** What the environment must hold, in words. */
  readonly needs: string
  load(): Promise<MintCredential>
}

/**
 * Every provider, by its name in a policy. To add one, write its file and list it here. Source of
 * the patterns: fluxcd/pkg, auth/{aws,azure,gcp}/provider.go; for AWS
 * awslabs/amazon-ecr-credential-helper, because Flux's pattern has no anchors.
 */
export const providers: ReadonlyMap<Provider, ProviderEntry> = new Map<Provider, ProviderEntry>([
  [
    'aws',
    {
      hosts:
        /^(public\.ecr\.aws|\d{12}\.dkr[.-]ecr(-fips)?\.[a-z0-9-]+\.(amazonaws\.(com(\.cn)?|eu)|on\.(aws|amazonwebservices\.com\.cn)|sc2s\.sgov\.gov|c2s\.ic\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov))$/,
      needs:
        'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_WEB_IDENTITY_TOKEN_FILE with AWS_ROLE_ARN, or a role of the container or machine',
      load: async () => (await import('./aws.ts')).aws,
    },
  ],
  [
    'gcr',
    {
      hosts: /^([a-z0-9-]+\.)?gcr\.io$|^[a-z0-9-]+-docker\.pkg\.dev$/,
      needs:
        'GOOGLE_APPLICATION_CREDENTIALS, a login by `gcloud auth application-default login`, or a service account of the machine',
      load: async () => (await import('./google.ts')).google,
    },
  ],
  [
    'azure',
    {
      hosts: /^[a-z0-9.-]+\.azurecr\.(io|cn|de|us)$/,
      needs:
        'AZURE_TENANT_ID and AZURE_CLIENT_ID with AZURE_FEDERATED_TOKEN_FILE or AZURE_CLIENT_SECRET, or a managed identity',
      load: async () => (await import('./azure.ts')).azure,
    },
  ],
  [
    'github',
    {
      hosts: /^ghcr\.io$/,
      needs: 'GITHUB_TOKEN or GH_TOKEN',
      load: async () => (await import('./github.ts')).github,
    },
  ],
  [
    'dockerhub',
    {
      hosts: /^docker\.io$/,
      needs: 'DOCKERHUB_USERNAME and DOCKERHUB_TOKEN',
      load: async () => (await import('./dockerhub.ts')).dockerhub,
    },
  ],
])
