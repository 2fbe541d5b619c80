/** The parts of a container image reference as it is written: `repository[:tag][@digest]`. */
export interface ImageReference {
  /** As the author spelled it: `nginx`, `docker.io/library/nginx`, `localhost:5000/app`. */
  readonly repository: string
  readonly tag?: string
  readonly digest?: string
}

// Source: opencontainers/distribution-spec, spec.md "Pulling manifests", and distribution/reference
// for the host part.
const component = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*'
const host =
  '(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*|\\[[0-9A-Fa-f:]+\\])(?::[0-9]+)?'
const tagPattern = '[A-Za-z0-9_][A-Za-z0-9._-]{0,127}'
const digestPattern = 'sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}'
const reference = new RegExp(
  `^((?:${host}/)?${component}(?:/${component})*)(?::(${tagPattern}))?(?:@((?:${digestPattern})))?$`,
)
/** Of the whole text of a tag; the JSON Schema has it, too. */
export const tagOnly = new RegExp(`^${tagPattern}$`)
/** Of the whole text of a digest; the JSON Schema has it, too. */
export const digestOnly = new RegExp(`^(?:${digestPattern})$`)

/**
 * The reference in an `image` field; undefined for what is not an image reference (`${TAG}`, `{{
 * .image }}`, text).
 */
export function parseImageReference(text: string): ImageReference | undefined {
  if (text.length > 1024) return undefined
  const match = reference.exec(text)
  if (!match) return undefined
  const [, repository = '', tag, digest] = match
  return { repository, ...(tag !== undefined && { tag }), ...(digest !== undefined && { digest }) }
}

/** `repository[:tag][@digest]` */
export function formatImageReference({ repository, tag, digest }: ImageReference): string {
  return `${repository}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`
}

/** Only such strings may reach YAML as a tag, whatever a registry lists. */
export const isTag = (text: string): boolean => tagOnly.test(text)

/** Only such strings may reach YAML as a digest. */
export const isDigest = (text: string): boolean => digestOnly.test(text)
