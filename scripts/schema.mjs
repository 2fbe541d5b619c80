// Writes the published JSON Schemas of the functionConfig, generated from the schema that validates
// it. Optional argument: the folder.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { toJsonSchema } from '@valibot/to-json-schema'
import { build } from 'esbuild'
import { policyDefinitions } from './policy-schema.mjs'

const root = new URL('..', import.meta.url).pathname
const folder = process.argv[2] ?? `${root}schemas`

const { outputFiles } = await build({
  absWorkingDir: root,
  stdin: {
    contents: `
      export { functionConfigSpec } from './src/krm/function-config-schema.ts'
      export { policyKinds } from './src/policy/kinds/policy-kinds.ts'
      export { digestOnly, tagOnly } from './src/image/reference.ts'`,
    resolveDir: root,
  },
  bundle: true,
  write: false,
  format: 'esm',
  platform: 'node',
})
const { functionConfigSpec, policyKinds, digestOnly, tagOnly } = await import(
  `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`
)
const { $schema, ...generated } = toJsonSchema(functionConfigSpec)

/** Values that the program knows but refuses today (src/resolve/lock.ts). */
const refused = new Map([['source', ['lock']]])

const spec = {
  ...generated,
  properties: Object.fromEntries(
    Object.entries(generated.properties).map(([key, schema]) => {
      if (key === 'policies') return [key, { ...schema, items: { $ref: '#/definitions/policy' } }]
      const values = refused.get(key)
      if (values === undefined) return [key, schema]
      return [key, { ...schema, enum: schema.enum.filter(value => !values.includes(value)) }]
    }),
  ),
}

const strings = { type: 'object', additionalProperties: { type: 'string' } }
const metadata = {
  type: 'object',
  properties: {
    name: { type: 'string' },
    namespace: { type: 'string', description: 'the namespace of the policies that name none' },
    annotations: strings,
    labels: strings,
  },
}

write('function-config.schema.json', {
  $id: 'urn:image-policy-fn:function-config',
  title: 'functionConfig of image-policy-fn',
  type: 'object',
  required: ['apiVersion', 'kind'],
  properties: {
    apiVersion: { const: 'fn.kpt.dev/v1alpha1' },
    kind: { enum: ['ApplyImagePolicies', 'CheckImagePolicies'] },
    metadata,
    spec,
  },
  additionalProperties: false,
  definitions: policyDefinitions(policyKinds, { tag: tagOnly.source, digest: digestOnly.source }),
})
write('config-map.schema.json', {
  $id: 'urn:image-policy-fn:config-map',
  title: 'functionConfig of image-policy-fn as a ConfigMap',
  type: 'object',
  required: ['apiVersion', 'kind'],
  properties: {
    apiVersion: { const: 'v1' },
    kind: { const: 'ConfigMap' },
    metadata,
    data: {
      type: 'object',
      properties: Object.fromEntries(asStrings(spec)),
      additionalProperties: false,
    },
  },
})

/** The settings as keys of a ConfigMap, whose values are strings: `targets.markers: "false"`. */
function asStrings({ properties }, prefix = '') {
  return Object.entries(properties).flatMap(([key, schema]) =>
    schema.type === 'object' && schema.properties !== undefined
      ? asStrings(schema, `${prefix}${key}.`)
      : [[prefix + key, asString(schema)]],
  )
}

function asString({ type, enum: values, description }) {
  if (type === 'boolean') return { type: 'string', enum: ['true', 'false'], description }
  if (values !== undefined) return { type: 'string', enum: values, description }
  if (type === 'string') return { type: 'string', description }
  return { type: 'string', description: `${description} (YAML in a string)` }
}

function write(name, schema) {
  const biome = [
    `${root}node_modules/@biomejs/biome/bin/biome`,
    'format',
    `--stdin-file-path=schemas/${name}`,
  ]
  const input = JSON.stringify({ $schema, ...schema }, null, 2)
  writeFileSync(`${folder}/${name}`, execFileSync(process.execPath, biome, { cwd: root, input }))
}
