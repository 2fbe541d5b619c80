import { readFileSync } from 'node:fs'
import { evaluateAll, type Given } from '../fixtures/evaluated.ts'

const image = 'ghcr.io/acme/app:v1.0.0'
const marker = '# {"$imagepolicy": "flux-system:app"}'

/** The near misses of some documents, with their places. */
async function missesIn(...given: readonly Given[]): Promise<readonly string[]> {
  const { stderr } = await evaluateAll(given)
  return stderr
    .split('\n')
    .filter(line => line.includes('$imagepolicy'))
    .map(line => line.replace(/^warning: /, ''))
}

const near = (place: string, reason: string) =>
  `${place}: mentions $imagepolicy, but marks nothing: ${reason}`
const alone = 'it is on a line of its own; put it after the value, on the same line'
const inSequence =
  'Flux reads markers only in mappings, and this is in a document whose root is a sequence'

describe('a warning names the line and the reason', () => {
  test.each<readonly [string, string, number, string]>([
    [
      'broken JSON',
      `a: b\nimage: ${image} # {"$imagepolicy": "x:y"\n`,
      2,
      'a marker must be one JSON object, and this is not valid JSON',
    ],
    [
      'an unknown part',
      `image: ${image} # {"$imagepolicy": "x:y:z"}\n`,
      1,
      'the part after the name of the policy must be tag, name or digest, got "z"',
    ],
    [
      'single quotes',
      `image: ${image} # {'$imagepolicy': 'x:y'}\n`,
      1,
      'a marker must be JSON: use double quotes',
    ],
    [
      'text after the JSON',
      `image: ${image} ${marker} x\n`,
      1,
      'a marker must not have text after it',
    ],
    [
      'a comment before it',
      `image: ${image} # web ${marker}\n`,
      1,
      'a marker must be a JSON object, without text before it',
    ],
    ['above its key', `a: b\n${marker}\nimage: ${image}\n`, 2, alone],
    ['above the first key', `${marker}\nimage: ${image}\n`, 1, alone],
    ['above a nested key', `a:\n  ${marker}\n  image: ${image}\n`, 2, alone],
    ['below the last key', `image: ${image}\n${marker}\n`, 2, alone],
    [
      'broken, above its key',
      `# {"$imagepolicy": x:y}\nimage: ${image}\n`,
      1,
      'a marker must be one JSON object, and this is not valid JSON',
    ],
    [
      'after a key without value',
      `image: ${marker}\nb: c\n`,
      1,
      'it does not follow a scalar value',
    ],
    [
      'after a key of a mapping',
      `image: ${marker}\n  a: b\n`,
      1,
      'it does not follow a scalar value',
    ],
    ['after a bracket', `a: [\n  ${image}\n] ${marker}\n`, 3, 'it does not follow a scalar value'],
    [
      'in a block scalar',
      `a: |\n  image: ${image} ${marker}\n`,
      2,
      'it is text of a block scalar, not a comment',
    ],
    [
      'in a folded scalar, beside a real one',
      `a: >-\n  image: ${image} ${marker}\nimage: ${image} ${marker}\n`,
      2,
      'it is text of a block scalar, not a comment',
    ],
    ['in a sequence at the top', `- image: ${image} ${marker}\n`, 1, inSequence],
    ['in a flow sequence at the top', `[\n  ${image}, ${marker}\n]\n`, 2, inSequence],
    ['above an item of a sequence at the top', `- a\n${marker}\n- ${image}\n`, 2, inSequence],
  ])('%s', async (_what, text, line, reason) => {
    expect(await missesIn(text)).toEqual([near(`stdin:${line}`, reason)])
  })

  test('of a resource, of a file', async () => {
    const text = `apiVersion: v1\nkind: A\nmetadata: {name: a}\nimage: ${image} ${marker} x\n`
    const reason = 'a marker must not have text after it'
    expect(await missesIn(text)).toEqual([near('A a stdin:4', reason)])
    expect(await missesIn({ text: `${marker} x\na: b\n`, file: 'v.yaml' })).toEqual([
      near('v.yaml:1', reason),
    ])
  })

  test('between the items of a list', async () => {
    const list = `apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n- {apiVersion: v1, kind: A, metadata: {name: a}}\n  ${marker}\n`
    expect(await missesIn(list)).toEqual([near('stdin:5', alone)])
  })

  test('of a document that is only read are not reported', async () => {
    expect(await missesIn({ text: `a: b ${marker} x\n`, file: 'v.yaml', writable: false })).toEqual(
      [],
    )
  })

  test('for ten lines of a document at most', async () => {
    const text = Array.from({ length: 13 }, (_, index) => `k${index}: v ${marker} x\n`).join('')
    const misses = await missesIn(text, { text: `a: b ${marker} x\n`, file: 'v.yaml' })
    expect(misses).toHaveLength(12)
    expect(misses).toContain('stdin: mentions $imagepolicy on 3 more lines that mark nothing')
  })
})

describe('no warning for', () => {
  const list = (comment: string) =>
    `apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n- apiVersion: v1\n  kind: A\n  metadata: {name: a}\n${comment}\n`
  test.each([
    ['prose after a value', `image: ${image} # see $imagepolicy\n`],
    ['prose with quotes', `image: ${image} # the "$imagepolicy" of the app\n`],
    ['prose on a line of its own', `# {"$imagepolicy"} comments mark images\nimage: x\n`],
    ['a header with an example', `# Images are marked by {"$imagepolicy": "ns:name"}.\na: b\n`],
    ['YAML that is commented out', `a: b\n# image: ${image} ${marker}\nc: d\n`],
    ['prose in a sequence at the top', `- image: ${image} # see $imagepolicy\n`],
    ['YAML that is commented out in a sequence at the top', `- a\n# - ${image} ${marker}\n`],
    ['data in a sequence at the top', `- '{"$imagepolicy": "flux-system:app"}'\n`],
    ['data', `a: '{"$imagepolicy": "flux-system:app"}'\nb: "# $imagepolicy: x"\n`],
    ['prose in a block scalar', 'a: |\n  # see $imagepolicy: it marks\n  b: c\n'],
    ['prose between the items of a list', list('  # "$imagepolicy"')],
    ['text in quotes on several lines', `a: 'x\n  ${marker}\n  y'\n`],
    ['a marker', `image: ${image} ${marker}\n`],
    ['a marker after a text with a comment sign', `image: "a # b" ${marker}\n`],
    ['a marker above an item', `images:\n${marker}\n- ${image}\n`],
    ['a marker of an item in flow style', `{images: [${image}, ${marker}\n b]}\n`],
    ['a marker after a block scalar’s sign', `image: | ${marker}\n  ${image}\n`],
    ['a marker with a comma before it', `{image: ${image}, ${marker}\n b: c}\n`],
  ])('%s', async (_what, text) => {
    expect(await missesIn(text)).toEqual([])
  })
})

interface Case {
  readonly input: string
  readonly policies: readonly {
    namespace: string
    name: string
    latestRef: { name: string; tag: string; digest?: string } | null
  }[]
  readonly error?: string
}

describe('what Flux honours is never a near miss', () => {
  const cases = readFileSync(new URL('../conformance/flux-markers.jsonl', import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Case)
    .filter(({ error }) => error === undefined)

  test('in the files that Flux was run on', async () => {
    let honoured = 0
    for (const { input, policies } of cases) {
      const objects = policies.flatMap(({ namespace, name, latestRef }) => [
        {
          apiVersion: 'image.toolkit.fluxcd.io/v1',
          kind: 'ImageRepository',
          metadata: { namespace, name },
          spec: { image: latestRef?.name ?? 'x/y' },
        },
        {
          apiVersion: 'image.toolkit.fluxcd.io/v1',
          kind: 'ImagePolicy',
          metadata: { namespace, name, generation: 1 },
          spec: { imageRepositoryRef: { name }, policy: { alphabetical: {} } },
          status: {
            ...(latestRef && { latestRef }),
            observedGeneration: 1,
            conditions: [{ type: 'Ready', status: 'True' }],
          },
        },
      ])
      const { evaluation } = await evaluateAll([{ text: input, file: 'f.yaml' }], {
        policies: objects.map(object => JSON.stringify(object)).join('\n---\n'),
        config: { source: 'status', targets: { containers: false, kustomizeImages: false } },
      })
      const changed = new Set(
        evaluation.changes.map(({ offset = 0 }) => input.slice(0, offset).split('\n').length),
      )
      honoured += changed.size
      for (const { problem, place } of evaluation.notices)
        if (problem.startsWith('mentions $imagepolicy, but'))
          expect(changed).not.toContain(place?.line)
    }
    expect(honoured).toBeGreaterThan(100)
  })
})
