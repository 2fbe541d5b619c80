// npm run bench: creates the inputs, runs the program, the bound and the neighbours in turn, and
// prints one table.
// --quick: small inputs and few rounds. bench/README.md explains the numbers and how to build the
// neighbours.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, statSync } from 'node:fs'
import { cpus } from 'node:os'
import { writeFoundStyles } from './found-styles.mjs'
import { comparePipeAndFunction } from './kustomize.mjs'
import { alternate, data, memory, time } from './measure.mjs'
import { bareNode, bound, imagePolicy, neighbours } from './programs.mjs'
import { chosen, writeResourceList } from './resource-list.mjs'

const quick = process.argv.includes('--quick')
const inputs = [
  { count: 10, governedEvery: 10, style: 'kpt', rounds: 31, neighbourRounds: 5, aim: 1.6 },
  { count: 1_000, governedEvery: 10, style: 'kpt', rounds: 15, neighbourRounds: 3, aim: 2 },
  { count: 10_000, governedEvery: 10, style: 'kpt', rounds: 11, neighbourRounds: 3, aim: 2 },
  { count: 50_000, governedEvery: 100, style: 'kpt', rounds: 7, neighbourRounds: 1, aim: 1.6 },
  { count: 50_000, governedEvery: 10, style: 'kpt', rounds: 5, neighbourRounds: 0 }, // for the growth
  { count: 50_000, governedEvery: 1, style: 'kpt', rounds: 7, neighbourRounds: 0, aim: 4 },
  { count: 1_000, governedEvery: 10, style: 'kustomize', rounds: 15, neighbourRounds: 0 },
  { count: 10_000, governedEvery: 10, style: 'kustomize', rounds: 11, neighbourRounds: 0 },
  { count: 50_000, governedEvery: 100, style: 'kustomize', rounds: 7, neighbourRounds: 0 },
  { count: 50_000, governedEvery: 1, style: 'kustomize', rounds: 7, neighbourRounds: 0 },
]
/** One stream in all styles that are found, with ten policies. */
const foundStyles = { megabytes: 75, rounds: 9, aim: 2.5 }
const asked = quick
  ? inputs
      .filter(({ count }) => count <= 1_000)
      .map(input => ({ ...input, rounds: 5, neighbourRounds: Math.min(input.neighbourRounds, 1) }))
  : inputs

mkdirSync(data, { recursive: true })
console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0].model}`)
const found = neighbours()
console.log(`
× first: the time divided by that of the input's first program in the same round.

| input | program | ms: min / median / max | × first: min / median / max | processor time, ms: median | × first: median | aim | memory, MiB |
|---|---|---|---|---|---|---|---|`)
const medians = []
for (const input of asked) medians.push(await measure(input))
if (!quick) await measureFoundStyles(foundStyles)

console.log('\nProcessor time per resource, without the start:')
for (const { count, milliseconds } of medians
  .slice(1)
  .filter(({ style, governedEvery }) => style === 'kpt' && governedEvery === 10)) {
  console.log(
    `${decimal(count).padStart(7)} resources: ${decimal(((milliseconds - medians[0].milliseconds) * 1000) / count, 1)} µs`,
  )
}

comparePipeAndFunction(quick ? [300] : [300, 3_000])

for (const other of ['choose.mjs', 'registry.mjs']) {
  console.log(`\nnode bench/${other}`)
  spawnSync(process.execPath, [new URL(other, import.meta.url).pathname], { stdio: 'inherit' })
}

/** Prints the rows of one input and returns the median of the program. */
async function measure({ rounds, neighbourRounds, aim, ...input }) {
  const file = `${data}${input.style}-${input.count}-${input.governedEvery}.yaml`
  writeResourceList(file, input)
  checkOutput(file, input)
  const others =
    neighbourRounds === 0 ? [] : found.map(neighbour => ({ ...neighbour, rounds: neighbourRounds }))
  for (const other of others.filter(({ config }) => config)) {
    other.stdin = `${data}config.yaml`
    writeResourceList(other.stdin, input, other.config)
  }
  const results = alternate(
    [...(input.count === 10 ? [bareNode] : []), bound, imagePolicy, ...others],
    file,
    rounds,
  )
  await printRows(results, { title: describe(file, input), file, program: imagePolicy, aim })
  return {
    ...input,
    milliseconds: results.find(({ program }) => program === imagePolicy).processor.milliseconds
      .median,
  }
}

async function measureFoundStyles({ megabytes, rounds, aim }) {
  const file = `${data}found-styles.yaml`
  const governed = writeFoundStyles(file, megabytes * 1e6)
  const program = {
    ...imagePolicy,
    command: [...imagePolicy.command, '--set', 'source=status'],
  }
  time(program, file)
  const changed = readFileSync(`${data}stdout`, 'utf8').split(':6.0.0').length - 1
  if (changed < governed)
    throw new Error(`${file}: ${changed} images changed, ${governed} are governed`)
  const title = `${decimal(statSync(file).size / 1e6, 1)} MB, a stream in the styles that are found, ten policies, one image in 100 governed`
  await printRows(alternate([bound, program], file, rounds), { title, file, program, aim })
}

async function printRows(results, { title, file, program: own, aim }) {
  for (const [at, { program, clock, processor }] of results.entries()) {
    const cells = [
      at === 0 ? title : '',
      program.name,
      formatSpread(clock.milliseconds, 0),
      at === 0 ? '1' : formatSpread(clock.ratio, 2),
      decimal(processor.milliseconds.median),
      at === 0 ? '1' : formatSpread({ median: processor.ratio.median }, 2),
      program === own && aim ? `${aim}` : '',
      decimal(await memory(program, file)),
    ]
    console.log(`| ${cells.join(' | ')} |`)
  }
}

/** Fails if the program did not update every governed image. */
function checkOutput(file, { count, governedEvery }) {
  time(imagePolicy, file)
  const changed = readFileSync(`${data}stdout`, 'utf8').split(`image: ${chosen}`).length - 1
  const governed = Math.ceil(count / governedEvery)
  if (changed !== governed)
    throw new Error(`${file}: ${changed} images changed, ${governed} are governed`)
}

function describe(file, { count, governedEvery, style }) {
  const governed = governedEvery === 1 ? 'all governed' : `one in ${governedEvery} governed`
  return `${decimal(count)} resources, ${decimal(statSync(file).size / 1e6, 1)} MB, ${style}, ${governed}`
}

function formatSpread(values, digits) {
  return Object.values(values)
    .map(value => decimal(value, value < 10 ? digits : 0))
    .join(' / ')
}

function decimal(value, digits = 0) {
  return (
    value?.toLocaleString('en-US', {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    }) ?? ''
  )
}
