import { newDigest, oldDigest, policyFor, runOn } from '../fixtures/apply.ts'

const pod = (image: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: p, annotations: {fluxcd.io/tag.app: v1.1.0}}\nspec:\n  containers:\n  - image: ${image}\n`
const app = 'ghcr.io/acme/app'
const chosen = (digest?: string) =>
  `latestRef: {name: ${app}, tag: v1.1.0${digest ? `, digest: "${digest}"` : ''}}`

test.each([
  ['no tag', app, `${app}:v1.1.0`],
  ['a tag', `${app}:v1.0.0`, `${app}:v1.1.0`],
  ['a digest only', `${app}@${oldDigest}`, `${app}:v1.1.0@${newDigest}`],
  ['tag and digest', `${app}:v1.0.0@${oldDigest}`, `${app}:v1.1.0@${newDigest}`],
  ['the chosen tag and an old digest', `${app}:v1.1.0@${oldDigest}`, `${app}:v1.1.0@${newDigest}`],
])('%s', async (_name, before, after) => {
  expect((await runOn(pod(before))).text).toBe(pod(after))
})

describe('digests', () => {
  const pinned = `${app}:v1.0.0@${oldDigest}`
  const reflecting = policyFor(app, { spec: 'digestReflectionPolicy: Always' })
  test.each([
    ['policy', 'Never', `${app}:v1.0.0`, `${app}:v1.1.0`],
    ['policy', 'Never', pinned, `${app}:v1.1.0@${newDigest}`],
    ['policy', 'Always', `${app}:v1.0.0`, `${app}:v1.1.0@${newDigest}`],
    ['never', 'Always', `${app}:v1.0.0`, `${app}:v1.1.0`],
    ['never', 'Always', pinned, `${app}:v1.1.0`],
    ['always', 'Never', `${app}:v1.0.0`, `${app}:v1.1.0@${newDigest}`],
  ])('%s, digestReflectionPolicy %s: %s', async (digests, reflection, before, after) => {
    const policies = reflection === 'Always' ? reflecting : policyFor(app)
    const { text, warnings } = await runOn(pod(before), { policies, config: { digests } })
    expect({ text, warnings }).toEqual({ text: pod(after), warnings: [] })
  })

  test.each([
    ['never', 'Always', `${app}:v1.1.0@${newDigest}`],
    ['always', 'Never', `${app}:v1.1.0`],
  ])('%s: a marker follows its policy (%s) as in Flux', async (digests, reflection, after) => {
    const marked = (image: string) => `image: ${image} # {"$imagepolicy": "flux-system:app"}\n`
    const policies = reflection === 'Always' ? reflecting : policyFor(app)
    expect((await runOn(marked(`${app}:v1.0.0`), { policies, config: { digests } })).text).toBe(
      marked(after),
    )
  })

  test('a marker gets no digest that only another field of its policy needs', async () => {
    const input = `apiVersion: v1\nkind: A\nmetadata: {name: a}\nx: ${app}:v1.0.0 # {"$imagepolicy": "flux-system:app"}\ny: ${pinned}\n`
    const config = { targets: { fields: [{ kind: 'A', path: 'y', policy: 'flux-system:app' }] } }
    const { text } = await runOn(input, { config })
    expect(text).toContain(`x: ${app}:v1.1.0 #`)
    expect(text).toContain(`y: ${app}:v1.1.0@${newDigest}\n`)
  })
})

describe('a status', () => {
  const run = (image: string, status: string, config = {}) =>
    runOn(pod(image), {
      policies: policyFor(app, { status }),
      config: { source: 'status', ...config },
    })

  test('with a digest pins what was pinned', async () => {
    expect((await run(`${app}:v1.0.0@${oldDigest}`, chosen(newDigest))).text).toBe(
      pod(`${app}:v1.1.0@${newDigest}`),
    )
    expect((await run(`${app}:v1.0.0`, chosen(newDigest))).text).toBe(pod(`${app}:v1.1.0`))
  })

  test('without one keeps the digest of an unchanged tag', async () => {
    expect((await run(`${app}:v1.1.0@${oldDigest}`, chosen())).text).toBe(
      pod(`${app}:v1.1.0@${oldDigest}`),
    )
  })

  test('without one takes away that of another tag, with a warning', async () => {
    const { text, warnings } = await run(`${app}:v1.0.0@${oldDigest}`, chosen())
    expect(text).toBe(pod(`${app}:v1.1.0`))
    expect(warnings).toEqual([
      'Pod p spec.containers[0].image: loses its digest: none is known for "v1.1.0"',
    ])
  })

  test('without one can add none: a warning', async () => {
    const { text, warnings } = await run(`${app}:v1.0.0`, chosen(), { digests: 'always' })
    expect(text).toBe(pod(`${app}:v1.1.0`))
    expect(warnings[0]).toContain(
      'has no digest in `status.latestRef`, so `digests: always` can add none',
    )
  })

  test('leaves a digest of its own, with a warning, where none is known', async () => {
    const input = `apiVersion: v1\nkind: A\nmetadata: {name: a}\ndigest: ${oldDigest}\n`
    const fields = [{ kind: 'A', path: 'digest', part: 'digest', policy: 'flux-system:app' }]
    const { text, warnings } = await runOn(input, {
      policies: policyFor(app, { status: chosen() }),
      config: { source: 'status', targets: { fields } },
    })
    expect(text).toBe(input)
    expect(warnings).toEqual([
      'A a digest: keeps its digest, though none is known for "v1.1.0": it may belong to another tag',
    ])
  })
})
