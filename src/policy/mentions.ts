/**
 * Texts of which every item that can hold a policy has at least one: Flux's objects, and the
 * annotations of Flux v1.
 */
export const policyMentions: readonly string[] = [
  'toolkit.fluxcd.io/',
  'fluxcd.io/automated',
  'flux.weave.works/automated',
]

/** Texts of which every Secret and every Namespace that a policy may refer to has at least one. */
export const referencedMentions: readonly string[] = ['Secret', 'Namespace']
