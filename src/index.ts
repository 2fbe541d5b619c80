import { FunctionError } from './errors.ts'
import { formatPath } from './field-path.ts'
import { filter } from './filter.ts'
import { nearest } from './krm/nearest.ts'
import type { Result } from './krm/result.ts'
import { chooseTag as choose } from './policy/choose-tag.ts'
import { formatPolicyId } from './policy/image-policy.ts'
import { givenTagSource, missingTagSource } from './resolve/given-tag-source.ts'
import type { TagSource } from './resolve/tag-source.ts'

// The types of the package are what this file and the files that it re-exports say, so neither may
// mention a type of a bundled package (scripts/types.mjs).
export { type ErrorCode, exitCodes, FunctionError } from './errors.ts'
export type { Result } from './krm/result.ts'
export type { Place, ResourceId } from './place.ts'
export { scanTags } from './policy/scan-tags.ts'
export {
  type Provider,
  type RepositoryAccess,
  recordedTags,
  type SecretData,
  type TagSource,
} from './resolve/tag-source.ts'

export type Mode = 'apply' | 'check'

export interface ApplyOptions {
  /**
   * Answers which tags a repository has. Not needed if the functionConfig sets `source: status`.
   */
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
 * Applies the image policies in `input`, a ResourceList or a stream of KRM documents. Problems of
 * the input, and errors of the tag source, are results and an exit code, never thrown. Throws
 * BAD_ARGUMENT for an argument of a wrong type.
 */
export async function applyImagePolicies(
  input: Uint8Array | string,
  options: ApplyOptions = {},
): Promise<Applied> {
  if (!isText(input)) throw badArgument('input', 'must be a string or a Uint8Array', input)
  checkOptions(options)
  const { tagSource, functionConfig, policies = [], mode } = options
  const given = isText(policies) ? [policies] : policies
  const outcome = await filter(bytesOf('input', input), {
    mode: mode ?? 'apply',
    settings: mode === undefined ? [] : [['mode', mode]],
    ...(functionConfig !== undefined && {
      config: {
        file: 'functionConfig',
        bytes: bytesOf('functionConfig', asResource(functionConfig)),
      },
    }),
    policies: given.map((policy, index) => ({
      file: `policies[${index}]`,
      bytes: bytesOf(`policies[${index}]`, policy),
    })),
    openTagSource: async () =>
      tagSource === undefined ? missingTagSource : givenTagSource(tagSource),
  })
  return {
    output: Buffer.concat(Array.from(outcome.output, part => bytesOf('output', part))),
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

/** `policy` and `filterTags` of the `spec` of Flux's ImagePolicy. */
export interface TagPolicy {
  readonly policy: {
    readonly semver?: { readonly range?: string } | null
    readonly alphabetical?: { readonly order?: string } | null
    readonly numerical?: { readonly order?: string } | null
  }
  readonly filterTags?: { readonly pattern?: string; readonly extract?: string } | null
}

/**
 * The tag that Flux chooses among the tags that `scanTags` returned, and the value that its policy
 * compared. Throws a FunctionError whose `flux` is Flux's own message: for a bad policy, an empty
 * list, a bad filter, in this order, or if no tag qualifies.
 */
export function chooseTag(
  policy: TagPolicy,
  storedTags: readonly string[],
): { readonly tag: string; readonly value: string } {
  return choose(policy, storedTags)
}

const known = [
  'tagSource',
  'functionConfig',
  'policies',
  'mode',
] as const satisfies readonly (keyof ApplyOptions)[]

/** Programs in JavaScript can pass anything. Throws BAD_ARGUMENT. */
function checkOptions(options: ApplyOptions): void {
  if (!isObject(options)) throw badArgument('options', 'must be an object', options)
  const unknown = Object.keys(options).find(key => !known.some(name => name === key))
  if (unknown !== undefined)
    throw badArgument(
      `options.${unknown}`,
      `is not an option; did you mean \`${nearest(unknown, known)}\`? (known: ${known.map(key => `\`${key}\``).join(', ')})`,
    )
  const { tagSource, functionConfig, policies = [], mode } = options
  if (mode !== undefined && mode !== 'apply' && mode !== 'check')
    throw badArgument('options.mode', "must be 'apply' or 'check'", mode)
  if (tagSource !== undefined && !isTagSource(tagSource))
    throw badArgument(
      'options.tagSource',
      'must have the methods `listTags` and `digestOf`, as what `recordedTags` returns',
      tagSource,
    )
  const form = 'must be an object, a string of YAML or a Uint8Array'
  if (functionConfig !== undefined && !isText(functionConfig) && !isObject(functionConfig))
    throw badArgument('options.functionConfig', form, functionConfig)
  if (isText(policies)) return
  if (!Array.isArray(policies))
    throw badArgument('options.policies', 'must be an array, a string or a Uint8Array', policies)
  for (const [index, policy] of policies.entries())
    if (!isText(policy) && !isObject(policy))
      throw badArgument(`options.policies[${index}]`, form, policy)
}

const isText = (value: unknown): value is string | Uint8Array =>
  typeof value === 'string' || value instanceof Uint8Array

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isTagSource = (value: unknown): boolean =>
  isObject(value) &&
  ['listTags', 'digestOf'].every(
    name => typeof (value as Readonly<Record<string, unknown>>)[name] === 'function',
  )

function badArgument(name: string, problem: string, ...got: readonly unknown[]): FunctionError {
  const found = got.map(value => `, got ${typeName(value)}`).join('')
  return new FunctionError('BAD_ARGUMENT', `\`${name}\` of applyImagePolicies ${problem}${found}`)
}

function typeName(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'string') return JSON.stringify(value)
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

const asResource = (config: object | string | Uint8Array): object | string | Uint8Array =>
  isText(config) || 'kind' in config
    ? config
    : {
        apiVersion: 'fn.kpt.dev/v1alpha1',
        kind: 'ApplyImagePolicies',
        metadata: { name: 'image-policies' },
        spec: config,
      }

/** Throws BAD_ARGUMENT for an object that is not JSON. */
function bytesOf(name: string, input: object | string | Uint8Array): Buffer {
  if (typeof input === 'string') return Buffer.from(input)
  if (input instanceof Uint8Array)
    return Buffer.from(input.buffer, input.byteOffset, input.byteLength)
  try {
    return Buffer.from(JSON.stringify(input))
  } catch (error) {
    throw badArgument(
      `options.${name}`,
      `must be an object that JSON can hold: ${error instanceof Error ? error.message : error}`,
    )
  }
}
