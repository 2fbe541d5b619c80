import { parseArgs } from 'node:util'
import { FunctionError } from '../errors.ts'

/** What the command line asks for. */
export interface Arguments {
  readonly help: boolean
  readonly version: boolean
  /** The file that stands in for the functionConfig. */
  readonly config?: string
  readonly settings: readonly (readonly [key: string, value: string])[]
  /** Files and folders with policies that are read and never put out. */
  readonly policies: readonly string[]
}

/** Throws BAD_ARGUMENT. */
export function parseArguments(argv: readonly string[]): Arguments {
  if (argv.length === 0) return { help: false, version: false, settings: [], policies: [] } // as hosts start it; Node's parser is not loaded yet
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        version: { type: 'boolean', default: false },
        config: { type: 'string' },
        set: { type: 'string', multiple: true, default: [] },
        policies: { type: 'string', multiple: true, default: [] },
      },
    })
    const [unexpected] = positionals
    if (unexpected !== undefined) {
      throw new FunctionError(
        'BAD_ARGUMENT',
        `takes manifests on stdin, got the argument "${unexpected}"; see image-policy --help`,
      )
    }
    return {
      help: values.help,
      version: values.version,
      ...(values.config !== undefined && { config: values.config }),
      settings: values.set.map(parseSetting),
      policies: values.policies,
    }
  } catch (error) {
    if (error instanceof FunctionError || !(error instanceof TypeError)) throw error
    throw new FunctionError(
      'BAD_ARGUMENT',
      `${error.message.split('. ')[0]}; see image-policy --help`,
    )
  }
}

function parseSetting(setting: string): readonly [string, string] {
  const equals = setting.indexOf('=')
  if (equals < 1)
    throw new FunctionError(
      'BAD_ARGUMENT',
      `--set must be KEY=VALUE, such as --set source=status; got "${setting}"`,
    )
  return [setting.slice(0, equals), setting.slice(equals + 1)]
}
