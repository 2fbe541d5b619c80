import type { Query } from '../tree/query.ts'
import { keep, nameInMemory, words } from './wasm.ts'

/** A query in the memory of the fast reader (assembly/look-up.ts defines its layout). */
export interface TapeQuery {
  readonly address: number
  /** For each name, where the number of its node is written: an index of the memory as numbers. */
  readonly answers: readonly number[]
}

const written: (TapeQuery | 'no room')[] = []

/** The query in the memory, where it is written once; undefined if there is no room for it. */
export function queryInMemory(query: Query): TapeQuery | undefined {
  const known = written[query.number] ?? writeQuery(query) ?? 'no room'
  written[query.number] = known
  return known === 'no room' ? undefined : known
}

interface Step {
  readonly name: string
  readonly address: number
  readonly below: Step[]
}

/** Five numbers of four bytes, the last of which is the answer. */
const stepLength = 20
const answerOffset = 16

function writeQuery({ paths }: Query): TapeQuery | undefined {
  const steps: Step[] = []
  const answers: number[] = []
  for (const path of paths) {
    let beside = steps
    let address = 0
    for (const name of path) {
      const step = beside.find(step => step.name === name) ?? newStep(name)
      if (step === undefined) return undefined
      if (!beside.includes(step)) beside.push(step)
      beside = step.below
      address = step.address
    }
    answers.push((address + answerOffset) >> 2)
  }
  writeSteps(steps)
  return { address: steps[0]?.address ?? 0, answers }
}

function newStep(name: string): Step | undefined {
  const address = keep(stepLength)
  if (address === undefined || nameInMemory(name) === undefined) return undefined
  return { name, address, below: [] }
}

function writeSteps(steps: readonly Step[]): void {
  for (const [index, { name, address, below }] of steps.entries()) {
    const bytes = nameInMemory(name)
    words().set(
      [
        bytes?.address ?? 0,
        bytes?.length ?? 0,
        below[0]?.address ?? 0,
        steps[index + 1]?.address ?? 0,
        0,
      ],
      address >> 2,
    )
    writeSteps(below)
  }
}
