import { dirname } from 'node:path'
import { FunctionError } from '../errors.ts'
import { editDistance, nearest } from '../krm/nearest.ts'
import { options, parseArguments } from './arguments.ts'

/** What other programs call our options. */
const synonyms = new Map([
  ['-p', '--policies'],
  ['-o', '--output'],
  ['-c', '--config'],
  ['-s', '--set'],
  ['-q', '--quiet'],
  ['-v', '--verbose'],
  ['-V', '--version'],
  ['-?', '--help'],
])
/** What other programs call the file that they read. */
const inputNames = new Set(['-f', '--file', '--filename', '-i', '--input'])
/** What other programs call check mode. */
const checkNames = new Set(['--check', '--dry-run', '-n', '--diff', 'check'])
/** Settings that are easily taken for options. */
const settings = ['mode', 'source', 'digests', 'annotations', 'onError', 'inlinePolicies']
/** What is suggested if a value is missing. */
const placeholders = new Map([['--policies', 'policies/']])

/** More arguments are hardly typed by hand. */
const mostArguments = 50

/**
 * The whole command that was probably meant, such as `image-policy --policies policies/ <
 * deploy.yaml`; undefined if no guess leads to arguments that the program accepts.
 */
export function correctedCommand(argv: readonly string[]): string | undefined {
  if (argv.length > mostArguments) return undefined
  const { args, input } = correct(argv)
  const folder = expandedFolder(args, input)
  if (folder !== undefined) return `image-policy --policies ${quoted(folder)}`
  const complete = args.some(isPolicies) ? args : ['--policies', 'policies/', ...args]
  if (!isAccepted(complete)) return undefined
  const command = ['image-policy', ...complete].map(quoted).join(' ')
  if (input === undefined) return command
  return /\.(?:ya?ml|json)$/.test(input)
    ? `${command} < ${quoted(input)}`
    : `kustomize build ${quoted(input)} | ${command}`
}

/**
 * The folder of `--policies folder/*.yaml`, of which the shell made several arguments; undefined if
 * it is none.
 */
function expandedFolder(args: readonly string[], input: string | undefined): string | undefined {
  const [option, value = '', ...more] = args
  const folder = dirname(value)
  const isExpanded =
    option === '--policies' &&
    more.length === 0 &&
    folder !== '.' &&
    dirname(input ?? '') === folder
  return isExpanded ? `${folder}/` : undefined
}

const isPolicies = (argument: string) => /^--policies(?:=|$)/.test(argument)

function isAccepted(args: readonly string[]): boolean {
  try {
    parseArguments(args)
    return true
  } catch (error) {
    if (error instanceof FunctionError) return false
    throw error
  }
}

interface Command {
  readonly args: readonly string[]
  /** A file or a folder with manifests. */
  readonly input?: string | undefined
}

/** Replaces each argument by what it probably means. */
function correct([argument, ...rest]: readonly string[]): Command {
  if (argument === undefined) return { args: [] }
  const { name, value, after } = withValue(argument, rest)
  const followedBy = (args: readonly string[], { args: more, input }: Command): Command => ({
    args: [...args, ...more],
    input,
  })
  if (checkNames.has(name)) return followedBy(['--set', 'mode=check'], correct(rest))
  if (inputNames.has(name)) return { ...correct(after), input: value }
  if (argument === '-') return correct(rest) // stdin is read anyway
  if (!argument.startsWith('-')) return { ...correct(rest), input: argument }
  if (name === '--strict') return followedBy(['--set', 'strict=true'], correct(rest))
  const setting = settings.find(key => `--${key.toLowerCase()}` === name.toLowerCase())
  if (setting !== undefined)
    return followedBy(['--set', `${setting}=${value ?? ''}`], correct(after))
  const option = optionFor(name)
  if (options[option.slice(2)]?.value === undefined) return followedBy([option], correct(rest))
  const given = value ?? placeholders.get(option)
  return followedBy(given === undefined ? [option] : [option, given], correct(after))
}

/** The argument as an option with its value, and what is left after both. */
function withValue(argument: string, rest: readonly string[]) {
  const equals = argument.indexOf('=')
  if (equals !== -1)
    return { name: argument.slice(0, equals), value: argument.slice(equals + 1), after: rest }
  const [next, ...after] = rest
  return next === undefined || next === '' || next.startsWith('-')
    ? { name: argument, after: next === '' ? after : rest }
    : { name: argument, value: next, after }
}

/** The option that the name is, or nearly is; else the name. */
function optionFor(name: string): string {
  const known = Object.keys(options).map(option => `--${option}`)
  const closest = nearest(name, known)
  const isClose = closest !== undefined && editDistance(name, closest) <= closest.length / 3
  return synonyms.get(name) ?? (isClose ? closest : name)
}

/** As a shell reads it. */
const quoted = (text: string): string =>
  /^[\w./:=@,+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
