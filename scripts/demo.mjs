// `npm run demo`: the built program updates the images of a small shop, with an in-memory registry
// that stops with the demo. Arguments are passed to the program: `npm run demo -- --set
// mode=check`.
import { spawn } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { WriteStream } from 'node:tty'
import { fileURLToPath } from 'node:url'
import { unifiedDiff } from '../demo/diff.mjs'
import { startRegistry } from '../demo/registry.mjs'
import { tagsByRepository } from '../demo/tags.mjs'

const program = fileURLToPath(new URL('../dist/image-policy.js', import.meta.url))
const shop = fileURLToPath(new URL('../demo/shop', import.meta.url))
const options = ['--policies', 'policies/', ...process.argv.slice(2)]

// Node reads FORCE_COLOR and NO_COLOR; without them, a pipe gets plain text
const colored =
  (process.stdout.isTTY || process.env.FORCE_COLOR !== undefined) &&
  WriteStream.prototype.hasColors(process.env)
const paint = code => line => (colored ? `\u001b[${code}m${line}\u001b[0m` : line)
const [bold, red, green, cyan] = [1, 31, 32, 36].map(paint)
const say = (...lines) => process.stdout.write(lines.map(line => `${line}\n`).join(''))

async function demonstrate() {
  const registry = await startRegistry(tagsByRepository)
  const folder = mkdtempSync(join(tmpdir(), 'image-policy-demo-'))
  try {
    cpSync(shop, folder, { recursive: true })
    for (const file of readdirSync(folder, { recursive: true }).filter(name =>
      name.endsWith('.yaml'),
    )) {
      const template = readFileSync(join(folder, file), 'utf8')
      const digest = registry.digestOf('edge/proxy', '1.29.1')
      writeFileSync(
        join(folder, file),
        template.replaceAll('registry.example.com', registry.host).replace('sha256:DIGEST', digest),
      )
    }
    const before = readFileSync(join(folder, 'rendered.yaml'), 'utf8')

    say(
      `Started an in-memory registry with ${Object.keys(tagsByRepository).length} repositories on ${registry.host}, for this demo only.`,
      '',
    )
    say(bold(`$ image-policy ${options.join(' ')} < rendered.yaml`), '')
    const { stdout, stderr, exitCode } = await runProgram(folder, before)
    if (stdout !== '') say(...diffLines(before, stdout), '')
    say(
      ...(exitCode === 0 ? changesIn(stderr) : [stderr.trimEnd(), '', `exit code ${exitCode}`]),
      '',
      ...next,
    )
    return exitCode
  } finally {
    rmSync(folder, { recursive: true, force: true })
    await registry.close()
  }
}

async function runProgram(cwd, input) {
  const env = { PATH: process.env.PATH, HOME: cwd } // without the user's registry credentials and proxies
  const child = spawn(process.execPath, [program, ...options], { cwd, env })
  child.stdin.on('error', () => {}) // a program that stops early reports it by its exit code
  child.stdin.end(input)
  const exit = new Promise((resolve, reject) => child.once('error', reject).once('close', resolve))
  const [stdout, stderr, exitCode] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    exit,
  ])
  return { stdout, stderr, exitCode: exitCode ?? 1 }
}

function diffLines(before, after) {
  const lines = unifiedDiff(before, after)
  if (lines.length === 0) return ['(no byte changed)']
  const color = { '@': cyan, '-': red, '+': green }
  return [
    bold('--- rendered.yaml'),
    bold('+++ what the program wrote'),
    ...lines.map(line => (color[line[0]] ?? String)(line)),
  ]
}

/**
 * One line for each policy that changed an image, and every other line of stderr, except those
 * about annotations.
 */
function changesIn(stderr) {
  const rows = new Map()
  const others = []
  for (const line of stderr.trimEnd().split('\n')) {
    const [, before, after, policy, reason] =
      /image: "(.+)" -> "(.+)" \((\S+): (.+)\)$/.exec(line) ?? []
    if (policy !== undefined)
      rows.set(policy, [policy, `${short(before)} -> ${short(after)}`, reason])
    else if (!line.includes(' metadata.annotations[')) others.push(line)
  }
  if (rows.size === 0) return others
  const width = column => Math.max(...[...rows.values()].map(row => row[column].length))
  const table = [...rows.values()].map(
    ([policy, move, reason]) =>
      `  ${bold(policy.padEnd(width(0)))}  ${move.padEnd(width(1))}  ${reason}`,
  )
  return ['Changes and their reasons:', ...table, ...others]
}

/** The image reference without its host and path, and with a shortened digest. */
const short = image => image.replace(/^.*\//, '').replace(/(sha256:[0-9a-f]{7})[0-9a-f]+/, '$1…')

const next = [
  'Next steps:',
  '  Change a policy in demo/shop/policies/, such as the range in web.yaml to ">=1.2.3", and run `npm run demo` again.',
  '  npm run demo -- --set mode=check       reports what would change and exits with code 2, for continuous integration',
  '  npm run demo -- --set digests=always   pins every image to the digest of its tag',
  '  On your own manifests: kustomize build overlay | node dist/image-policy.js --policies policies/ | less',
]

if (existsSync(program)) process.exitCode = await demonstrate()
else {
  say('dist/image-policy.js does not exist yet: run `npm ci`, which builds it.')
  process.exitCode = 1
}
