/** Lets a limited number of tasks of one host run at once, and none while the host is paused. */
export interface Gate {
  /** Resolves when the task may start, in the order of asking; the answer ends it. Rejects with the signal's reason. */
  enter(signal?: AbortSignal): Promise<() => void>
  /** Lets nothing start for so many milliseconds, and from then on half as many tasks at once. */
  pause(milliseconds: number): void
  /** Milliseconds until something may start again. */
  pausedFor(): number
}

export function createGate(limit: number): Gate {
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
      // many tasks in flight are refused together: that is one refusal
      if (pausedFor() === 0) allowed = Math.max(1, Math.floor(allowed / 2))
      pausedUntil = Math.max(pausedUntil, Date.now() + milliseconds)
    },
  }
}

/** One gate for each host. */
export interface Gates {
  of(host: string): Gate
  /** Hosts where nothing may start for the moment, and for how many milliseconds. */
  paused(): readonly { readonly host: string; readonly milliseconds: number }[]
}

export function createGates(limit: number): Gates {
  const gates = new Map<string, Gate>()
  return {
    of(host) {
      const gate = gates.get(host) ?? createGate(limit)
      gates.set(host, gate)
      return gate
    },
    paused: () =>
      [...gates]
        .map(([host, gate]) => ({ host, milliseconds: gate.pausedFor() }))
        .filter(({ milliseconds }) => milliseconds > 0),
  }
}
