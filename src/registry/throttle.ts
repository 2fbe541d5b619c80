/** Limits how many tasks of one host run at once; none starts while the host is paused. */
export interface Throttle {
  /**
   * Resolves when the task may start, in the order of the calls; call the returned function at its
   * end. Rejects with the signal's reason.
   */
  enter(signal?: AbortSignal): Promise<() => void>
  /** Starts nothing for this many milliseconds, and afterwards half as many tasks at once. */
  pause(milliseconds: number): void
  /** Milliseconds until a task may start again. */
  pausedFor(): number
}

export function createThrottle(limit: number): Throttle {
  let allowed = limit
  let running = 0
  let pausedUntil = 0
  let timer: NodeJS.Timeout | undefined
  const waiting: (() => void)[] = []

  const pausedFor = () => Math.max(0, pausedUntil - Date.now())
  const admit = () => {
    if (waiting.length > 0 && pausedFor() > 0) {
      if (timer === undefined)
        timer = setTimeout(() => {
          timer = undefined
          admit()
        }, pausedFor())
      return
    }
    while (running < allowed && waiting.length > 0) {
      running++
      waiting.shift()?.()
    }
  }
  const leaveOnce = () => {
    let left = false
    return () => {
      if (left) return
      left = true
      running--
      admit()
    }
  }

  return {
    pausedFor,
    enter(signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const start = () => {
          signal?.removeEventListener('abort', giveUp)
          resolve(leaveOnce())
        }
        const giveUp = () => {
          waiting.splice(waiting.indexOf(start), 1)
          reject(signal?.reason)
        }
        signal?.addEventListener('abort', giveUp, { once: true })
        waiting.push(start)
        admit()
      })
    },
    pause(milliseconds) {
      // many tasks in flight get the same refusal: it counts once
      if (pausedFor() === 0) allowed = Math.max(1, Math.floor(allowed / 2))
      pausedUntil = Math.max(pausedUntil, Date.now() + milliseconds)
    },
  }
}

/** One throttle for each host. */
export interface Throttles {
  of(host: string): Throttle
  /** The paused hosts, and for how many milliseconds. */
  paused(): readonly { readonly host: string; readonly milliseconds: number }[]
}

export function createThrottles(limit: number): Throttles {
  const throttles = new Map<string, Throttle>()
  return {
    of(host) {
      const throttle = throttles.get(host) ?? createThrottle(limit)
      throttles.set(host, throttle)
      return throttle
    },
    paused: () =>
      [...throttles]
        .map(([host, throttle]) => ({ host, milliseconds: throttle.pausedFor() }))
        .filter(({ milliseconds }) => milliseconds > 0),
  }
}
