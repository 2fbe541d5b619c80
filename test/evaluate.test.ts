import { FunctionError } from '../src/errors.ts'
import { evaluate } from '../src/evaluate.ts'
import { newProblems } from '../src/problems.ts'
import { openFor } from '../src/steps/open-for.ts'
import { changedFiles } from '../src/write/files.ts'
import { newDigest, policyFor, someTags, workload } from './fixtures/apply.ts'
import { bytesOf } from './fixtures/bytes-of.ts'
import { type EvaluateOptions, evaluateAll } from './fixtures/evaluated.ts'

const old = 'ghcr.io/acme/app:v1.0.0'
const deployment = (tag = 'v1.0.0') =>
  workload(`containers:\n- name: a\n  image: ghcr.io/acme/app:${tag}\n`)
const after = workload('containers:\n- name: a\n  image: ghcr.io/acme/app:v1.1.0\n', {
  metadata: 'name: web, annotations: {fluxcd.io/tag.app: v1.1.0}',
})

describe('several documents', () => {
  test.each([
    ['images of containers', deployment(), after],
    [
      'markers',
      `image: ${old} # {"$imagepolicy": "flux-system:app"}\n`,
      'image: ghcr.io/acme/app:v1.1.0 # {"$imagepolicy": "flux-system:app"}\n',
    ],
    [
      'shared texts',
      `apiVersion: v1\nkind: Pod\nmetadata: {annotations: {fluxcd.io/tag.app: v1.1.0}}\nspec:\n  containers:\n  - image: &i ${old}\n  - image: *i\n`,
      `apiVersion: v1\nkind: Pod\nmetadata: {annotations: {fluxcd.io/tag.app: v1.1.0}}\nspec:\n  containers:\n  - image: &i ghcr.io/acme/app:v1.1.0\n  - image: *i\n`,
    ],
  ])('with the same bytes are all changed: %s', async (_what, before, changed) => {
    const { texts, evaluation, documents, edits, errors } = await evaluateAll([
      { text: before, file: 'a.yaml' },
      { text: before, file: 'only-read.yaml', writable: false },
      { text: before, file: 'b.yaml' },
      { text: 'a: b\n', file: 'other.yaml' },
    ])
    expect(errors).toEqual([])
    expect(texts).toEqual([changed, before, changed, 'a: b\n'])
    expect(new Set(evaluation.changes.map(({ resource }) => resource.document))).toEqual(
      new Set([documents[0], documents[2]]),
    )
    const files = [...changedFiles(documents, edits)]
    expect(files.map(({ file, content }) => [file, bytesOf(content).toString()])).toEqual([
      ['a.yaml', changed],
      ['b.yaml', changed],
    ])
  })

  test('their changes are in the order of the documents', async () => {
    const { evaluation } = await evaluateAll([
      { text: `${deployment()}---\nimages: x\n`, file: 'b.yaml' },
      { text: deployment(), file: 'a.yaml' },
    ])
    expect(evaluation.changes.map(({ resource }) => resource.id.file)).toEqual([
      'b.yaml',
      'b.yaml',
      'a.yaml',
      'a.yaml',
    ])
  })

  test('policies and workloads may be in any of them', async () => {
    const { texts } = await evaluateAll(
      [
        { text: deployment(), file: 'a.yaml' },
        { text: policyFor('ghcr.io/acme/app'), file: 'p.yaml' },
      ],
      { policies: 'a: b\n' },
    )
    expect(texts[0]).toBe(after)
  })
})

describe('a vetoed workload', () => {
  const locked = (tag: string) =>
    workload(`containers:\n- name: a\n  image: ghcr.io/acme/app:${tag}\n`, {
      metadata: 'name: web, annotations: {fluxcd.io/locked: "true", fluxcd.io/locked_msg: audit}',
    })
  const place = 'Deployment web spec.template.spec.containers[0].image'
  const reason = 'is left alone: the annotation `fluxcd.io/locked` is "true": audit'
  const failing = (code: 'REGISTRY_FAILED' | 'REGISTRY_DENIED') => ({
    listTags: async () => {
      throw new FunctionError(code, 'no answer')
    },
    digestOf: async () => newDigest,
  })

  test('is one note if it would change, in check mode too', async () => {
    for (const mode of ['apply', 'check']) {
      const { stderr, moved } = await evaluateAll([locked('v1.0.0')], { config: { mode } })
      expect(moved).toEqual([])
      expect(stderr).toBe(
        `note: ${place}: ${reason}; the policy chooses "ghcr.io/acme/app:v1.1.0"\n`,
      )
    }
  })

  test('is only information if it is up to date', async () => {
    const { stderr, infos } = await evaluateAll([locked('v1.1.0')])
    expect({ stderr, infos }).toEqual({ stderr: '', infos: [reason] })
  })

  test('is not a warning that `strict` refuses', async () => {
    const { errors } = await evaluateAll([locked('v1.0.0')], { config: { strict: true } })
    expect(errors).toEqual([])
  })

  test.each<readonly [string, EvaluateOptions, string]>([
    ['a dead registry', { source: failing('REGISTRY_FAILED') }, 'no answer'],
    ['a refusal', { source: failing('REGISTRY_DENIED') }, 'no answer'],
    [
      'a dead registry, with `strict`',
      { source: failing('REGISTRY_FAILED'), config: { strict: true } },
      'no answer',
    ],
    [
      'a dead registry, with `onError: keep-current`',
      { source: failing('REGISTRY_FAILED'), config: { onError: 'keep-current' } },
      'keeps its current image because of `onError: keep-current`: no answer',
    ],
    [
      'no tag in the range',
      { policies: policyFor('ghcr.io/acme/app', { policy: 'semver: {range: ">9"}' }) },
      'a tag must qualify, got none',
    ],
    ['no status', { config: { source: 'status' } }, 'has no `status.latestRef`'],
  ])('alone makes no error of %s', async (_what, options, info) => {
    const { stderr, errors, infos } = await evaluateAll([locked('v1.0.0')], options)
    expect({ stderr, errors }).toEqual({ stderr: '', errors: [] })
    expect(infos[0]).toContain(info)
    expect(infos.at(-1)).toBe(reason)
  })

  test('beside another workload of its policy does: the failure is one error', async () => {
    const { errors } = await evaluateAll([`${locked('v1.0.0')}---\n${deployment()}`], {
      source: failing('REGISTRY_FAILED'),
    })
    expect(errors).toEqual(['no answer'])
  })

  test('alone leaves a wrong rule an error', async () => {
    const policies = policyFor('ghcr.io/acme/app', { policy: 'semver: {range: "x y"}' })
    const { errors } = await evaluateAll([locked('v1.0.0')], { policies })
    expect(errors).toEqual([
      'ImagePolicy flux-system/app (policies.yaml) spec.policy.semver.range: must be a version range such as ">=1.2.0 <2.0.0", got "x y": improper constraint: "x y"',
    ])
  })

  test('does not keep other policies from their answers', async () => {
    const policies = `${policyFor('ghcr.io/dead/app', { name: 'dead' })}---\n${policyFor('ghcr.io/acme/app')}`
    const dead = locked('1').replace('acme', 'dead')
    const { texts, errors } = await evaluateAll([`${dead}---\n${deployment()}`], { policies })
    expect(errors).toEqual([])
    expect(texts).toEqual([`${dead}---\n${after}`])
  })
})

describe('the world', () => {
  const world = { mode: 'apply', settings: [] } as const
  const open = (text: string, file?: string) =>
    openFor(Buffer.from(text), { writable: true, ...(file !== undefined && { file }) })

  test('is not asked if no policy governs anything', async () => {
    const documents = [await open(`${policyFor('ghcr.io/acme/app')}---\na: b\n`)]
    const { errors } = await evaluate(documents, {
      ...world,
      openTagSource: () => Promise.reject(new Error('must not be asked')),
    })
    expect(errors).toEqual([])
  })

  test('is not asked if the functionConfig is wrong, or a lock is there', async () => {
    const text = `${policyFor('ghcr.io/acme/app')}---\n${deployment()}`
    const openTagSource = () => Promise.reject(new Error('must not be asked'))
    const wrong = await evaluate([await open(text)], {
      ...world,
      settings: [['no', 'key']],
      openTagSource,
    })
    expect(wrong.errors.map(({ code }) => code)).toEqual(['BAD_FIELD'])
    const lock = 'apiVersion: fn.kpt.dev/v1alpha1\nkind: ImagePolicyLock\nmetadata: {name: l}\n'
    const locked = await evaluate([await open(`${text}---\n${lock}`)], { ...world, openTagSource })
    expect(locked.errors.map(({ code }) => code)).toEqual(['BAD_FIELD'])
    expect([...wrong.changes, ...locked.changes]).toEqual([])
  })

  test('gives settings that win over the functionConfig of a list, which wins over its replacement', async () => {
    const config = (name: string, mode: string) =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {mode: ${mode}}\n`
    const list = `apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems: []\n`
    const own = `functionConfig: {apiVersion: v1, kind: ConfigMap, metadata: {name: own}, data: {mode: apply}}\n`
    const functionConfig = await open(config('other', 'check'), 'c.yaml')
    const run = async (text: string, settings: readonly (readonly [string, string])[] = []) => {
      const { config } = await evaluate([await open(text)], {
        ...world,
        settings,
        functionConfig,
        openTagSource: async () => someTags(),
      })
      return [config.resource.name, config.mode]
    }
    expect(await run(list)).toEqual(['other', 'check'])
    expect(await run(list + own)).toEqual(['own', 'apply'])
    expect(await run(list + own, [['mode', 'check']])).toEqual(['own', 'check'])
  })

  test('may have met problems already: they are reported, and refused if `strict` asks', async () => {
    const problems = newProblems()
    problems.warn('slow')
    const { errors, notices } = await evaluate(
      [await open('a: b\n')],
      { ...world, settings: [['strict', 'true']], openTagSource: async () => someTags() },
      problems,
    )
    expect(notices).toEqual([])
    expect(errors[0]?.message).toBe('slow (an error because of `strict`)')
  })
})
