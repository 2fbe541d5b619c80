import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** How to get each tool that some tests need; `.ci/install` gets them all. */
const howToGet = new Map([
  ['docker-registry', 'apt-get install docker-registry'],
  ['registry', 'go install github.com/distribution/distribution/v3/cmd/registry@v3.1.2'],
  ['skopeo', 'apt-get install skopeo'],
  ['crane', 'go install github.com/google/go-containerregistry/cmd/crane@v0.22.1'],
  ['htpasswd', 'apt-get install apache2-utils'],
  ['openssl', 'apt-get install openssl'],
  ['podman', 'apt-get install podman buildah runc'],
  ['runc', 'apt-get install runc'],
  ['kustomize', 'go install sigs.k8s.io/kustomize/kustomize/v5@v5.8.2'],
  ['kubectl', 'see https://kubernetes.io/docs/tasks/tools/'],
  ['kpt', 'see https://kpt.dev/installation/'],
  ['pre-commit', 'pip install pre-commit'],
])

/**
 * `describe` where every one of the tools is on PATH. Where one is missing: `describe.skip` and a line that says how to get it,
 * in CI an error.
 */
export function needs(...tools: readonly string[]): typeof describe | typeof describe.skip {
  const missing = tools.filter(tool => pathOf(tool) === undefined)
  if (missing.length === 0) return describe
  const line = missing
    .map(tool => `${tool} is not on PATH (${howToGet.get(tool) ?? 'no known way to get it'})`)
    .join(', ')
  if (process.env.CI) throw new Error(`these tests must run in CI, but ${line}`)
  process.stderr.write(`skipped: ${line}\n`)
  return describe.skip
}

/** The file that a command runs. */
export function pathOf(tool: string): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map(folder => join(folder, tool))
    .find(isExecutable)
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
