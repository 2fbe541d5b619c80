/** From so many bytes of input on it pays to ask. */
const muchInput = 4_000_000

/**
 * Asks V8 to optimise functions after four times their usual work. Node 20 takes what runs for a tenth of a second for hot, and its V8
 * has no compiler between the quickest and the best: of 190 ms on the processors for 10,000 resources, 50 were spent on compiling.
 * Later Nodes have one, and other flags (bench/README.md).
 */
export async function optimiseLater(inputLength: number): Promise<void> {
  if (inputLength < muchInput || !process.version.startsWith('v20.')) return
  const { setFlagsFromString } = await import('node:v8')
  setFlagsFromString('--interrupt-budget=300000')
}
