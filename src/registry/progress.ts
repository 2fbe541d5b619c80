import type { Gates } from './gate.ts'

/** How far the look-ups of a run are. */
export interface Progress {
  /** Look-ups, listings and digests together. */
  readonly total: number
  readonly finished: number
  /** Pages of tag lists read so far. */
  readonly pages: number
  /** Hosts that have asked us to wait, and for how many milliseconds yet. */
  readonly waiting: ReturnType<Gates['paused']>
}

interface Watch {
  /** Counts a look-up; the answer counts its end. */
  start(): () => void
  page(): void
}

/** Tells `onProgress` each second, as long as look-ups are under way: nothing where all is done within the first. */
export function watchProgress(onProgress: ((progress: Progress) => void) | undefined, gates: Gates): Watch {
  let [total, finished, pages] = [0, 0, 0]
  let timer: NodeJS.Timeout | undefined
  return {
    start() {
      total++
      if (onProgress) timer ??= setInterval(() => onProgress({ total, finished, pages, waiting: gates.paused() }), 1000)
      return () => {
        finished++
        if (finished < total) return
        clearInterval(timer)
        timer = undefined
      }
    },
    page() {
      pages++
    },
  }
}
