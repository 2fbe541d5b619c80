import type { Resource } from '../krm/resource.ts'

/**
 * Who says what a resource says: what is rendered (stdin, which a pull request can change), or the
 * files that only the operator names. What one party says never decides how a Secret of another
 * travels.
 */
export type Party = 'the input' | '--policies'

/** The only place that knows the parties: another kind of source gets another name here. */
export const partyOf = ({ document }: Resource): Party =>
  document.writable ? 'the input' : '--policies'

/** The resources of a party before those of others, each in their order. */
export const partyFirst = (party: Party, resources: readonly Resource[]): readonly Resource[] => [
  ...resources.filter(resource => partyOf(resource) === party),
  ...resources.filter(resource => partyOf(resource) !== party),
]
