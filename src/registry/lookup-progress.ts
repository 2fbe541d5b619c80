import type { Throttles } from './throttle.ts'

/** The progress of the look-ups of a run. */
export interface LookupProgress {
  readonly repositories: number
  /** Repositories without an unfinished look-up. */
  readonly finished: number
  /** Pages of tag lists read so far. */
  readonly pages: number
  /** Hosts that asked us to wait, and the remaining milliseconds. */
  readonly waiting: ReturnType<Throttles['paused']>
}

interface LookupWatch {
  /** Counts a look-up; call the returned function at its end. */
  start(repository: string): () => void
  page(): void
}

/** Calls `onProgress` each second during look-ups, so not at all if they take less than one. */
export function watchLookups(
  onProgress: ((progress: LookupProgress) => void) | undefined,
  throttles: Throttles,
): LookupWatch {
  const underWay = new Map<string, number>()
  const change = (repository: string, by: number) =>
    underWay.set(repository, (underWay.get(repository) ?? 0) + by)
  const finished = () => [...underWay.values()].filter(lookups => lookups === 0).length
  let pages = 0
  let timer: NodeJS.Timeout | undefined
  return {
    start(repository) {
      change(repository, 1)
      if (onProgress) {
        timer ??= setInterval(
          () =>
            onProgress({
              repositories: underWay.size,
              finished: finished(),
              pages,
              waiting: throttles.paused(),
            }),
          1000,
        )
      }
      return () => {
        change(repository, -1)
        if (finished() < underWay.size) return
        clearInterval(timer)
        timer = undefined
      }
    },
    page() {
      pages++
    },
  }
}
