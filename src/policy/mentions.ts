/** The API group of Flux's image policies. */
export const policyGroup = 'image.toolkit.fluxcd.io'

/**
 * Texts of which every item that can hold a policy has at least one: the API group of Flux's image
 * objects, the field of a Flux Kustomization, and the annotations of Flux v1.
 */
export const policyMentions: readonly string[] = [
  `${policyGroup}/`,
  'imagePolicies',
  'fluxcd.io/automated',
  'flux.weave.works/automated',
]

/** Texts of which every Secret and every Namespace that a policy may refer to has at least one. */
export const referencedMentions: readonly string[] = ['Secret', 'Namespace']
