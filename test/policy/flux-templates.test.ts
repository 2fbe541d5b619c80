import { applyImagePolicies, recordedTags } from '../../src/index.ts'

const image = 'ghcr.io/acme/app'
const tagSource = recordedTags(new Map([[image, ['1.0.0', '1.1.0']]]))
const head = 'apiVersion: image.toolkit.fluxcd.io/v1\nkind: ImageRepository\n'
const pod = `apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: a, image: "${image}:1.0.0"}]}\n`
const policy = `apiVersion: image.toolkit.fluxcd.io/v1
kind: ImageRepository
metadata: {name: app, namespace: apps}
spec: {image: ${image}}
---
apiVersion: image.toolkit.fluxcd.io/v1
kind: ImagePolicy
metadata: {name: app, namespace: apps}
spec: {imageRepositoryRef: {name: app}, policy: {semver: {range: 1.x}}}
`

async function run(stdin: string, policies: readonly string[]) {
  const { changes, results, exitCode } = await applyImagePolicies(stdin, {
    policies,
    tagSource,
    functionConfig: { annotations: false },
  })
  const of = (severity: string) =>
    results
      .filter(result => result.severity === severity && !result.message.startsWith('summary'))
      .map(({ message }) => message)
  return { moved: changes.length, exitCode, warnings: of('warning'), errors: of('error') }
}

const templates: readonly (readonly [string, string])[] = [
  ['of a value', `${head}metadata: {name: x}\nspec:\n  image: {{ .Values.image }}\n`],
  ['of a name', `${head}metadata:\n  name: {{ .Release.Name }}\nspec:\n  image: ${image}\n`],
  [
    'of a part of a value',
    `${head}metadata: {name: x}\nspec:\n  image: {{ .Values.registry }}/app\n`,
  ],
  [
    'of a part of a name',
    `${head}metadata:\n  name: {{ .Release.Name }}-app\nspec:\n  image: ${image}\n`,
  ],
  [
    'with a condition',
    `{{- if .Values.on }}\n${head}metadata: {name: x}\nspec:\n  image: ${image}\n{{- end }}\n`,
  ],
  [
    'with a condition inside',
    `${head}metadata: {name: x}\nspec:\n  image: ${image}\n  {{- if .Values.on }}\n  interval: 5m\n  {{- end }}\n`,
  ],
  [
    'with a condition at its end',
    `${head}metadata: {name: x}\nspec:\n  image: ${image}\n{{- with .Values.x }}\n  interval: 5m\n{{- end }}\n`,
  ],
  [
    'with an include',
    `${head}metadata:\n  name: {{ include "x.name" . }}\nspec:\n  image: ${image}\n`,
  ],
  [
    'with an include of labels',
    `${head}metadata:\n  name: x\n  labels:\n    {{- include "x.labels" . | nindent 4 }}\nspec:\n  image: ${image}\n`,
  ],
  [
    'with labels on one line',
    `${head}metadata:\n  name: x\n  labels: {{- include "x.labels" . | nindent 4 }}\nspec:\n  image: ${image}\n`,
  ],
  [
    'with a loop',
    `{{- range .Values.images }}\n---\n${head}metadata: {name: x}\nspec:\n  image: {{ . }}\n{{- end }}\n`,
  ],
]
const problem =
  'is a template with `{{ }}`, as those of Helm charts are, not YAML; render it first, for example with `helm template`'

test.each(templates)('a template %s in --policies is a warning', async (_name, template) => {
  const { warnings, ...rest } = await run(pod, [policy, template])
  expect(rest).toEqual({ moved: 1, exitCode: 0, errors: [] })
  expect(warnings.length).toBeGreaterThan(0)
  for (const warning of warnings) expect(warning).toContain(problem)
})

test.each(templates)('a template %s on stdin is an error', async (_name, template) => {
  const { errors, exitCode, moved } = await run(`${pod}---\n${template}`, [policy])
  expect({ exitCode, moved }).toEqual({ exitCode: 1, moved: 0 })
  expect(errors.join('\n')).toContain(problem)
})

test('a broken file with a template in its text is not a template', async () => {
  const automation = `apiVersion: image.toolkit.fluxcd.io/v1\nkind: ImageUpdateAutomation\nmetadata: {name: x}\nspec:\n  git:\n    commit:\n      messageTemplate: |\n        {{ range .Changed.Changes }}{{ .Values.x }}{{ end }}\n  interval: "5m\n`
  const { errors, exitCode } = await run(pod, [policy, automation])
  expect(exitCode).toBe(1)
  expect(errors).toEqual([expect.stringContaining('must be YAML: Missing closing "quote')])
})

test('an automation with a template in its text is read', async () => {
  const automation = `apiVersion: image.toolkit.fluxcd.io/v1\nkind: ImageUpdateAutomation\nmetadata: {name: x}\nspec:\n  sourceRef: {kind: GitRepository, name: x}\n  git:\n    commit:\n      messageTemplate: "{{ range .Changed.Changes }}{{ .Values.x }}{{ end }}"\n  interval: 5m\n`
  expect(await run(pod, [policy, automation])).toEqual({
    moved: 1,
    exitCode: 0,
    warnings: [],
    errors: [],
  })
})
