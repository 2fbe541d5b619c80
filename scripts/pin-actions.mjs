// `node scripts/pin-actions.mjs [--check] [--server URL] [FILE…]`: pins the actions of the
// workflows by commit; see docs/releasing.md.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const usage = `Usage: node scripts/pin-actions.mjs [--check] [--server URL] [FILE…]

Replaces the tag of each line \`uses: OWNER/NAME@TAG\` of the workflows by the commit that the tag has now, and keeps the tag
as a comment: \`uses: OWNER/NAME@COMMIT # TAG\`. A line that is pinned already gets the commit that its tag has now.

  --check        changes nothing; exit code 2 if a line would change
  --server URL   default: https://github.com
  FILE           default: the files in .github/workflows

Needs git and access to the server, so it cannot run offline.
It has not been run for this repository yet: the workflows still name tags.
`

const action = /^(\s*(?:- )?uses: )([\w.-]+\/[\w.-]+)((?:\/[\w./-]+)?)@(\S+)(?: # (\S+))?$/gm

function pin(workflow, server) {
  return workflow.replace(action, (_, key, repository, path, version, comment) => {
    const tag = comment ?? version
    return `${key}${repository}${path}@${commitOf(`${server}/${repository}`, tag)} # ${tag}`
  })
}

/** The commit of a tag; of an annotated tag, the commit that it names. */
function commitOf(url, tag) {
  const refs = [`refs/tags/${tag}`, `refs/tags/${tag}^{}`]
  const { status, stdout, stderr, error } = spawnSync('git', ['ls-remote', url, ...refs], {
    encoding: 'utf8',
    env: { ...process.env, GIT_TERMINAL_PROMPT: '0' },
  })
  if (error) throw error
  if (status !== 0) throw new Error(`${url}: ${stderr.trim()}`)
  const commit = stdout.trimEnd().split('\n').at(-1)?.split('\t')[0]
  if (!/^[0-9a-f]{40,64}$/.test(commit)) throw new Error(`${url}: has no tag ${tag}`)
  return commit
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    check: { type: 'boolean', default: false },
    server: { type: 'string', default: 'https://github.com' },
    help: { type: 'boolean' },
  },
})

function workflows() {
  const folder = fileURLToPath(new URL('../.github/workflows', import.meta.url))
  return readdirSync(folder).map(name => join(folder, name))
}

function run() {
  const files = positionals.length > 0 ? positionals : workflows()
  // all are asked before the first file is written
  const pinned = files.map(file => {
    const before = readFileSync(file, 'utf8')
    return { file, before, after: pin(before, values.server) }
  })
  const changed = pinned.filter(({ before, after }) => before !== after)
  for (const { file, after } of changed) {
    process.stdout.write(`${file}\n`)
    if (!values.check) writeFileSync(file, after)
  }
  return values.check && changed.length > 0 ? 2 : 0
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
