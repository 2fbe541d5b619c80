import { FunctionError } from '../errors.ts'
import type { Document } from '../krm/document.ts'
import type { FunctionConfig } from '../krm/function-config.ts'
import { fieldOf, type Resource } from '../krm/resource.ts'
import { formatPlace, formatResourceId } from '../place.ts'
import type { Problems } from '../problems.ts'
import { holdsInlinePolicies } from './inline-policies.ts'
import { policyGroup } from './mentions.ts'
import {
  type Findings,
  nearInlinePolicies,
  nearPolicies,
  nearPolicyKind,
  nearPolicyMentions,
  type PolicySearch,
  readAside,
} from './near-policies.ts'

/** More lines do not help. */
const mostLines = 10

/**
 * Reports that no policy was found: an error in check mode, which would otherwise pass; else a
 * warning. The message says what was read, and what looks like a policy. False if there are
 * policies that only take no part in this run.
 */
export async function reportNoPolicy(
  { documents, holders, functionConfig, search }: Findings,
  config: FunctionConfig,
  problems: Problems,
): Promise<boolean> {
  if (config.policies.length > 0 || holders.some(isPolicy)) return false
  if (functionConfig !== undefined && hasInlinePolicies(functionConfig)) return false
  const isList = documents.some(({ writable, shape }) => writable && shape === 'ResourceList')
  const candidates = await readAside(documents, document => [
    policyGroup,
    ...nearPolicyMentions,
    ...configMentions,
    ...nearKindsIn(document),
  ])
  const near = [
    ...nearPolicies(holders, candidates, isGroupOfHint),
    ...(await nearInlinePolicies(documents)),
  ]
  const hints = [
    ...near.map(({ problem, place }) => `${formatPlace(place)}: ${problem}`),
    ...candidates.flatMap(candidate => misplacedConfig(candidate) ?? []),
    ...holders.flatMap(holder => lackOf(holder) ?? []),
    ...documents.flatMap(document => unreadHint(document, holders) ?? []),
    ...(search?.overlooked() ?? []).map(
      file =>
        `${file}: seems to hold policies, but is not read because of its name; rename it to *.yaml, or name it by \`--policies\``,
    ),
  ]
  const more = hints.length - mostLines
  const message = [
    `no policy was found, so nothing ${config.mode === 'check' ? 'was checked' : 'changes'}; looked in ${lookedIn(documents, search)}; ${adviceFor(isList, search)}`,
    ...hints.slice(0, mostLines),
    ...(more > 0 ? [`and ${more} more`] : []),
  ].join('\n')
  if (config.mode === 'check') problems.fail(new FunctionError('BAD_INPUT', message))
  else problems.warn(message)
  return true
}

function adviceFor(isList: boolean, search: PolicySearch | undefined): string {
  if (search !== undefined && search.paths.length > 0)
    return 'a policy is an ImagePolicy with its ImageRepository, or an entry of `spec.imagePolicies` in a Flux Kustomization'
  return isList
    ? 'add policies to the items, or write them in `spec.policies` of the functionConfig'
    : 'name the files with policies by `--policies PATH`'
}

/** Whether the resource is, or has, a policy, even if this run does not use it. */
const isPolicy = (resource: Resource): boolean =>
  isFlux(resource, 'ImagePolicy') || hasInlinePolicies(resource) || hasFluxV1Rule(resource)

/** An empty list holds no policy. */
const hasInlinePolicies = (resource: Resource): boolean => {
  if (!holdsInlinePolicies(resource)) return false
  const { imagePolicies } = fieldOf(resource, 'spec') as { readonly imagePolicies: unknown }
  return Array.isArray(imagePolicies) && imagePolicies.length > 0
}

const isFlux = ({ id }: Resource, kind: string) =>
  id.kind === kind && id.apiVersion.startsWith(`${policyGroup}/`)

const isAutomated = ({ annotations, document }: Resource) =>
  document.writable &&
  ['fluxcd.io/', 'flux.weave.works/'].some(
    prefix => annotations.get(`${prefix}automated`) === 'true',
  )

/** Also if `locked` or `ignore` keep Flux v1 from following the rule. */
const hasFluxV1Rule = (resource: Resource) =>
  isAutomated(resource) &&
  [...resource.annotations].some(
    ([key, value]) =>
      /^(?:(?:fluxcd\.io|flux\.weave\.works)\/tag\.|filter\.fluxcd\.io\/)/.test(key) &&
      /^(?:semver|glob|regexp?):/.test(value),
  )

/** What a resource that belongs to policies lacks to be one. */
function lackOf(resource: Resource): string | undefined {
  const id = formatResourceId(resource.id)
  const { apiVersion, kind } = resource.id
  if (apiVersion.startsWith(`${policyGroup}/`) && kind !== '' && nearPolicyKind(kind) === undefined)
    return `${id}: is of the group of image policies, but its kind is none of them`
  if (isFlux(resource, 'ImageRepository'))
    return `${id}: names an image, but no ImagePolicy refers to it`
  if (isAutomated(resource))
    return `${id}: is automated, but has no rule such as \`fluxcd.io/tag.${resource.id.name}: semver:~1.2\``
  return undefined
}

const configMentions = ['ApplyImagePolicies', 'CheckImagePolicies']

/**
 * A functionConfig that is read for its policies only: in a file of `--policies`, or among the
 * items.
 */
function misplacedConfig(resource: Resource): string | undefined {
  const { apiVersion, kind } = resource.id
  if (!apiVersion.startsWith('fn.kpt.dev/') || !/^(?:Apply|Check)ImagePolicies$/.test(kind))
    return undefined
  return `${formatResourceId(resource.id)}: is a functionConfig, whose policies count only as such; name its file by \`--config\``
}

/** What is near enough for a hint: a kind that is Flux's is one in any group. */
const isGroupOfHint = (group: string, kind: string) =>
  nearPolicyKind(kind)?.toLowerCase() === kind.toLowerCase() || /flux|toolkit/.test(group)

/** The words after `kind:` that are nearly kinds of Flux, without parsing a document. */
function nearKindsIn({ bytes, find }: Document): readonly string[] {
  const words = new Set<string>()
  for (const at of find('kind')) {
    const after = bytes.toString('latin1', at + 4, at + 64)
    const word = /^["']?\s*:\s*["']?(\w+)/.exec(after)?.[1]
    if (word !== undefined) words.add(word)
  }
  return [...words].filter(word => nearPolicyKind(word) !== undefined)
}

/**
 * A document that mentions Flux's group, but in no resource of that group: in Markdown, or in a
 * text.
 */
function unreadHint(document: Document, holders: readonly Resource[]): string | undefined {
  if (document.find(`${policyGroup}/`).length === 0) return undefined
  const isRead = holders.some(
    holder => holder.document === document && holder.id.apiVersion.startsWith('image.toolkit.'),
  )
  if (isRead) return undefined
  return `${document.file ?? 'stdin'}: mentions ${policyGroup}, but has no object of that group`
}

/** `stdin (3 documents), policies/ (2 files with 4 documents)` */
function lookedIn(documents: readonly Document[], search: PolicySearch | undefined): string {
  const input = documents
    .filter(({ file, writable }) => writable || file === undefined)
    .map(
      ({ file = 'stdin', shape, items }) =>
        `${file} (${count(items.length, shape === 'ResourceList' ? 'item' : 'document')})`,
    )
  const others = documents.filter(({ writable }) => !writable)
  const paths = search?.paths ?? others.flatMap(({ file }) => file ?? []).map(pathOfFile)
  const named = paths.map(({ path, files }) => {
    if (files.length === 0) return `${path} (no *.yaml, *.yml or Kustomization)`
    const names = new Set(files)
    const read = others.filter(({ file = '' }) => names.has(file))
    const items = read.reduce((sum, { items }) => sum + items.length, 0)
    const within = files.includes(path) ? '' : `${count(files.length, 'file')} with `
    return `${path} (${within}${count(items, 'document')})`
  })
  return [...input, ...named].join(', ')
}

const pathOfFile = (file: string) => ({ path: file, files: [file] })

const count = (number: number, one: string) => `${number} ${number === 1 ? one : `${one}s`}`
