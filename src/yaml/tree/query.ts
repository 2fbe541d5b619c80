import { keep, nameInMemory, words } from '../parse/wasm.ts'

/** Paths of keys that are looked for together, in one mapping after another. */
export interface Query {
  readonly paths: readonly (readonly string[])[]
  /** Where it stands in the memory, as assembly/lookup.ts reads it; undefined where there was no room. */
  readonly at: number | undefined
  /** Where the answer to each path stands: the index of a number. */
  readonly answers: readonly number[]
}

interface Step {
  readonly name: string
  readonly at: number
  readonly below: Step[]
}

const stepLength = 20

/** Makes a query for as long as the program runs. */
export function queryFor(paths: readonly (readonly string[])[]): Query {
  const steps: Step[] = []
  let isKept = true
  const answers = paths.map(path => {
    let beside = steps
    let last: Step | undefined
    for (const name of path) {
      last = beside.find(step => step.name === name)
      if (last === undefined) {
        const at = keep(stepLength)
        isKept &&= at !== undefined && nameInMemory(name) !== undefined
        last = { name, at: at ?? 0, below: [] }
        beside.push(last)
      }
      beside = last.below
    }
    return ((last?.at ?? 0) + 16) >> 2
  })
  if (isKept) write(steps)
  return { paths, at: isKept ? steps[0]?.at : undefined, answers }
}

function write(steps: readonly Step[]): void {
  for (const [index, { name, at, below }] of steps.entries()) {
    const bytes = nameInMemory(name)
    words().set(
      [bytes?.at ?? 0, bytes?.length ?? 0, below[0]?.at ?? 0, steps[index + 1]?.at ?? 0, 0],
      at >> 2,
    )
    write(below)
  }
}
