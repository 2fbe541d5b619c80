import { runOn } from '../../fixtures/apply.ts'

const value = 'ghcr.io/acme/app:v1.0.0'
const marker = '# {"$imagepolicy": "flux-system:app"}'
const metadata = 'metadata: {name: s}'
const marked = `stringData:\n  image: ${value} ${marker}\n`
const indent = (text: string, by: number) => text.replace(/^(?=.)/gm, ' '.repeat(by))
const item = (text: string) => `- ${indent(text, 2).slice(2)}`

/** Every way in which a document can hold a Secret. */
const secrets: readonly (readonly [string, string])[] = [
  ['as usual', `apiVersion: v1\nkind: Secret\n${metadata}\n${marked}`],
  ['with its kind in quotes', `apiVersion: v1\n"kind": 'Secret'\n${metadata}\n${marked}`],
  ['with its kind in escapes', `apiVersion: v1\nkind: "\\u0053ecret"\n${metadata}\n${marked}`],
  ['with a tag', `apiVersion: v1\nkind: !!str Secret\n${metadata}\n${marked}`],
  ['with an explicit key', `apiVersion: v1\n? kind\n: Secret\n${metadata}\n${marked}`],
  ['with its kind at the end', `apiVersion: v1\n${metadata}\n${marked}kind: Secret\n`],
  ['whose kind is an alias', `apiVersion: v1\nx: &k Secret\nkind: *k\n${metadata}\n${marked}`],
  ['whose kind is merged', `apiVersion: v1\n<<: {kind: Secret}\n${metadata}\n${marked}`],
  ['with two kinds', `apiVersion: v1\nkind: ConfigMap\nkind: Secret\n${metadata}\n${marked}`],
  ['with a mistyped kind', `apiVersion: v1\nkind: secret\n${metadata}\n${marked}`],
  ['without apiVersion', `kind: Secret\n${metadata}\n${marked}`],
  ['of another group', `apiVersion: vault.example.com/v1\nkind: Secret\n${metadata}\n${marked}`],
  [
    'in a List',
    `apiVersion: v1\nkind: List\nitems:\n${item(`apiVersion: v1\nkind: Secret\n${metadata}\n${marked}`)}`,
  ],
  [
    'in a SecretList, with a kind',
    `apiVersion: v1\nkind: SecretList\nitems:\n${item(`apiVersion: v1\nkind: Secret\n${metadata}\n${marked}`)}`,
  ],
  [
    'in a SecretList, without kind',
    `apiVersion: v1\nkind: SecretList\nitems:\n${item(`${metadata}\n${marked}`)}`,
  ],
  [
    'in a SecretList, with an empty kind',
    `apiVersion: v1\nkind: SecretList\nitems:\n${item(`kind: null\n${metadata}\n${marked}`)}`,
  ],
  [
    'in a SecretList without apiVersion',
    `kind: SecretList\nitems:\n${item(`${metadata}\n${marked}`)}`,
  ],
  [
    'in a SecretList whose elements are an alias',
    `apiVersion: v1\nkind: SecretList\nx: &i\n${item(`${metadata}\n${marked}`)}items: *i\n`,
  ],
  [
    'in an object of another kind',
    `apiVersion: kubernetes.crossplane.io/v1\nkind: Object\n${metadata}\nspec:\n  forProvider:\n    manifest:\n${indent(`apiVersion: v1\nkind: Secret\n${metadata}\n${marked}`, 6)}`,
  ],
]

describe.each(secrets)('a Secret %s', (_name, text) => {
  test('keeps its marked value, which is in no message', async () => {
    const { text: output, moved, warnings, results, errors } = await runOn(text)
    expect(errors).toEqual([])
    expect(output).toBe(text)
    expect(moved).toEqual([])
    expect(JSON.stringify(results)).not.toContain('v1.0.0')
    expect(warnings).toEqual([
      expect.stringContaining(
        'is left alone in spite of its marker: values of a Secret are never edited',
      ),
    ])
  })
})

test.each(secrets)('a configured field of a Secret %s keeps its value', async (_name, text) => {
  const plain = text.replaceAll(` ${marker}`, '')
  const kinds = ['ConfigMap', 'Object', 'secret', 'SecretList', 'null']
  const paths = ['stringData.image', 'spec.forProvider.manifest.stringData.image']
  const fields = kinds.flatMap(kind =>
    paths.map(path => ({ kind, path, policy: 'flux-system:app' })),
  )
  const { text: output, moved, results } = await runOn(plain, { config: { targets: { fields } } })
  expect(output).toBe(plain)
  expect(moved).toEqual([])
  expect(JSON.stringify(results)).not.toContain('v1.0.0')
})

test('an element of a list of another kind has the kind of the list', async () => {
  const list = `apiVersion: v1\nkind: PodList\nitems:\n- metadata: {name: p}\n  spec: {containers: [{image: "${value}"}]}\n`
  expect((await runOn(list)).text).toContain('ghcr.io/acme/app:v1.1.0')
})
