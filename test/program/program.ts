import { builtProgram } from '../dist.ts'
import { type Finished, type SpawnOptions, spawnToEnd } from '../spawn.ts'

export const program = builtProgram('image-policy.js')

/** Runs the built program on this test's own Node. */
export const runProgram = (args: readonly string[], options?: SpawnOptions): Promise<Finished> =>
  spawnToEnd(process.execPath, [program, ...args], options)
