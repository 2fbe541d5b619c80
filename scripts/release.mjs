// `node scripts/release.mjs [--out DIR] [--node-image IMAGE]`: makes what a release publishes from
// the current commit; see docs/releasing.md.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { buildImage } from './release-image.mjs'
import { linesOf, outputOf } from './release-run.mjs'
import { writeSbom } from './release-sbom.mjs'

const usage = `Usage: node scripts/release.mjs [--out DIR] [--node-image IMAGE]

Makes from the current commit, which must have no uncommitted changes:
  NAME-VERSION.tgz       the npm package
  image/                 an OCI image layout for linux/amd64 and linux/arm64
  sbom.cdx.json          the packages that the program bundles, as CycloneDX
  SHA256SUMS             the checksums of all these files

  --out DIR              default: release; must not exist or be empty
  --node-image IMAGE     the base image, default: NODE_IMAGE of the Dockerfile; also
                         oci:FOLDER:TAG, if the path has no capital letters

Needs git, npm, buildah and the npm registry, and the registry of the base image.
The same commit gives the same bytes with the same Node, npm, buildah and base image.
`

const root = fileURLToPath(new URL('..', import.meta.url))

function release({ out, nodeImage }) {
  outputOf('buildah', ['--version']) // is needed last, so its absence is reported first
  if (outputOf('git', ['status', '--porcelain'], { cwd: root }) !== '')
    throw new Error('the work tree has uncommitted changes: commit or stash them')
  if (existsSync(out) && readdirSync(out).length > 0)
    throw new Error(`${out} is not empty: remove it or choose another folder with --out`)
  const revision = outputOf('git', ['rev-parse', 'HEAD'], { cwd: root })
  const seconds = Number(outputOf('git', ['log', '-1', '--format=%ct'], { cwd: root }))

  const work = mkdtempSync(join(tmpdir(), 'image-policy-release-'))
  try {
    const source = buildProgram(work)
    const { name, version } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'))
    mkdirSync(out, { recursive: true })
    // --ignore-scripts: `prepare` would build again, with stored code
    outputOf('npm', ['pack', '--ignore-scripts', '--pack-destination', out], { cwd: source })
    buildImage({
      work,
      context: source,
      stage: stageOf(source, work),
      layout: `${join(out, 'image')}:${version}`,
      nodeImage,
      seconds,
      labels: { version, revision },
    })
    writeSbom(source, join(out, 'sbom.cdx.json'), seconds)
    writeChecksums(out)
    return `${name} ${version} (${revision}) in ${out}`
  } finally {
    remove(work)
  }
}

function remove(work) {
  // without root, the files of an image belong to other ids, which only `buildah unshare` may
  // remove
  if (process.getuid() !== 0) spawnSync('buildah', ['unshare', 'rm', '-rf', work])
  rmSync(work, { recursive: true, force: true })
}

/** A clone of the current commit with a built `dist/`, without files that Git does not know. */
function buildProgram(work) {
  const source = join(work, 'image-policy-fn') // npm names the SBOM after the folder
  outputOf('git', ['clone', '--quiet', root, source])
  outputOf('npm', ['ci', '--ignore-scripts', '--prefer-offline'], { cwd: source })
  outputOf('node', ['scripts/build.mjs'], { cwd: source })
  // V8's stored code differs from run to run, fits one Node only, and nobody can compare it with
  // the sources
  rmSync(join(source, 'dist/code-cache'), { recursive: true })
  return source
}

/**
 * The folder that replaces the first stages of the Dockerfile, so that the image has the program of
 * the npm package.
 */
function stageOf(source, work) {
  const stage = join(work, 'stage')
  for (const name of ['package.json', 'dist'])
    cpSync(join(source, name), join(stage, 'src', name), { recursive: true })
  return stage
}

function writeChecksums(out) {
  const files = readdirSync(out, { recursive: true })
    .map(name => join(out, name))
    .filter(file => statSync(file).isFile())
    .sort()
  const lines = files.map(file => `${sha256Of(file)}  ${relative(out, file)}\n`)
  writeFileSync(join(out, 'SHA256SUMS'), lines.join(''))
}

const sha256Of = file => createHash('sha256').update(readFileSync(file)).digest('hex')

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'release' },
    'node-image': { type: 'string' },
    help: { type: 'boolean' },
  },
})
if (values.help) process.stdout.write(usage)
else {
  process.umask(0o022) // the modes of the files in the image
  const out = resolve(values.out)
  try {
    process.stdout.write(`${release({ out, nodeImage: values['node-image'] })}\n`)
  } catch (error) {
    process.stderr.write(linesOf(error))
    process.exitCode = 1
  }
}
