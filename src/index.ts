import { formatPath } from './field-path.ts'
import { filter } from './filter.ts'
import type { Mode } from './krm/function-config.ts'
import type { Result } from './krm/result.ts'
import { formatPolicyId } from './policy/image-policy.ts'
import { recordedTags, type TagSource } from './resolve/tag-source.ts'

export { type ErrorCode, exitCodes, FunctionError } from './errors.ts'
export type { Mode } from './krm/function-config.ts'
export type { Result } from './krm/result.ts'
export type { Place, ResourceId } from './place.ts'
export { chooseTag, type TagPolicy } from './policy/choose-tag.ts'
export { scanTags } from './policy/scan-tags.ts'
export { type RepositoryAccess, recordedTags, type TagSource } from './resolve/tag-source.ts'

export interface ApplyOptions {
  /** Answers which tags a repository has; without one, only what the input itself knows (`source: status`) can be applied. */
  readonly tagSource?: TagSource
  /** Replaces the functionConfig if the input has none: a KRM object, its `spec` alone, or YAML. */
  readonly functionConfig?: object | string | Uint8Array
  /** Policy objects, which are read but never written: KRM objects, or YAML. */
  readonly policies?: readonly (object | string | Uint8Array)[] | string | Uint8Array
  /** Wins over the functionConfig. */
  readonly mode?: Mode
}

/** A field that was changed, or in `check` mode would be. */
export interface AppliedChange {
  readonly resource: {
    readonly apiVersion: string
    readonly kind: string
    readonly namespace?: string
    readonly name: string
    readonly file?: string
  }
  /** `spec.template.spec.containers[0].image` */
  readonly path: string
  readonly before: string | undefined
  readonly after: string | undefined
  /** `flux-system/app` */
  readonly policy: string
  readonly reason: string
}

export interface Applied {
  /** Empty after an error on a stream. */
  readonly output: Uint8Array
  readonly changes: readonly AppliedChange[]
  readonly results: readonly Result[]
  /** 0, the exit code of the worst error (`exitCodes`), or 2 if a check found updates. */
  readonly exitCode: number
}

/**
 * Applies the image policies in `input`, a ResourceList or a stream of KRM documents. Problems of the input are results and an
 * exit code, never thrown.
 */
export async function applyImagePolicies(
  input: Uint8Array | string,
  options: ApplyOptions = {},
): Promise<Applied> {
  const { tagSource, functionConfig, policies = [], mode } = options
  const given =
    typeof policies === 'string' || policies instanceof Uint8Array ? [policies] : policies
  const outcome = await filter(bytesOf(input), {
    mode: mode ?? 'apply',
    settings: mode === undefined ? [] : [['mode', mode]],
    ...(functionConfig !== undefined && {
      config: { file: 'functionConfig', bytes: bytesOf(asResource(functionConfig)) },
    }),
    policies: given.map((policy, index) => ({
      file: `policies[${index}]`,
      bytes: bytesOf(policy),
    })),
    openTagSource: async () => tagSource ?? recordedTags(new Map()),
  })
  return {
    output: Buffer.concat(Array.from(outcome.output, bytesOf)),
    changes: outcome.changes.map(({ resource, path, before, after, policy, reason }) => ({
      resource: resource.id,
      path: formatPath(path),
      before,
      after,
      policy: formatPolicyId(policy.id),
      reason,
    })),
    results: [...outcome.results],
    exitCode: outcome.exitCode,
  }
}

const asResource = (config: object | string | Uint8Array): object | string | Uint8Array =>
  typeof config === 'string' || config instanceof Uint8Array || 'kind' in config
    ? config
    : {
        apiVersion: 'fn.kpt.dev/v1alpha1',
        kind: 'ApplyImagePolicies',
        metadata: { name: 'image-policies' },
        spec: config,
      }

function bytesOf(input: object | string | Uint8Array): Buffer {
  if (typeof input === 'string') return Buffer.from(input)
  if (input instanceof Uint8Array)
    return Buffer.from(input.buffer, input.byteOffset, input.byteLength)
  return Buffer.from(JSON.stringify(input))
}
