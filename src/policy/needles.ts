/** Bytes of which every item that can hold a policy, or a Secret or Namespace that one needs, has at least one. */
export const policyNeedles: readonly string[] = ['toolkit.fluxcd.io/']

export const referencedNeedles: readonly string[] = ['Secret', 'Namespace']
