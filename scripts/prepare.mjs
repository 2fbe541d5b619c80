// npm runs this after `npm ci`, and when it installs from Git. `npm install -g git+…`, as pre-commit does it, hands its own `--global` on
// to the npm that prepares the clone, which then leaves out what the build needs; so it is fetched here.
import { execSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const root = new URL('..', import.meta.url).pathname
if (!existsSync(`${root}node_modules/esbuild`)) {
  execSync('npm ci --global=false --ignore-scripts', {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}
await import('./build.mjs')
