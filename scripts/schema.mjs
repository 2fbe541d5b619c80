// Prints the JSON Schema of the functionConfig, made from the schema that validates it: `npm run schema` writes it to schemas/.
import { toJsonSchema } from '@valibot/to-json-schema'
import { build } from 'esbuild'

const { outputFiles } = await build({
  absWorkingDir: new URL('..', import.meta.url).pathname,
  entryPoints: ['src/krm/function-config-schema.ts'],
  bundle: true,
  write: false,
  format: 'esm',
  platform: 'node',
})
const { functionConfigSpec } = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`)
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
process.stdout.write(`${JSON.stringify(schema, null, 2)}\n`)
