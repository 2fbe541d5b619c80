import { parseArgs } from 'node:util'
import { FunctionError } from '../errors.ts'

/** What the command line asks for. */
export interface Arguments {
  readonly help: boolean
  readonly version: boolean
  /** The file that replaces the functionConfig. */
  readonly config?: string
  readonly settings: readonly (readonly [key: string, value: string])[]
  /** Files and folders with policies that are read but never emitted. */
  readonly policies: readonly string[]
  /** The file that is written instead of stdout. */
  readonly output?: string
  readonly verbosity: 'quiet' | 'normal' | 'verbose'
}

/** Every option. `value` is what follows it. */
export const options: Readonly<
  Record<string, { readonly short?: string; readonly value?: string; readonly multiple?: true }>
> = {
  policies: { value: 'PATH', multiple: true },
  config: { value: 'FILE' },
  set: { value: 'KEY=VALUE', multiple: true },
  use: { value: 'GLOB', multiple: true },
  output: { value: 'FILE' },
  verbose: {},
  quiet: {},
  version: {},
  help: { short: 'h' },
}

/** Throws BAD_ARGUMENT. */
export function parseArguments(argv: readonly string[]): Arguments {
  const { values, flags } = readOptions(argv)
  const use = values.get('use') ?? []
  const config = onlyOne(values, 'config')
  const output = onlyOne(values, 'output')
  if (flags.has('quiet') && flags.has('verbose'))
    throw badArgument('--quiet and --verbose must not be used together')
  return {
    help: flags.has('help'),
    version: flags.has('version'),
    ...(config !== undefined && { config }),
    settings: [
      ...(values.get('set') ?? []).map(parseSetting),
      ...(use.length > 0 ? [['usePolicies', JSON.stringify(use)] as const] : []),
    ],
    policies: values.get('policies') ?? [],
    ...(output !== undefined && { output }),
    verbosity: verbosityOf(flags),
  }
}

/** Node's parser alone would take the next option for a value, and would accept unknown options. */
function readOptions(argv: readonly string[]) {
  const { tokens } = parseArgs({
    args: [...argv],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(
      Object.entries(options).map(([name, { short, value }]) => [
        name,
        { type: value === undefined ? 'boolean' : 'string', ...(short && { short }) },
      ]),
    ),
  })
  const values = new Map<string, string[]>()
  const flags = new Set<string>()
  for (const token of tokens) {
    if (token.kind === 'positional')
      throw badArgument(`manifests are read from stdin, got the argument "${token.value}"`)
    if (token.kind === 'option-terminator') continue
    const { name, rawName, value, inlineValue } = token
    const option = Object.hasOwn(options, name) ? options[name] : undefined
    if (option === undefined) throw badArgument(`"${rawName}" is not an option`)
    if (option.value === undefined) {
      if (value !== undefined) throw badArgument(`${rawName} takes no value, got "${value}"`)
      flags.add(name)
      continue
    }
    if (value === undefined || value === '' || (!inlineValue && /^-./.test(value)))
      throw badArgument(
        `${rawName} must have a value, ${rawName} ${option.value}, got ${foundInstead(value)}`,
      )
    values.set(name, [...(values.get(name) ?? []), value])
  }
  return { values, flags }
}

function foundInstead(value: string | undefined): string {
  if (value === undefined) return 'nothing'
  return value === '' ? 'an empty text' : `the option "${value}"`
}

function onlyOne(values: ReadonlyMap<string, readonly string[]>, name: string): string | undefined {
  const [value, ...more] = values.get(name) ?? []
  if (more.length > 0) throw badArgument(`--${name} must be used once, got ${more.length + 1}`)
  return value
}

function verbosityOf(flags: ReadonlySet<string>): Arguments['verbosity'] {
  if (flags.has('quiet')) return 'quiet'
  return flags.has('verbose') ? 'verbose' : 'normal'
}

function parseSetting(setting: string): readonly [string, string] {
  const equals = setting.indexOf('=')
  if (equals < 1)
    throw badArgument(`--set must be KEY=VALUE, such as --set source=status; got "${setting}"`)
  return [setting.slice(0, equals), setting.slice(equals + 1)]
}

const badArgument = (problem: string) => new FunctionError('BAD_ARGUMENT', problem)
