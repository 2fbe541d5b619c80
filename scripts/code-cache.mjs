// Runs the built program on typical inputs and stores the code that V8 compiles in
// dist/code-cache/, including functions that V8 compiles at their first call.
// src/boot/load-program.ts gives the code back to V8, which then compiles almost nothing. The code
// fits only the Node that runs this file.
import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'

const root = new URL('..', import.meta.url).pathname

const registry = createServer(({ url, headers }, response) => {
  const { port } = registry.address()
  response.setHeader('content-type', 'application/json')
  response.setHeader('docker-content-digest', `sha256:${'0'.repeat(64)}`)
  if (url.startsWith('/token')) response.end('{"token":"anonymous"}')
  else if (headers.authorization)
    response.end('{"name":"app","tags":["v1.0.0","v1.1.0","v2.0.0-rc.1"]}')
  else
    response
      .writeHead(401, {
        'www-authenticate': `Bearer realm="http://127.0.0.1:${port}/token",service="registry"`,
      })
      .end()
}).listen(0, '127.0.0.1')
await new Promise(resolve => registry.once('listening', resolve))
const image = `127.0.0.1:${registry.address().port}/app`

const policies = [
  `apiVersion: image.toolkit.fluxcd.io/v1
kind: ImageRepository
metadata:
  name: app
  namespace: apps
spec:
  image: ${image}
`,
  `apiVersion: image.toolkit.fluxcd.io/v1
kind: ImagePolicy
metadata:
  name: app
  namespace: apps
spec:
  imageRepositoryRef:
    name: app
  filterTags:
    pattern: '^v(?P<version>.*)$'
    extract: $version
  policy:
    semver:
      range: 1.x
status:
  latestRef:
    name: ${image}
    tag: v1.1.0
`,
]

const workload = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: app
  namespace: apps
  labels: {app: "app"}
  annotations:
    config.kubernetes.io/path: 'app.yaml'
spec:
  template:
    spec:
      containers:
      - name: app
        # the application
        image: ${image}:v1.0.0
`
const marked = workload.replace('v1.0.0', 'v1.0.0 # {"$imagepolicy": "apps:app"}')
const unusual = workload.replace('{app: "app"}', '\n    ? app\n    : app')

const stream = documents => documents.join('---\n')
const resourceList = items => `apiVersion: config.kubernetes.io/v1
kind: ResourceList
items:
${items.map(item => `- ${item.trimEnd().replaceAll('\n', '\n  ')}\n`).join('')}functionConfig:
  apiVersion: v1
  kind: ConfigMap
  metadata:
    name: image-policies
  data:
    source: status
`

/** Each run starts with the code of the previous runs and adds its own. */
async function run(program, args, input, exitCode = 0) {
  const command = [
    '--require',
    `${root}scripts/keep-code.cjs`,
    `${root}dist/${program}.js`,
    ...args,
  ]
  // an empty environment: the code would fit only the flags of NODE_OPTIONS, and HOME may have
  // credentials
  const child = spawn(process.execPath, command, {
    env: { HOME: `${root}dist` },
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  child.stdin.end(input)
  const [stderr, code] = await Promise.all([
    text(child.stderr),
    new Promise(resolve => child.on('close', resolve)),
  ])
  if (code !== exitCode)
    throw new Error(
      `${program} ${args.join(' ')}: must exit with code ${exitCode}, got ${code}\n${stderr}`,
    )
}

rmSync(`${root}dist/code-cache`, { recursive: true, force: true })
await run('apply-image-policies', [], resourceList([...policies, marked]))
await run('check-image-policies', [], resourceList([...policies, workload]), 2)
const file = `${root}dist/package.json` // any YAML
await run('image-policy', ['--policies', file], stream([...policies, workload]))
await run('image-policy', ['--set', 'digests=always'], stream([...policies, workload]))
await run('image-policy', ['--set', 'source=status'], stream([...policies, unusual]))
registry.close()
