const handled = ['SIGTERM', 'SIGINT'] as const
/** The exit codes that shells use for them. */
const exitCodes = { SIGTERM: 143, SIGINT: 130 } as const

/**
 * Lets signals end the first process of a container, for which the kernel ignores signals without a
 * handler (man 7 pid_namespaces). Other processes get no handler: it would run only between
 * computations, and the default action ends the process at once.
 */
export function exitOnSignals(): void {
  if (!isFirstProcess) return
  for (const signal of handled) process.on(signal, () => process.exit(exitCodes[signal]))
}

export const isFirstProcess = process.pid === 1

/** From now on signals go to this function. */
export function redirectSignals(to: (signal: NodeJS.Signals) => void): void {
  for (const signal of handled) {
    process.removeAllListeners(signal)
    process.on(signal, to)
  }
}

/**
 * Runs the step without an end in the middle, so that no temporary file stays. A signal that
 * arrives meanwhile has no effect, because the work is done then.
 */
export function withoutSignals(step: () => void): void {
  const ignore = () => {}
  for (const signal of handled) process.on(signal, ignore)
  try {
    step()
  } finally {
    for (const signal of handled) process.removeListener(signal, ignore)
  }
}
