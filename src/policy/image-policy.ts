import type { RepositoryAccess } from '../image/repository-access.ts'
import type { Place, ResourceId } from '../place.ts'
import type { TagChooser } from './choose-tag.ts'

/** What a policy means, however it was written. */
export interface ImagePolicy {
  /** The resource that holds the policy: an ImagePolicy, a Flux Kustomization, the functionConfig. */
  readonly resource: ResourceId
  /** Where in that resource: `spec`, `spec.imagePolicies[0]`. */
  readonly field: string
  readonly id: PolicyId
  /** As `spec.image` of the ImageRepository spells it: what markers write. */
  readonly image: string
  /** The image's canonical repository, `docker.io/library/nginx`. */
  readonly repository: string
  readonly exclusionList: readonly string[]
  readonly digestReflectionPolicy: 'Never' | 'IfNotPresent' | 'Always'
  /** A digest that must run, whatever the tags. */
  readonly pin?: string
  /** A tag that is followed by its digest, whatever the others. */
  readonly follow?: string
  /** How many leading segments of the folders of `id.scope` the paths of this input lack. */
  readonly dropped?: number
  /** A policy of Flux v1, written on a workload: it governs only this container of its own `resource`. */
  readonly container?: string
  readonly suspended: boolean
  readonly access: RepositoryAccess
  /** What Flux itself chose last (`status.latestRef`). */
  readonly latestRef?: LatestRef
  /** What it asks for, as one text: equal for equal choices, whatever the names. */
  readonly meaning: string
  /** Reads the rule: loads the evaluation only when somebody asks. Throws BAD_FIELD. */
  chooser(): Promise<TagChooser>
}

/** Both names of a policy: references are looked up by the original one first. */
export interface PolicyId {
  readonly original: ObjectName
  readonly current: ObjectName
  /** The folders in which it governs, from the Git root (empty for the root itself); absent: everywhere. */
  readonly scope?: readonly string[]
}

/** `namespace` is `default` where none was given. */
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

/** `flux-system/app`, as the user wrote it. */
export const formatPolicyId = ({ original }: PolicyId): string =>
  `${original.namespace}/${original.name}`

/** The place of the policy, or of one of its fields. */
export const policyPlace = ({ resource, field }: ImagePolicy, key?: string): Place => ({
  resource,
  field: key === undefined ? field : `${field}.${key}`,
})
