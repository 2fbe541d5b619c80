import type { RepositoryAccess } from '../image/repository-access.ts'
import type { Place, ResourceId } from '../place.ts'
import type { TagChooser } from './choose-tag.ts'
import type { Follow, Pin } from './kinds/policy-kind.ts'

/** What a policy means, however it was written. */
export interface ImagePolicy {
  /**
   * The resource that holds the policy: an ImagePolicy, a Flux Kustomization, the functionConfig.
   */
  readonly resource: ResourceId
  /** Where the policy is in that resource: `spec`, `spec.imagePolicies[0]`. */
  readonly field: string
  readonly id: PolicyId
  /** As `spec.image` of the ImageRepository spells it: what markers write. */
  readonly image: string
  /** The image's canonical repository, `docker.io/library/nginx`. */
  readonly repository: string
  readonly asks: Asked
  /**
   * How many leading segments of the folders of `id.scope` are missing from the paths of this
   * input.
   */
  readonly dropped?: number
  /**
   * For a policy of Flux v1, which is written on a workload: it governs only this container of its
   * own `resource`.
   */
  readonly container?: string
  readonly suspended: boolean
  readonly access: RepositoryAccess
  /** What Flux itself chose last (`status.latestRef`). */
  readonly latestRef?: LatestRef
  /**
   * What the policy asks for, as one text: equal for equal choices, however they are spelled and
   * named.
   */
  readonly meaning: string
}

/** What a policy asks of the registry. */
export type Asked = AskedTags | Pin | Follow

/** One of the tags of the repository. */
export interface AskedTags {
  readonly kind: 'tags'
  /** Regular expressions for tags that are left out. */
  readonly exclusionList: readonly string[]
  readonly digestReflectionPolicy: 'Never' | 'IfNotPresent' | 'Always'
  /** Reads the rule: loads the evaluation only when it is needed. Throws BAD_FIELD. */
  chooser(): Promise<TagChooser>
}

/** Both names of a policy: references are looked up by the original one first. */
export interface PolicyId {
  readonly original: ObjectName
  readonly current: ObjectName
  /**
   * The folders in which it governs, from the Git root (empty for the root itself); absent:
   * everywhere.
   */
  readonly scope?: readonly string[]
}

/** `namespace` is `default` if none was given. */
export interface ObjectName {
  readonly namespace: string
  readonly name: string
}

/** `status.latestRef` of an ImagePolicy. */
export interface LatestRef {
  readonly name: string
  readonly tag: string
  readonly digest?: string
}

/** Whether the policy itself asks for a digest. */
export const reflectsDigest = ({ asks }: ImagePolicy): boolean =>
  asks.kind !== 'tags' || asks.digestReflectionPolicy !== 'Never'

/** `flux-system/app`, as the user wrote it. */
export const formatPolicyId = ({ original }: PolicyId): string =>
  `${original.namespace}/${original.name}`

/** The place of the policy, or of one of its fields. */
export const policyPlace = ({ resource, field }: ImagePolicy, key?: string): Place => ({
  resource,
  field: key === undefined ? field : `${field}.${key}`,
})
