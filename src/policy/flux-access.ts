import type { RepositoryAccess, SecretData, UnusedSecret } from '../image/repository-access.ts'
import { placeOf, type Resource } from '../krm/resource.ts'
import type { ImageRepository } from './flux-objects.ts'
import { partyOf } from './party.ts'
import { findSecret, type SecretUse } from './secrets.ts'

/**
 * How an ImageRepository reaches its registry. Network settings combine with a Secret only if the
 * ImageRepository, its settings and the Secret come from one party, because settings decide where a
 * Secret travels: the table is in docs/credentials.md. `resources` may be Secrets.
 */
export function accessOf(
  repository: ImageRepository,
  resources: readonly Resource[],
): RepositoryAccess {
  const { resource, provider, insecure, timeout, certSecretRef, proxySecretRef } = repository
  const unused: UnusedSecret[] = []
  const own = partyOf(resource)
  const settings = [
    ...(certSecretRef === undefined ? [] : ['certSecretRef']),
    ...(proxySecretRef === undefined ? [] : ['proxySecretRef']),
    ...(insecure ? ['insecure'] : []),
  ]
  const secretOf = (use: SecretUse): SecretData | undefined => {
    const name = repository[use]
    if (name === undefined) return undefined
    const found = findSecret(resources, resource, use, name)
    const place = placeOf(resource, `spec.${use}.name`)
    if ('problem' in found) unused.push({ place, problem: found.problem })
    else if (settings.length === 0 || found.party === own) return found.secret
    else {
      const listed = settings.map(setting => `\`${setting}\``).join(', ')
      const problem = `Secret "${found.secret.name}" comes from ${found.party}, but the ImageRepository with ${listed} from ${own}: with network settings, all must come from one of the two`
      unused.push({ place, problem })
    }
    return undefined
  }
  // Flux ignores secretRef if a cloud provider is set: image-reflector-controller,
  // internal/registry/options.go
  const secret = provider === 'generic' ? secretOf('secretRef') : undefined
  const certSecret = secretOf('certSecretRef')
  const proxySecret = secretOf('proxySecretRef')
  return {
    place: { resource: resource.id, field: 'spec.image' },
    provider,
    insecure,
    ...(timeout !== undefined && { timeout }),
    ...(secret && { secret }),
    ...(certSecret && { certSecret }),
    ...(proxySecret && { proxySecret }),
    ...(unused.length > 0 && { unused }),
  }
}
