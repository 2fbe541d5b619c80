// The measured programs: image-policy, the bound, and the neighbours.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { data, installed } from './measure.mjs'

const here = new URL('.', import.meta.url).pathname
export const built = new URL('../dist/image-policy.js', import.meta.url).pathname

export const bareNode = { name: 'node -e 0', command: [process.execPath, '-e', '0'] }
export const bound = {
  name: 'bound: read all, write all',
  command: [process.execPath, `${here}read-write-bound.mjs`],
}
export const imagePolicy = { name: '**image-policy**', command: [process.execPath, built] }

const setImage = `apiVersion: fn.kpt.dev/v1alpha1
kind: SetImage
metadata:
  name: set-image
image:
  name: ghcr.io/stefanprodan/podinfo
  newTag: 6.0.0
`

/**
 * The neighbours that are installed; prints which are not. A neighbour's `config` is its
 * functionConfig.
 */
export function neighbours() {
  const sink = `${data}sink`
  const known = [
    { name: 'kyaml and kustomize’s image filter', program: 'kyaml-image' },
    { name: 'kpt catalog: set-image', program: 'set-image', config: setImage },
    { name: 'Flux’s setters', program: 'flux-setters' },
    {
      name: 'kpt fn sink',
      program: 'kpt',
      args: ['fn', 'sink', sink],
      before: () => rmSync(sink, { recursive: true, force: true }),
    },
  ]
  const found = known.flatMap(({ program, args = [], ...neighbour }) => {
    const path = installed(program)
    if (!path) console.log(`skipped, not installed: ${neighbour.name} (${program})`)
    return path ? [{ ...neighbour, command: [path, ...args] }] : []
  })
  return [
    { name: 'kpt-functions SDK, empty function', command: [process.execPath, emptyFunction()] },
    ...found,
  ]
}

/** An empty function of the SDK, with the SDK from npm. */
function emptyFunction() {
  const folder = `${data}kpt-functions`
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${folder}/empty.mjs`, `import { run } from 'kpt-functions'\nrun(async () => {})\n`)
  if (!existsSync(`${folder}/node_modules/kpt-functions`)) {
    const install = [
      'install',
      '--silent',
      '--no-package-lock',
      '--prefix',
      folder,
      'kpt-functions@0.16.1',
    ]
    const { status } = spawnSync('npm', install, { stdio: 'inherit' })
    if (status !== 0) throw new Error(`npm ${install.join(' ')}: exit code ${status}`)
  }
  return `${folder}/empty.mjs`
}
