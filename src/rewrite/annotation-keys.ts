/**
 * The part of an annotation key after its `/` has at most 63 characters, and ends in a letter or
 * digit.
 */
const longestName = 63

export const tagPrefix = 'fluxcd.io/tag.'
export const buildKey = 'fluxcd.io/build.number'
export const buildPrefix = `${buildKey}.`

const roomAfter = (prefix: string) => longestName - (prefix.length - 'fluxcd.io/'.length)

/** The key of an image: `fluxcd.io/tag.<image-name>`, the name cut if it is too long. */
export function imageKey(prefix: string, name: string): string {
  return `${prefix}${name.slice(0, roomAfter(prefix)).replace(/[^A-Za-z0-9]+$/, '')}`
}

/**
 * The key of one container of several with one repository:
 * `fluxcd.io/tag.<image-name>_<container>`. `_` occurs in no container name. If it is too long, or
 * is the key of another image (`a_b`, and container `b` of `a`), it ends in a short hash.
 */
export function containerKey(
  prefix: string,
  name: string,
  container: string,
  imageKeys: ReadonlySet<string>,
): string {
  const whole = `${name}_${container}`
  const room = roomAfter(prefix)
  const key = `${prefix}${whole}`
  if (whole.length <= room && /[A-Za-z0-9]$/.test(whole) && !imageKeys.has(key)) return key
  return `${prefix}${whole.slice(0, room - hashLength)}-${shortHash(whole)}`
}

/** Whether the key is that of some container of an image. */
export function isContainerKey(prefix: string, name: string, key: string): boolean {
  const start = `${prefix}${name}_`
  if (key.startsWith(start)) return true
  // of a long name only the beginning is left
  const cut = start.slice(0, prefix.length + roomAfter(prefix) - hashLength)
  return cut.length < start.length && key.startsWith(cut) && hash.test(key.slice(cut.length))
}

const hash = /^-[0-9a-f]{8}$/
const hashLength = '-12345678'.length

/** FNV-1a, 32 bits: 8 hexadecimal digits, for names that differ after their first 50 characters. */
function shortHash(text: string): string {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return (hash >>> 0).toString(16).padStart(8, '0')
}

/**
 * The image-name of each canonical repository of a workload: its last part, or more of its parts
 * (`team.app`) for a second repository that would get the same key, also if that must be cut. The
 * first is the one that sorts first, wherever its containers are.
 */
export function imageNames(repositories: Iterable<string>): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  const taken = new Set<string>()
  for (const repository of [...new Set(repositories)].sort()) {
    const parts = repository.replace(/:\d+\//, '/').split('/')
    for (let count = 1; count <= parts.length; count++) {
      const name = parts
        .slice(-count)
        .join('.')
        .replace(/[^A-Za-z0-9._-]/g, '')
      const cut = imageKey(buildPrefix, name)
      if (taken.has(cut)) continue
      names.set(repository, name)
      taken.add(cut)
      break
    }
  }
  return names
}
