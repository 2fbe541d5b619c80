import type { Gates } from './throttle.ts'

/** How far the look-ups of a run are. */
export interface Progress {
  readonly repositories: number
  /** Repositories that wait for nothing, at the moment. */
  readonly finished: number
  /** Pages of tag lists read so far. */
  readonly pages: number
  /** Hosts that have asked us to wait, and for how many milliseconds yet. */
  readonly waiting: ReturnType<Gates['paused']>
}

interface Watch {
  /** Counts a look-up; the answer counts its end. */
  start(repository: string): () => void
  page(): void
}

/** Tells `onProgress` each second, as long as look-ups are under way: nothing where all is done within the first. */
export function watchProgress(
  onProgress: ((progress: Progress) => void) | undefined,
  gates: Gates,
): Watch {
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
              waiting: gates.paused(),
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
