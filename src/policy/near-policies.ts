import type { Document } from '../krm/document.ts'
import type { FunctionConfig } from '../krm/function-config.ts'
import { editDistance } from '../krm/nearest.ts'
import { placeOf, type Resource } from '../krm/resource.ts'
import type { Place } from '../place.ts'
import { newProblems, type Problems } from '../problems.ts'
import type { YamlNode } from '../yaml/tree/node.ts'
import { entryOf, textOf } from '../yaml/tree/value.ts'
import type { ImagePolicy } from './image-policy.ts'
import { policyGroup } from './mentions.ts'
import { showText } from './show-text.ts'

/** What a run has gathered. */
export interface Findings {
  readonly documents: readonly Document[]
  /** The resources that may hold policies. */
  readonly holders: readonly Resource[]
  readonly policies: readonly ImagePolicy[]
  readonly functionConfig: Resource | undefined
  readonly search: PolicySearch | undefined
}

/** Where policies were looked for, other than in the input. */
export interface PolicySearch {
  /** The files and folders that were named, with the files that were read. */
  readonly paths: readonly { readonly path: string; readonly files: readonly string[] }[]
  /** Files in these folders that seem to hold policies and are not read because of their names. */
  overlooked(): readonly string[]
}

/** A resource that looks like a policy and is not read as one. */
export interface NearPolicy {
  readonly problem: string
  readonly place: Place
}

const fluxKinds = ['ImagePolicy', 'ImageRepository', 'ImageUpdateAutomation']
/** Of Flux's Kustomizations. */
export const kustomizationGroup = 'kustomize.toolkit.fluxcd.io'
const inlineKey = 'imagePolicies'

/** Texts of which nearly every resource with such a kind, if not such a group, has one. */
export const nearPolicyMentions: readonly string[] = fluxKinds

/**
 * Texts of which every Kustomization that nearly has `imagePolicies` has one; no marker has one.
 */
const nearInlineMentions = ['imagePolic', 'imagepolicies', 'imagepolicy:']

/**
 * Warns about resources that look like policies and are not read, such as a typo in one of ten
 * policies. If there is no policy at all, reports that, too. Must come after all other steps that
 * read from the documents: a document reports a problem of an item once, and here nobody listens.
 */
export async function reportNearPolicies(
  findings: Findings,
  config: FunctionConfig,
  problems: Problems,
): Promise<void> {
  if (findings.policies.length === 0 && problems.errors.length === 0) {
    const { reportNoPolicy } = await import('./no-policy.ts') // most runs have policies
    if (await reportNoPolicy(findings, config, problems)) return
  }
  const { documents, holders } = findings
  // looking for these texts takes another pass over the bytes
  const mayBeInline = documents.some(({ find }) => find(kustomizationGroup).length > 0)
  const near = [
    ...nearPolicies(holders, await readAside(documents, () => nearPolicyMentions), isNearGroup),
    ...(mayBeInline ? await nearInlinePolicies(documents) : []),
  ]
  for (const { problem, place } of near) problems.warn(problem, place)
}

/**
 * The resources of the items that have one of the texts. Items that cannot be read are left out.
 */
export async function readAside(
  documents: readonly Document[],
  mentionsIn: (document: Document) => readonly string[],
): Promise<readonly Resource[]> {
  const aside = newProblems()
  const read = documents.map(document => document.read(mentionsIn(document), aside))
  return (await Promise.all(read)).flat()
}

/**
 * The holders and other resources that nearly are objects of Flux, if `isGroup` accepts the group
 * of their apiVersion.
 */
export function nearPolicies(
  holders: readonly Resource[],
  others: readonly Resource[],
  isGroup: (group: string, kind: string) => boolean,
): readonly NearPolicy[] {
  const kinds = new Map<string, string | undefined>()
  const nearKindOf = (kind: string) => {
    if (!kinds.has(kind)) kinds.set(kind, nearPolicyKind(kind))
    return kinds.get(kind)
  }
  return [...new Set([...holders, ...others])].flatMap(
    resource => nearPolicy(resource, nearKindOf, isGroup) ?? [],
  )
}

/** The Kustomizations that nearly have the `spec.imagePolicies` of a Flux Kustomization. */
export async function nearInlinePolicies(
  documents: readonly Document[],
): Promise<readonly NearPolicy[]> {
  const resources = await readAside(documents, () => nearInlineMentions)
  return resources.flatMap(resource => nearInlinePolicy(resource) ?? [])
}

/** The kind of Flux that this word is, or nearly is. */
export const nearPolicyKind = (word: string): string | undefined =>
  fluxKinds.find(kind => isNear(word, kind))

function nearPolicy(
  resource: Resource,
  nearKindOf: (kind: string) => string | undefined,
  isGroup: (group: string, kind: string) => boolean,
): NearPolicy | undefined {
  const apiVersion = resource.id.apiVersion
  const [group = '', version] = apiVersion.split('/')
  const isRightGroup = group === policyGroup && version !== undefined
  // a resource without an apiVersion has no kind either
  const kind = resource.id.kind || topLevelText(resource, 'kind')
  const nearKind = nearKindOf(kind)
  if (kind === '' && isRightGroup)
    return near(resource, 'kind', `must be one of ${fluxKinds.join(', ')}`, 'none')
  if (nearKind === undefined) return undefined
  if (kind === nearKind) {
    if (isRightGroup || !isGroup(group, kind)) return undefined
    return near(
      resource,
      'apiVersion',
      `must be "${policyGroup}/v1"`,
      apiVersion === '' ? 'none' : showText(apiVersion),
    )
  }
  if (isRightGroup) return near(resource, 'kind', `must be "${nearKind}"`, showText(kind))
  if (!isGroup(group, kind)) return undefined
  const found = `${showText(kind)} of ${apiVersion === '' ? 'no apiVersion' : showText(apiVersion)}`
  return near(resource, 'kind', `must be "${nearKind}" of "${policyGroup}/v1"`, found)
}

function nearInlinePolicy(resource: Resource): NearPolicy | undefined {
  const { kind, apiVersion } = resource.id
  if (kind !== 'Kustomization') return undefined
  const { tree, root } = resource.open()
  const keysOf = (node: YamlNode | undefined) =>
    node?.kind === 'mapping' ? node.entries.map(({ key }) => textOf(tree, key)) : []
  const inSpec = keysOf(entryOf(tree, root, 'spec')?.value)
  const nearKey = (keys: readonly string[]) => keys.find(key => isNear(key, inlineKey))
  if (!apiVersion.startsWith(`${kustomizationGroup}/`)) {
    if (!inSpec.includes(inlineKey)) return undefined
    const must = `must be "${kustomizationGroup}/v1"`
    return near(resource, 'apiVersion', must, showText(apiVersion))
  }
  if (inSpec.includes(inlineKey)) return undefined
  const misspelt = nearKey(inSpec)
  if (misspelt !== undefined)
    return near(resource, `spec.${misspelt}`, `must be called \`spec.${inlineKey}\``)
  const misplaced = nearKey(keysOf(root))
  if (misplaced === undefined) return undefined
  return near(resource, misplaced, `must be \`${inlineKey}\` in \`spec\``)
}

const near = (resource: Resource, field: string, must: string, found?: string): NearPolicy => ({
  problem: `is not read as a policy: ${must}${found === undefined ? '' : `, got ${found}`}`,
  place: placeOf(resource, field),
})

/**
 * Whether the group may be meant to be Flux's. Other projects have kinds of the same names, such as
 * the ImagePolicy of config.openshift.io.
 */
const isNearGroup = (group: string): boolean =>
  !group.includes('.') ||
  /flux|toolkit/.test(group) ||
  isNear(group, policyGroup) ||
  isNear(group, policyGroup.replace('.toolkit', ''))

/** In no more than a third of its characters different from the word. */
function isNear(text: string, word: string): boolean {
  const most = Math.floor(word.length / 3)
  return Math.abs(text.length - word.length) <= most && editDistance(text, word) <= most
}

function topLevelText(resource: Resource, key: string): string {
  const { tree, root } = resource.open()
  const value = entryOf(tree, root, key)?.value
  return value?.kind === 'scalar' ? textOf(tree, value) : ''
}
