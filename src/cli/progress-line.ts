import type { TagSource } from '../resolve/tag-source.ts'
import { writePieces } from './output.ts'

/** How far the look-ups of a run are. */
interface Progress {
  readonly repositories: number
  readonly finished: number
  readonly pages: number
  readonly waiting: readonly { readonly host: string; readonly milliseconds: number }[]
}

interface ProgressLine {
  /** The same source; the line names the hosts that do not answer. */
  watch(source: TagSource): TagSource
  show(progress: Progress): void
  clear(): void
}

/** A host that does not answer for so long is named. */
const slow = 3000
/** So many of them. */
const mostHosts = 3

/**
 * One line on a terminal of this width, stderr, that shows the progress of the look-ups until it is
 * cleared.
 */
export function progressLine(
  columns: number,
  now: () => number = Date.now,
  descriptor = 2,
): ProgressLine {
  let isShown = false
  /** The look-ups of each host, and when it answered last (or was asked first). */
  const hosts = new Map<string, { asked: number; since: number }>()
  const answered = async <T>(repository: string, ask: () => Promise<T>): Promise<T> => {
    const name = repository.split('/', 1)[0] as string
    const host = hosts.get(name) ?? { asked: 0, since: 0 }
    hosts.set(name, host)
    if (host.asked++ === 0) host.since = now()
    try {
      return await ask()
    } finally {
      host.asked--
      host.since = now()
    }
  }
  const write = (line: string) => writePieces(descriptor, [`\r\u001b[K${line}`])
  const silent = (paused: ReadonlySet<string>) =>
    [...hosts]
      .filter(([name, { asked, since }]) => asked > 0 && now() - since >= slow && !paused.has(name))
      .map(([name, { since }]) => `waiting for ${name} (${Math.floor((now() - since) / 1000)} s)`)
  return {
    watch: source => ({
      listTags: (repository, access) =>
        answered(repository, () => source.listTags(repository, access)),
      digestOf: (repository, reference, access) =>
        answered(repository, () => source.digestOf(repository, reference, access)),
    }),
    show({ repositories, finished, pages, waiting }) {
      const pauses = waiting.map(
        ({ host, milliseconds }) => `${host} asks to wait ${Math.ceil(milliseconds / 1000)} s`,
      )
      // what is waited for comes first: the end is cut on a narrow terminal
      const line = [
        ...silent(new Set(waiting.map(({ host }) => host))).slice(0, mostHosts),
        ...pauses,
        `asking registries: ${finished} of ${repositories} repositories done, ${pages} pages read`,
      ].join('; ')
      write(line.slice(0, columns - 1)) // a line that wraps could not be cleared
      isShown = true
    },
    clear() {
      if (isShown) write('')
    },
  }
}
