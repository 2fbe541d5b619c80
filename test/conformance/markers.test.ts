import { readFileSync } from 'node:fs'
import { parseAllDocuments } from 'yaml'
import { applyImagePolicies } from '../../src/index.ts'

interface Case {
  readonly input: string
  readonly policies: readonly {
    namespace: string
    name: string
    latestRef: { name: string; tag: string; digest?: string } | null
  }[]
  readonly changed?: boolean
  /** The text of each marked scalar afterwards, by `<document>:<JSON pointer>`. */
  readonly values?: Readonly<Record<string, string>>
  readonly error?: string
}

const lines = readFileSync(new URL('flux-markers.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
const cases = lines.map(line => JSON.parse(line) as Case)

const textAt = (source: string, pointer: string): string | undefined => {
  const [document = '', ...path] = pointer.split(/:\/|\//)
  const documents = parseAllDocuments(source, { uniqueKeys: false, schema: 'failsafe' })
  const node = (documents as { getIn(path: unknown[], keep: boolean): unknown }[])[
    Number(document)
  ]?.getIn(
    path.map(part => part.replaceAll('~1', '/').replaceAll('~0', '~')),
    true,
  ) as { source?: string; value?: unknown } | undefined
  return node?.source ?? (node?.value === null ? '' : String(node?.value))
}

test.each(cases.map((one, index) => [index, one] as const))(
  'Flux marker case %i',
  async (_index, { input, policies, values = {}, changed, error }) => {
    const objects = policies.map(({ namespace, name, latestRef }) => ({
      apiVersion: 'image.toolkit.fluxcd.io/v1',
      kind: 'ImagePolicy',
      metadata: { namespace, name },
      spec: {},
      ...(latestRef && { status: { latestRef } }),
    }))
    const functionConfig = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'c' },
      data: { source: 'status', 'targets.containers': 'false' },
    }
    const { output, exitCode, results } = await applyImagePolicies(input, {
      policies: objects,
      functionConfig,
    })
    if (error !== undefined) {
      expect(exitCode).toBe(1)
      expect(results.map(({ tags }) => tags?.flux)).toContain(error)
      return
    }
    if (parseAllDocuments(input, { uniqueKeys: false }).some(({ errors }) => errors.length > 0)) {
      expect(changed).toBe(false) // Flux skips a file that it can't parse; here broken YAML is an error with its place
      expect([exitCode, results[0]?.tags?.code]).toEqual([1, 'BAD_INPUT'])
      return
    }
    expect(results.filter(({ severity }) => severity === 'error')).toEqual([])
    const text = Buffer.from(output).toString()
    expect(text !== input).toBe(changed)
    for (const [pointer, value] of Object.entries(values))
      expect([pointer, textAt(text, pointer)]).toEqual([pointer, value])
  },
)
