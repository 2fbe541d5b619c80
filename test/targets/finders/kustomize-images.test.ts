import { newDigest, oldDigest, policyFor, runOn, workload } from '../../fixtures/apply.ts'

const kustomization = (entries: string) =>
  `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nimages:\n${entries}`

test.each([
  [
    'a tag',
    '- name: ghcr.io/acme/app\n  newTag: v1.0.0 # note\n',
    '- name: ghcr.io/acme/app\n  newTag: v1.1.0 # note\n',
  ],
  [
    'a newName',
    '- name: app\n  newName: ghcr.io/acme/app\n  newTag: v1.0.0\n',
    '- name: app\n  newName: ghcr.io/acme/app\n  newTag: v1.1.0\n',
  ],
  [
    'both tag and digest',
    `- name: ghcr.io/acme/app\n  newTag: v1.0.0\n  digest: ${oldDigest}\n`,
    `- name: ghcr.io/acme/app\n  newTag: v1.1.0\n  digest: ${newDigest}\n`,
  ],
  [
    'a flow entry',
    `- {name: ghcr.io/acme/app, digest: "${oldDigest}"}\n`,
    `- {name: ghcr.io/acme/app, digest: "${newDigest}", newTag: v1.1.0}\n`,
  ],
  [
    'only a digest',
    `- digest: ${oldDigest}\n  name: ghcr.io/acme/app\n`,
    `- digest: ${newDigest}\n  name: ghcr.io/acme/app\n  newTag: v1.1.0\n`,
  ],
])('an entry with %s', async (_name, before, after) => {
  const { text, errors } = await runOn(kustomization(before))
  expect(errors).toEqual([])
  expect(text).toBe(kustomization(after))
})

describe('an entry without newTag and digest', () => {
  const rename = '- name: app\n  newName: ghcr.io/acme/app\n'
  const pod = (image: string) => workload(`containers:\n- {name: a, image: ${image}}\n`)

  test.each(['app:v1.0.0', 'app', '"app:v1.0.0"', '&a app:v1.0.0', `app@${oldDigest}`])(
    'sets the tag of the image %s, which it renames',
    async image => {
      const { text, errors } = await runOn(`${kustomization(rename)}---\n${pod(image)}`)
      expect(errors).toEqual([])
      expect(text).toBe(`${kustomization(`${rename}  newTag: v1.1.0\n`)}---\n${pod(image)}`)
    },
  )

  test.each<readonly [string, string, string, string[]]>([
    ['if the input has no image', rename, '', []],
    ['if no image has its name', rename, pod('my/app:v1.0.0'), []],
    ['if an image only begins with its name', rename, pod('app2:v1.0.0'), []],
    ['without newName, alone', '- name: ghcr.io/acme/app\n', '', []],
    [
      'without newName: the image is governed by itself',
      '- name: ghcr.io/acme/app\n',
      pod('ghcr.io/acme/app:v1.0.0'),
      ['spec.template.spec.containers[0].image ghcr.io/acme/app:v1.1.0'],
    ],
    [
      'with the same newName',
      '- name: ghcr.io/acme/app\n  newName: ghcr.io/acme/app\n',
      pod('ghcr.io/acme/app:v1.0.0'),
      ['spec.template.spec.containers[0].image ghcr.io/acme/app:v1.1.0'],
    ],
  ])('gets none %s', async (_name, entries, workloads, images) => {
    const { moved, errors, warnings, infos } = await runOn(
      `${kustomization(entries)}---\n${workloads}`,
    )
    expect({ errors, warnings }).toEqual({ errors: [], warnings: [] })
    expect(moved.filter(path => !path.startsWith('metadata'))).toEqual(images)
    expect(infos.join('\n')).toContain(
      'images[0] stdin: sets no tag, and renames no image that would otherwise stay',
    )
  })
})

test('spec.images of a Flux Kustomization', async () => {
  const input =
    'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: apps, namespace: flux-system}\nspec:\n  images:\n  - name: ghcr.io/acme/app\n    newTag: v1.0.0\n'
  expect((await runOn(input)).text).toBe(input.replace('v1.0.0', 'v1.1.0'))
})

test('the entry moves instead of the containers that it covers, which must be spelled as it is', async () => {
  const covered = workload(
    'containers:\n- name: a\n  image: nginx:1.0.0\n- name: b\n  image: docker.io/library/nginx:1.0.0\n',
  )
  const { moved, infos } = await runOn(
    `${kustomization('- name: nginx\n  newTag: 1.0.0\n')}---\n${covered}`,
    {
      policies: policyFor('nginx'),
    },
  )
  expect(moved).toEqual([
    'images[0].newTag 1.1.0',
    'spec.template.spec.containers[1].image docker.io/library/nginx:1.1.0',
    'metadata.annotations[fluxcd.io/tag.nginx] 1.1.0',
  ])
  expect(infos).toContain(
    'Deployment web spec.template.spec.containers[0].image: is left alone: Kustomization images[0] stdin sets its tag',
  )
})

test('a placeholder is left alone, digest and all', async () => {
  const input = kustomization(
    `- name: ghcr.io/acme/app\n  newTag: \${TAG}\n  digest: ${oldDigest}\n`,
  )
  const { text, warnings } = await runOn(input)
  expect(text).toBe(input)
  expect(warnings).toEqual(['Kustomization images[0] stdin: is left alone: "${TAG}" is not a tag'])
})

test('with targets.kustomizeImages: false they stay, and the containers move', async () => {
  const entry = kustomization('- name: ghcr.io/acme/app\n  newTag: v1.0.0\n')
  const { moved } = await runOn(
    `${entry}---\n${workload('containers:\n- image: ghcr.io/acme/app:v1.0.0\n')}`,
    {
      config: { targets: { kustomizeImages: false } },
    },
  )
  expect(moved[0]).toBe('spec.template.spec.containers[0].image ghcr.io/acme/app:v1.1.0')
})

describe('a status without digest', () => {
  const policies = policyFor('ghcr.io/acme/app', {
    status: 'latestRef: {name: ghcr.io/acme/app, tag: v1.1.0}',
  })
  const run = (entries: string) =>
    runOn(kustomization(entries), { policies, config: { source: 'status' } })

  test('leaves the digest of an unchanged tag', async () => {
    const entries = `- name: ghcr.io/acme/app\n  newTag: v1.1.0\n  digest: ${oldDigest}\n`
    expect((await run(entries)).text).toBe(kustomization(entries))
  })

  test('takes away that of another tag, with a warning', async () => {
    const { text, warnings } = await run(
      `- name: ghcr.io/acme/app\n  newTag: v1.0.0\n  digest: ${oldDigest}\n`,
    )
    expect(text).toBe(kustomization('- name: ghcr.io/acme/app\n  newTag: v1.1.0\n'))
    expect(warnings).toEqual([
      'Kustomization images[0].digest stdin: loses its digest: none is known for "v1.1.0"',
    ])
  })
})

describe('a newTag with a digest', () => {
  const entry = (tag: string, digest?: string, more = '') =>
    kustomization(
      `- name: ghcr.io/acme/app\n  newTag: ${tag}${digest ? `@${digest}` : ''}\n${more}`,
    )
  const latest = (digest = '') =>
    policyFor('ghcr.io/acme/app', {
      status: `latestRef: {name: ghcr.io/acme/app, tag: v1.1.0${digest && `, digest: "${digest}"`}}`,
    })
  const reflecting = policyFor('ghcr.io/acme/app', { spec: 'digestReflectionPolicy: Always' })

  test.each<readonly [string, string, string, Parameters<typeof runOn>[1]]>([
    ['stays pinned', entry('v1.0.0', oldDigest), entry('v1.1.0', newDigest), {}],
    [
      'stays pinned, with an old digest of the chosen tag',
      entry('v1.1.0', oldDigest),
      entry('v1.1.0', newDigest),
      {},
    ],
    [
      'gets no second digest from its policy',
      entry('v1.0.0', oldDigest),
      entry('v1.1.0', newDigest),
      { policies: reflecting },
    ],
    [
      'gets no second digest by `digests: always`',
      entry('v1.0.0', oldDigest),
      entry('v1.1.0', newDigest),
      { config: { digests: 'always' } },
    ],
    [
      'loses it by `digests: never`',
      entry('v1.0.0', oldDigest),
      entry('v1.1.0'),
      { config: { digests: 'never' } },
    ],
    [
      'loses it by `digests: never`, though the tag stays',
      entry('v1.1.0', oldDigest),
      entry('v1.1.0'),
      { config: { digests: 'never' } },
    ],
    [
      'has both digests replaced',
      entry('v1.0.0', oldDigest, `  digest: ${oldDigest}\n`),
      entry('v1.1.0', newDigest, `  digest: ${newDigest}\n`),
      {},
    ],
    [
      'gets the digest of a status',
      entry('v1.0.0', oldDigest),
      entry('v1.1.0', newDigest),
      { policies: latest(newDigest), config: { source: 'status' } },
    ],
    [
      'keeps that of an unchanged tag, if a status has none',
      entry('v1.1.0', oldDigest),
      entry('v1.1.0', oldDigest),
      { policies: latest(), config: { source: 'status' } },
    ],
  ])('%s', async (_what, before, after, options) => {
    const { text, errors, warnings } = await runOn(before, options)
    expect({ text, errors, warnings }).toEqual({ text: after, errors: [], warnings: [] })
    expect((await runOn(text, options)).moved).toEqual([])
  })

  test('loses that of another tag, if a status has none, with a warning', async () => {
    const { text, warnings } = await runOn(entry('v1.0.0', oldDigest), {
      policies: latest(),
      config: { source: 'status' },
    })
    expect(text).toBe(entry('v1.1.0'))
    expect(warnings).toEqual([
      'Kustomization images[0].newTag stdin: loses its digest: none is known for "v1.1.0"',
    ])
  })

  test.each(['v1.0.0@sha256:1', '@sha256:1', 'a b@', 'v1.0.0@'])('%s is left alone', async tag => {
    const { moved, warnings } = await runOn(entry(JSON.stringify(tag)))
    expect(moved).toEqual([])
    expect(warnings).toEqual([
      `Kustomization images[0] stdin: is left alone: "${tag}" is not a tag`,
    ])
  })
})

describe('of two policies of one repository', () => {
  const policies = ['a', 'b'].map(name => policyFor('ghcr.io/acme/app', { name })).join('---\n')
  const flux = (annotations = '') =>
    `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: shop${annotations}}\nspec:\n  images:\n  - {name: ghcr.io/acme/app, newTag: v1.0.0}\n`

  test('none governs without a reason, and the annotation of the advice is a valid key', async () => {
    const { errors } = await runOn(flux(), { policies })
    expect(errors[0]).toContain(
      'choose one with the annotation `fluxcd.io/policy.app: <namespace>:<name>` on Kustomization shop',
    )
  })

  test.each(['app', 'images', 'shop'])('the annotation of "%s" names the one', async key => {
    const annotations = `, annotations: {fluxcd.io/policy.${key}: "flux-system:b"}`
    const { moved, errors } = await runOn(flux(annotations), { policies })
    expect({ moved, errors }).toEqual({ moved: ['spec.images[0].newTag v1.1.0'], errors: [] })
  })

  test('one that takes no part in the run leaves the entry alone', async () => {
    const annotations = ', annotations: {fluxcd.io/policy.app: "flux-system:b"}'
    const config = { usePolicies: ['*/a'] }
    const { moved, errors, infos } = await runOn(flux(annotations), { policies, config })
    expect({ moved, errors }).toEqual({ moved: [], errors: [] })
    expect(infos).toContain(
      'Kustomization shop spec.images[0]: is left alone: "flux-system:b" takes no part in this run, because of `usePolicies`',
    )
  })
})

test('a locked kustomization stays as it is', async () => {
  const before = kustomization('- name: ghcr.io/acme/app\n  newTag: v1.0.0\n').replace(
    'images:',
    'metadata:\n  name: app\n  annotations:\n    fluxcd.io/locked: "true"\nimages:',
  )
  const { text, errors } = await runOn(before)
  expect(errors).toEqual([])
  expect(text).toBe(before)
})
