import type { FunctionConfig } from '../krm/function-config.ts'
import { placeOf, type Resource } from '../krm/resource.ts'
import { holdsInlinePolicies } from '../policy/inline-policies.ts'
import type { Problems } from '../problems.ts'
import type { Removal } from './change.ts'

/**
 * The removal of `spec.imagePolicies` from the Flux Kustomizations that are written, if the
 * functionConfig asks for it: a cluster knows no such field.
 */
export function stripInlinePolicies(
  resources: readonly Resource[],
  { inlinePolicies }: Pick<FunctionConfig, 'inlinePolicies'>,
  problems: Problems,
): readonly Removal[] {
  if (inlinePolicies !== 'strip') return []
  const holders = resources.filter(
    resource => resource.document.writable && holdsInlinePolicies(resource),
  )
  return holders.map(resource => {
    problems.inform(
      'removed from the output, as `inlinePolicies: strip` asks',
      placeOf(resource, 'spec.imagePolicies'),
    )
    return { resource, path: ['spec', 'imagePolicies'] }
  })
}
