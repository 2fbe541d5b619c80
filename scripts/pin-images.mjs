// `node scripts/pin-images.mjs [--check] [--plain-http] [FILE]`: pins the base images of the
// Dockerfile by digest; see docs/releasing.md.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const usage = `Usage: node scripts/pin-images.mjs [--check] [--plain-http] [FILE]

Adds to each line \`ARG NAME_IMAGE=IMAGE:TAG\` of the Dockerfile the digest that the tag has now: IMAGE:TAG@sha256:…
A digest that is there already is replaced. An image without a tag gets the tag "latest". The digest is that of
the whole list of platforms.

  --check        changes nothing; exit code 2 if a line would change
  --plain-http   asks the registries over http, for tests
  FILE           default: the Dockerfile of this repository

Needs skopeo and access to the registries of the images (docker.io and gcr.io), so it cannot run offline.
It has not been run for this repository yet: the Dockerfile still names tags.
`

const baseImage = /^(ARG \w+_IMAGE=)([^\s@]+)(?:@\S+)?$/gm

function pin(dockerfile, plainHttp) {
  return dockerfile.replace(baseImage, (_, argument, name) => {
    const image = /:[^/]+$/.test(name) ? name : `${name}:latest`
    return `${argument}${image}@${digestOf(image, plainHttp)}`
  })
}

/**
 * The digest of the manifest that the tag leads to: the hash of its bytes, not what the registry
 * says in a header.
 */
function digestOf(image, plainHttp) {
  const args = ['inspect', '--raw', `--tls-verify=${!plainHttp}`, `docker://${image}`]
  const { status, stdout, stderr, error } = spawnSync('skopeo', args)
  if (error?.code === 'ENOENT') throw new Error('skopeo must be on PATH')
  if (error) throw error
  if (status !== 0) throw new Error(`${image}: ${stderr.toString().trim()}`)
  return `sha256:${createHash('sha256').update(stdout).digest('hex')}`
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    check: { type: 'boolean', default: false },
    'plain-http': { type: 'boolean', default: false },
    help: { type: 'boolean' },
  },
})
const file = positionals[0] ?? fileURLToPath(new URL('../Dockerfile', import.meta.url))

function run() {
  const before = readFileSync(file, 'utf8')
  if (before.search(baseImage) === -1)
    throw new Error(`${file}: must have a line \`ARG NAME_IMAGE=IMAGE\``)
  const after = pin(before, values['plain-http'])
  for (const [line] of after.matchAll(baseImage)) process.stdout.write(`${line}\n`)
  if (!values.check) writeFileSync(file, after)
  return values.check && before !== after ? 2 : 0
}

if (values.help) process.stdout.write(usage)
else {
  try {
    process.exitCode = run()
  } catch (error) {
    process.stderr.write(`error: ${error.message}\n`)
    process.exitCode = 1
  }
}
