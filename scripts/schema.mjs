// Writes the published JSON Schema of the functionConfig, generated from the schema that validates it. Optional argument: the output file.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { toJsonSchema } from '@valibot/to-json-schema'
import { build } from 'esbuild'

const root = new URL('..', import.meta.url).pathname
const file = process.argv[2] ?? `${root}schemas/function-config.schema.json`

const { outputFiles } = await build({
  absWorkingDir: root,
  entryPoints: ['src/krm/function-config-schema.ts'],
  bundle: true,
  write: false,
  format: 'esm',
  platform: 'node',
})
const { functionConfigSpec } = await import(
  `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`
)
const { $schema, ...spec } = toJsonSchema(functionConfigSpec)

const schema = {
  $schema,
  title: 'functionConfig of image-policy-fn',
  type: 'object',
  required: ['apiVersion', 'kind'],
  properties: {
    apiVersion: { const: 'fn.kpt.dev/v1alpha1' },
    kind: { enum: ['ApplyImagePolicies', 'CheckImagePolicies'] },
    metadata: { type: 'object' },
    spec,
  },
}
const biome = [
  `${root}node_modules/@biomejs/biome/bin/biome`,
  'format',
  '--stdin-file-path=schemas/function-config.schema.json',
]
writeFileSync(
  file,
  execFileSync(process.execPath, biome, { cwd: root, input: JSON.stringify(schema, null, 2) }),
)
