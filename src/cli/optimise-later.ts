/** For less input the flag does not pay. */
const muchInput = 4_000_000

/**
 * Makes V8 optimise functions after four times their usual work. V8 of Node 20 has no compiler
 * between the quickest and the best, and spends much of a run on compiling functions that are soon
 * done. Later versions have one, and other flags (bench/README.md).
 */
export async function optimiseLater(inputLength: number): Promise<void> {
  if (inputLength < muchInput || !process.version.startsWith('v20.')) return
  const { setFlagsFromString } = await import('node:v8')
  setFlagsFromString('--interrupt-budget=300000')
}
