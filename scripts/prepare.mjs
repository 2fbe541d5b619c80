// npm runs this after `npm ci` and when it installs from Git. `npm install -g git+…`, which
// pre-commit runs, passes its own `--global` to the npm that prepares the clone. That npm then
// omits the development dependencies, so this script installs them.
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
