import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseDocument } from 'yaml'
import { applyImagePolicies } from '../src/index.ts'
import { root } from './fixtures/built-program.ts'
import { blocksOf } from './fixtures/doc-page.ts'
import { filesOf, folderOf } from './fixtures/folder.ts'
import { type EditorServer, startEditorServer } from './fixtures/yaml-language-server.ts'

test('schemas/ is what `npm run schema` writes', () => {
  const folder = folderOf({})
  execFileSync(process.execPath, [`${root}scripts/schema.mjs`, folder])
  expect(filesOf(join(root, 'schemas'))).toEqual(filesOf(folder))
})

let editor: EditorServer
beforeAll(async () => {
  editor = await startEditorServer()
})
afterAll(() => editor.stop())

const textOf = (file: string) => readFileSync(join(root, file), 'utf8')
const schemaLine = (path: string) => `# yaml-language-server: $schema=${path}\n`

/** The problems that an editor shows in a functionConfig, by the schema of its form. */
async function shown(text: string): Promise<readonly string[]> {
  const form = /^kind: ConfigMap$/m.test(text) ? 'config-map' : 'function-config'
  const found = await editor.diagnose(
    join(root, 'test'),
    schemaLine(`../schemas/${form}.schema.json`) + text,
  )
  return found.map(problem => problem.replace(/^\d+/, line => String(Number(line) - 1)))
}

/** Whether the text is one object, of a kind that has a schema. */
const isFunctionConfig = (text: string) =>
  /^(?:#.*\n)*apiVersion: fn\.kpt\.dev\/v1alpha1\nkind: (?:Apply|Check)ImagePolicies\n/.test(
    text,
  ) ||
  (/^apiVersion: v1\nkind: ConfigMap\n/.test(text) && text.includes('name: image-policies'))

describe('an editor with yaml-language-server', () => {
  const examples = readdirSync(join(root, 'examples'), { recursive: true, encoding: 'utf8' })
    .map(name => `examples/${name}`)
    .filter(name => /(?:config|image-policies)\.yaml$/.test(name) && isFunctionConfig(textOf(name)))
    .sort()

  test('is led to the schema by the functionConfig of each example', () => {
    expect(examples).toEqual([
      'examples/check/config.yaml',
      'examples/kpt/package/image-policies.yaml',
      'examples/kustomize/overlay/image-policies.yaml',
    ])
  })

  test.each(examples)('accepts %s, and sees a wrong key in it', async name => {
    const text = textOf(name)
    const folder = join(root, dirname(name))
    expect(await editor.diagnose(folder, text)).toEqual([])
    const wrong = `${text.replace(/^spec:\n(?: {2}.*\n)*/m, '')}spec:\n  digest: always\n`
    expect(await editor.diagnose(folder, wrong)).toEqual([
      expect.stringContaining('Property digest is not allowed'),
    ])
  })

  const pages = ['README.md', ...readdirSync(join(root, 'docs')).map(name => `docs/${name}`)]
  const blocks = pages.flatMap(page =>
    blocksOf(textOf(page))
      .filter(({ language, text }) => language === 'yaml' && isFunctionConfig(text))
      .map(({ line, text }) => ({ page, line, text })),
  )

  test('is tested with the functionConfigs of the pages', () => {
    expect(blocks.length).toBeGreaterThan(4)
  })

  test.each(blocks)('accepts the functionConfig at $page:$line', async ({ text }) => {
    const digest = `sha256:${'1'.repeat(64)}`
    expect(await shown(text.replaceAll('sha256:…', digest))).toEqual([])
  })

  test('reads data of a ConfigMap as strings', async () => {
    const head = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: image-policies}\n'
    const good = 'data:\n  source: status\n  targets.markers: "false"\n  policies: "[]"\n'
    expect(await shown(head + good)).toEqual([])
    const bad = 'data:\n  annotations: false\n  source: lock\n  targets.marker: "true"\n'
    expect(await shown(head + bad)).toEqual([
      '5: Incorrect type. Expected "string".',
      '5: Value is not accepted. Valid values: "true", "false".',
      '6: Value is not accepted. Valid values: "auto", "registry", "status".',
      '7: Property targets.marker is not allowed.',
    ])
  })
})

const image = 'registry.example.com/shop/web'
const digest = `sha256:${'1'.repeat(64)}`
const flux = `{name: web, image: ${image}, policy: {semver: {range: 1.x}}}`
const inline = `{name: web, policy: {semver: {range: 1.x}}, oci: {image: ${image}}}`

/** `spec` of a functionConfig, and whether the program accepts it. */
const specs: readonly (readonly [accepted: boolean, spec: string])[] = [
  [true, '{}'],
  [true, '{mode: check, source: auto, onError: keep-current, inlinePolicies: strip, strict: true}'],
  [false, '{mode: checks}'],
  [false, '{source: lock}'],
  [false, '{strict: "true"}'],
  [false, '{digest: always}'],
  [true, '{targets: {fields: [{kind: Shop, path: spec.image, policy: "default:web"}]}}'],
  [false, '{targets: {fields: [{path: spec.image, policy: "default:web"}]}}'],
  [false, '{targets: {marker: false}}'],
]

const policies: readonly (readonly [accepted: boolean, policy: string])[] = [
  [true, flux],
  [true, flux.replace('1.x', '">=1.2.0 <2.0.0"')],
  [true, flux.replace('{name', '{namespace: shop, digestReflectionPolicy: Always, name')],
  [
    true,
    flux.replace('semver: {range: 1.x}', 'numerical: {order: desc}, alphabetical: {order: ASC}'),
  ],
  [true, flux.replace('semver: {range: 1.x}', 'numerical: {}')],
  [true, flux.replace('}}}', '}}, filterTags: {pattern: "^v(.*)$", extract: $1}}')],
  [true, flux.replace(image, 'localhost:5000/a_b/c')],
  [true, flux.replace(image, 'nginx')],
  [false, flux.replace(image, `${image}:v1`)],
  [false, flux.replace(image, `${image}@${digest}`)],
  [false, flux.replace(image, `https://${image}`)],
  [false, flux.replace(image, 'registry.example.com/Shop')],
  [false, flux.replace('name: web, ', '')],
  [false, flux.replace('semver', 'semvr')],
  [false, flux.replace('range', 'rang')],
  [false, flux.replace('1.x', '1.10')],
  [false, flux.replace('semver: {range: 1.x}', '')],
  [false, flux.replace('semver: {range: 1.x}', 'numerical: {order: up}')],
  [false, flux.replace('semver: {range: 1.x}', 'digest: {tag: stable}')],
  [false, flux.replace('{name', '{digestReflectionPolicy: always, name')],
  [false, flux.replace('}}}', '}}, filterTags: {regex: "^v(.*)$"}}')],
  [false, flux.replace('}}}', '}}, filterTags: "^v(.*)$"}')],
  [false, `{name: web, filterTags: {pattern: x}, policy: {semver: {range: 1.x}}}`],
  ...['aws', 'gcr', 'azure', 'github', 'dockerhub', 'oci'].map(
    key => [true, inline.replace('oci', key)] as const,
  ),
  [true, inline.replace('}}, oci', '}, identifier: v}, oci')],
  [true, inline.replace('1.x', '1.x, identifier: v')],
  [
    true,
    inline
      .replace('}}}', '}}}')
      .replace(
        image,
        `${image}, policy: {tags: {regex: "^v(.*)$", extract: $1, allowTags: [a], ignoreTags: []}}`,
      ),
  ],
  [true, inline.replace(image, `${image}, policy: {allowTags: [a], ignoreTags: [b]}`)],
  [true, inline.replace('semver: {range: 1.x}', `digest: ${digest}`)],
  [true, inline.replace('semver: {range: 1.x}', `digest: {pin: "${digest}"}`)],
  [true, inline.replace('semver: {range: 1.x}', 'digest: {tag: stable}')],
  [false, inline.replace('semver: {range: 1.x}', 'digest: stable')],
  [false, inline.replace('semver: {range: 1.x}', 'digest: {tag: "a b"}')],
  [false, inline.replace('semver: {range: 1.x}', `digest: {tag: stable, pin: "${digest}"}`)],
  [false, inline.replace('semver: {range: 1.x}', 'semver: {range: 1.x}, numerical: {order: asc}')],
  [false, inline.replace('oci', 'ghcr')],
  [false, inline.replace(', oci', `, aws: {image: ${image}}, oci`)],
  [false, inline.replace(`, oci: {image: ${image}}`, '')],
  [false, inline.replace(image, `${image}, policy: {tags: "^v"}`)],
  [false, inline.replace(image, `${image}, policy: {allowTags: a}`)],
  [false, inline.replace(image, `${image}, policy: {regex: a}`)],
  [false, inline.replace(image, `${image}, tags: {regex: a}`)],
  [false, inline.replace(image, `${image}, policy: {allowTags: [${'a, '.repeat(26)}]}`)],
  [false, '[web]'],
]

/**
 * Whether the program finds the functionConfig to be wrong. A registry is asked for the image, so
 * that the policy is read.
 */
async function isAccepted(functionConfig: string): Promise<boolean> {
  const pod = `apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: a, image: "${image}:v1.0.0"}]}\n`
  const tagSource = { listTags: async () => ['v1.0.0', '1.0.0', '1'], digestOf: async () => digest }
  const { results } = await applyImagePolicies(pod, { functionConfig, tagSource })
  return !results.some(({ tags }) => tags?.code === 'BAD_FIELD')
}

const cases = [
  ...specs,
  ...policies.map(([accepted, policy]) => [accepted, `{policies: [${policy}]}`] as const),
].map(([accepted, spec]) => ({
  accepted,
  spec,
  text: `apiVersion: fn.kpt.dev/v1alpha1\nkind: ApplyImagePolicies\nmetadata:\n  name: image-policies\nspec: ${spec}\n`,
}))

describe('the schema and the program agree:', () => {
  const shownIn = new Map<string, readonly string[]>()
  beforeAll(async () => {
    // at once: the server waits for more input before it checks a file
    const found = cases.map(async ({ text }) => shownIn.set(text, await shown(text)))
    await Promise.all(found)
  })

  test.each(cases)('accepted: $accepted, spec: $spec', async ({ accepted, text }) => {
    expect(parseDocument(text).errors).toEqual([])
    const problems = shownIn.get(text)
    expect({
      program: await isAccepted(text),
      schema: problems?.length === 0,
      problems,
    }).toEqual({ program: accepted, schema: accepted, problems: expect.anything() })
  })
})
