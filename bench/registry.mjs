// Measures runs that ask a registry, each as a whole process: node bench/registry.mjs (after npm
// run build). Prints a line for each promise and exits with code 1 if one is broken. The registry
// is a server in this process, so its share of the time is included.
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import { promisify } from 'node:util'

const program = new URL('../dist/image-policy.js', import.meta.url).pathname
const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env // reading it is not part of the measured program
const manifest = Buffer.from('{"schemaVersion":2}')
const digest = `sha256:${createHash('sha256').update(manifest).digest('hex')}`
let broken = false

function kindOf({ url, method }) {
  if (url === '/v2/') return 'ping'
  return url.includes('/tags/list') ? 'listing' : `digest by ${method}`
}

/**
 * A registry with the same tags in each repository. It answers after `latency` ms and counts
 * requests.
 */
async function startRegistry(tags, latency) {
  const body = JSON.stringify({ name: 'any', tags })
  const asked = new Map()
  const server = createServer((request, response) => {
    const kind = kindOf(request)
    const key = `${kind} ${request.url.replace(/\?.*/, '')}`
    asked.set(key, (asked.get(key) ?? 0) + 1)
    const answer = () =>
      kind === 'listing'
        ? response.writeHead(200, { 'content-type': 'application/json' }).end(body)
        : response
            .writeHead(200, {
              'content-type': 'application/vnd.oci.image.index.v1+json',
              'docker-content-digest': digest,
            })
            .end()
    latency === 0 ? answer() : setTimeout(answer, latency)
  })
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  return { host: `127.0.0.1:${server.address().port}`, asked, stop: () => server.close() }
}

const object = (kind, name, spec) => ({
  apiVersion: 'image.toolkit.fluxcd.io/v1',
  kind,
  metadata: { name, namespace: 'apps' },
  spec,
})

/** A ResourceList with one policy for each repository, and one container for each image. */
function resourceList(repositories, images, policy) {
  const items = repositories.flatMap((repository, index) => [
    object('ImageRepository', `r${index}`, { image: repository }),
    object('ImagePolicy', `p${index}`, { imageRepositoryRef: { name: `r${index}` }, ...policy }),
  ])
  const containers = images.map((image, index) => ({ name: `c${index}`, image }))
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'apps' },
    spec: { template: { spec: { containers } } },
  }
  return JSON.stringify({
    apiVersion: 'config.kubernetes.io/v1',
    kind: 'ResourceList',
    items: [...items, deployment],
  })
}

async function run(command, args, input = '') {
  const started = performance.now()
  const running = promisify(execFile)(command, args, { env, maxBuffer: 1 << 28 })
  running.child.stdin.end(input)
  const { stdout } = await running
  return { milliseconds: performance.now() - started, stdout }
}

async function median(times, measure) {
  const measured = []
  for (let time = 0; time < times; time++) measured.push(await measure())
  return measured.sort((a, b) => a.milliseconds - b.milliseconds)[times >> 1]
}

function promise(kept, text) {
  broken ||= !kept
  console.log(`${kept ? 'ok    ' : 'BROKEN'} ${text}`)
}

const seconds = milliseconds => `${(milliseconds / 1000).toFixed(2)} s`
const numbers = { policy: { semver: { range: '>=1.0.0' } } }
const versions = ['1.0.0', '1.1.0', '1.2.0']

{
  const { host, asked, stop } = await startRegistry(versions, 50)
  const repositories = Array.from({ length: 200 }, (_unused, index) => `${host}/team/app${index}`)
  const input = resourceList(
    repositories,
    repositories.map(repository => `${repository}:1.0.0`),
    { ...numbers, digestReflectionPolicy: 'Always' },
  )
  const { milliseconds, stdout } = await run(program, [], input)
  stop()
  const each = [...asked.values()].every(times => times === 1)
  const kinds = kind => [...asked.keys()].filter(key => key.startsWith(kind)).length
  promise(
    milliseconds < 2_000,
    `200 repositories of one host at 50 ms, with digests: ${seconds(milliseconds)} (must be under 2 s)`,
  )
  promise(
    each && kinds('listing') === 200 && kinds('digest') === 200 && kinds('ping') === 0,
    `asked ${kinds('listing')} listings, ${kinds('digest')} digests, ${kinds('ping')} pings, ${each ? 'each once' : 'some more than once'}`,
  )
  promise(stdout.split(`:1.2.0@${digest}`).length > 200, 'all 200 images updated')
}

{
  const { host, asked, stop } = await startRegistry(versions, 50)
  const images = Array.from({ length: 299 }, () => `${host}/team/app:1.0.0`)
  const { milliseconds } = await run(
    program,
    [],
    resourceList([`${host}/team/app`], images, numbers),
  )
  stop()
  promise(
    [...asked.values()].join() === '1',
    `299 images of one repository: ${[...asked.values()].join()} listing, ${seconds(milliseconds)}`,
  )
}

{
  const { host, stop } = await startRegistry(versions, 0)
  const input = resourceList([`${host}/team/app`], [`${host}/team/app:1.0.0`], numbers)
  const bare = await median(11, () => run(process.execPath, ['-e', '0']))
  const whole = await median(11, () => run(program, [], input))
  stop()
  const ratio = whole.milliseconds / bare.milliseconds
  promise(
    ratio < 7,
    `one small list, whole process: ${seconds(whole.milliseconds)}, ${ratio.toFixed(1)} times node -e 0 (must be under 7)`,
  )
}

{
  const many = Array.from(
    { length: 50_000 },
    (_unused, index) => `1.${index % 1000}.${Math.floor(index / 1000)}`,
  )
  const { host, stop } = await startRegistry(many, 0)
  const input = resourceList([`${host}/team/app`], [`${host}/team/app:1.0.0`], numbers)
  const crane = await median(5, () => run('crane', ['ls', '--insecure', `${host}/team/app`])).catch(
    () => undefined,
  )
  const whole = await median(5, () => run(program, [], input))
  stop()
  if (crane === undefined)
    console.log(
      'skip   50,000 tags compared with `crane ls`: go install github.com/google/go-containerregistry/cmd/crane@latest',
    )
  else {
    const ratio = whole.milliseconds / crane.milliseconds
    promise(
      ratio < 6,
      `50,000 tags listed and chosen: ${seconds(whole.milliseconds)}, ${ratio.toFixed(1)} times crane ls (must be under 6)`,
    )
  }
}

process.exitCode = broken ? 1 : 0
