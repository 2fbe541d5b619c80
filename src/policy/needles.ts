/** Bytes of which every item that can hold a policy has at least one: Flux's objects, and the annotations of Flux v1. */
export const policyNeedles: readonly string[] = [
  'toolkit.fluxcd.io/',
  'fluxcd.io/automated',
  'flux.weave.works/automated',
]

/** Bytes of every Secret and Namespace that a policy may need. */
export const referencedNeedles: readonly string[] = ['Secret', 'Namespace']
