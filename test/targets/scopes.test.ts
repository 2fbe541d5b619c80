import { applyImagePolicies } from '../../src/index.ts'
import {
  at,
  config,
  deployment,
  fluxPolicy,
  image,
  imagesOf,
  inline,
  inlineAt,
  kustomization,
  messagesOf,
  old,
  stream,
  tagSource,
} from '../fixtures/inline.ts'

const automation = (path: string | undefined, spec: object = {}, namespace = 'flux-system') => ({
  apiVersion: 'image.toolkit.fluxcd.io/v1',
  kind: 'ImageUpdateAutomation',
  metadata: { name: 'auto', namespace },
  spec: { ...spec, update: { strategy: 'Setters', ...(path !== undefined && { path }) } },
})

describe('a policy governs', () => {
  test.each<readonly [string, readonly object[], readonly string[]]>([
    [
      'only what is under the path of its Kustomization',
      [
        inlineAt('./overlays/prod', '1.2.3'),
        deployment(old, at('overlays/prod/web.yaml')),
        deployment(old, at('base/web.yaml')),
      ],
      [':v1.2.3'],
    ],
    [
      'no folder whose name only begins like its path',
      [
        inlineAt('./overlays/prod', '1.2.3'),
        deployment(old, at('overlays/prod/a.yaml')),
        deployment(old, at('overlays/production/a.yaml')),
      ],
      [':v1.2.3'],
    ],
    [
      'in two overlays, each its own files',
      [
        inlineAt('./overlays/prod', '1.2.3'),
        inlineAt('overlays/staging/', '1.2.4'),
        deployment(old, at('overlays/prod/web.yaml')),
        deployment(old, at('overlays/staging/web.yaml')),
      ],
      [':v1.2.3', ':v1.2.4'],
    ],
    [
      'paths from a package, by dropping the fewest leading folders',
      [
        inlineAt('./clusters/overlays/prod', '1.2.3'),
        inlineAt('./clusters/overlays/staging', '1.2.4'),
        deployment(old, at('prod/web.yaml')),
        deployment(old, at('staging/web.yaml')),
      ],
      [':v1.2.3', ':v1.2.4'],
    ],
    [
      'everything in a package that is the folder',
      [inlineAt('./overlays/prod', '1.2.3'), deployment(old, at('web.yaml'))],
      [':v1.2.3'],
    ],
    [
      'not by dropping more if some item is under a scope',
      [
        inlineAt('./overlays/prod', '1.2.3'),
        {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: 's', ...at('overlays/prod/s.yaml') },
        },
        deployment(old, at('web.yaml')),
      ],
      [],
    ],
    [
      'everything if no path is known',
      [inlineAt('./overlays/prod', '1.2.3'), deployment(old)],
      [':v1.2.3'],
    ],
    [
      'what has an origin annotation of kustomize',
      [
        inlineAt('./prod', '1.2.3'),
        deployment(old, {
          annotations: { 'config.kubernetes.io/origin': 'path: prod/web.yaml\n' },
        }),
        deployment(old, {
          name: 'b',
          annotations: { 'config.kubernetes.io/origin': 'path: other/web.yaml\n' },
        }),
      ],
      [':v1.2.3'],
    ],
    [
      'what comes from outside, since its path is unknown',
      [
        inlineAt('./prod', '1.2.3'),
        deployment(old, {
          name: 'a',
          annotations: { 'config.kubernetes.io/origin': 'path: ../base/web.yaml\n' },
        }),
        deployment(old, {
          name: 'b',
          annotations: { 'config.kubernetes.io/origin': 'path: prod/web.yaml\n' },
        }),
      ],
      [':v1.2.3', ':v1.2.3'],
    ],
    [
      'what comes from another repository, since its path is unknown',
      [
        inlineAt('./prod', '1.2.3'),
        deployment(old, {
          name: 'a',
          annotations: { 'config.kubernetes.io/origin': 'repo: https://x\npath: else/web.yaml\n' },
        }),
        deployment(old, {
          name: 'b',
          annotations: { 'config.kubernetes.io/origin': 'path: prod/web.yaml\n' },
        }),
      ],
      [':v1.2.3', ':v1.2.3'],
    ],
    [
      'the narrowest scope first',
      [
        inlineAt('./apps', '1.2.3', 'wide'),
        inlineAt('./apps/web', '1.2.4', 'narrow'),
        deployment(old, at('apps/web/d.yaml')),
        deployment(old, at('apps/api/d.yaml')),
      ],
      [':v1.2.4', ':v1.2.3'],
    ],
    [
      'a scope before a Flux policy without',
      [
        ...fluxPolicy('app', '1.2.3'),
        inlineAt('./apps', '1.2.4'),
        deployment(old, at('apps/d.yaml')),
        deployment(old, at('d.yaml')),
      ],
      [':v1.2.4', ':v1.2.3'],
    ],
    [
      'everything, if no automation selects a Flux policy',
      [
        ...fluxPolicy('app', '1.2.3'),
        automation('./apps', {}, 'other'),
        deployment(old, at('apps/d.yaml')),
        deployment(old, at('d.yaml')),
      ],
      [':v1.2.3', ':v1.2.3'],
    ],
    [
      'only the path of the automation that carries it out',
      [
        ...fluxPolicy('app', '1.2.3'),
        automation('./apps'),
        deployment(old, at('apps/d.yaml')),
        deployment(old, at('d.yaml')),
      ],
      [':v1.2.3'],
    ],
    [
      'the whole repository, if the automation names no path',
      [
        ...fluxPolicy('app', '1.2.3'),
        automation(undefined),
        deployment(old, at('apps/d.yaml')),
        deployment(old, at('d.yaml')),
      ],
      [':v1.2.3', ':v1.2.3'],
    ],
    [
      'the paths of all automations that select it',
      [
        ...fluxPolicy('app', '1.2.3'),
        automation('./a'),
        automation('./b'),
        deployment(old, at('a/d.yaml')),
        deployment(old, at('b/d.yaml')),
        deployment(old, at('c/d.yaml')),
      ],
      [':v1.2.3', ':v1.2.3'],
    ],
    [
      'the path of an automation that selects it by labels',
      [
        ...fluxPolicy('a', '1.2.3', { labels: { env: 'prod' } }),
        ...fluxPolicy('b', '1.2.4', { labels: { env: 'staging' } }),
        automation('./prod', { policySelector: { matchLabels: { env: 'prod' } } }),
        automation('./staging', {
          policySelector: {
            matchExpressions: [{ key: 'env', operator: 'In', values: ['staging'] }],
          },
        }),
        deployment(old, at('prod/d.yaml')),
        deployment(old, at('staging/d.yaml')),
      ],
      [':v1.2.3', ':v1.2.4'],
    ],
    [
      'by binding, of equal scopes',
      [
        ...fluxPolicy('a', '1.2.3'),
        ...fluxPolicy('b', '1.2.4'),
        deployment(old, { annotations: { 'fluxcd.io/policy.app': 'flux-system:b' } }),
      ],
      [':v1.2.4'],
    ],
    [
      'by scope before binding',
      [
        ...fluxPolicy('a', '1.2.3'),
        inlineAt('./apps', '1.2.4'),
        deployment(old, {
          annotations: {
            ...at('apps/d.yaml').annotations,
            'fluxcd.io/policy.app': 'flux-system:a',
          },
        }),
      ],
      [':v1.2.4'],
    ],
    [
      'by namespace, of equal scopes',
      [
        ...fluxPolicy('a', '1.2.3'),
        ...fluxPolicy('b', '1.2.4', { namespace: 'shop' }),
        deployment(old),
      ],
      [':v1.2.4'],
    ],
    [
      'by binding before namespace',
      [
        ...fluxPolicy('a', '1.2.3'),
        ...fluxPolicy('b', '1.2.4', { namespace: 'shop' }),
        deployment(old, { annotations: { 'fluxcd.io/policy.app': 'flux-system:a' } }),
      ],
      [':v1.2.3'],
    ],
    [
      'by the name before a host renamed it',
      [
        ...fluxPolicy('a', '1.2.3'),
        ...fluxPolicy('pre-b', '1.2.4', {
          annotations: { 'internal.config.kubernetes.io/previousNames': 'b' },
        }),
        deployment(old, { annotations: { 'fluxcd.io/policy.app': 'flux-system:b' } }),
      ],
      [':v1.2.4'],
    ],
  ])('%s', async (_what, items, expected) => {
    const applied = await applyImagePolicies(stream(...items), {
      tagSource: tagSource(),
      functionConfig: config({ annotations: false }),
    })
    expect(messagesOf(applied, 'error')).toEqual([])
    expect(imagesOf(applied)).toEqual(expected.map(tag => image + tag))
  })

  test('everything if no path is known, and reports it', async () => {
    const applied = await applyImagePolicies(
      stream(inlineAt('./overlays/prod', '1.2.3'), deployment(old)),
      { tagSource: tagSource() },
    )
    expect(messagesOf(applied, 'info').join('\n')).toContain(
      'governs images wherever they are, also outside "overlays/prod": the input does not say which files its items are from',
    )
  })

  test.each<readonly [string, readonly object[], string, readonly string[]]>([
    [
      'several are left',
      [...fluxPolicy('a', '1.2.3'), ...fluxPolicy('b', '1.2.4'), deployment(old)],
      'AMBIGUOUS_POLICY',
      ['flux-system/a', 'flux-system/b', '`fluxcd.io/policy.app: <namespace>:<name>`'],
    ],
    [
      'a binding names none',
      [
        ...fluxPolicy('a', '1.2.3'),
        deployment(old, { annotations: { 'fluxcd.io/policy.app': 'flux-system:x' } }),
      ],
      'UNKNOWN_POLICY',
      ['"flux-system:x"', 'flux-system/a'],
    ],
    [
      'a binding names one out of scope',
      [
        inlineAt('./apps', '1.2.3'),
        deployment(old, at('apps/d.yaml')),
        deployment(old, {
          annotations: {
            ...at('b/d.yaml').annotations,
            'fluxcd.io/policy.app': 'flux-system:my-app',
          },
        }),
      ],
      'UNKNOWN_POLICY',
      ['whose scope holds the workload'],
    ],
    [
      'two have one name and different meaning',
      [
        ...fluxPolicy('a', '1.2.3', { annotations: { 'config.kubernetes.io/path': 'one.yaml' } }),
        ...fluxPolicy('a', '1.2.4', { annotations: { 'config.kubernetes.io/path': 'two.yaml' } }),
        deployment(old, at('d.yaml')),
      ],
      'AMBIGUOUS_POLICY',
      ['one.yaml', 'two.yaml'],
    ],
    [
      'two inline ones have one name, one path and different meaning',
      [inlineAt('./apps', '1.2.3'), inlineAt('apps/', '1.2.4'), deployment(old, at('apps/d.yaml'))],
      'AMBIGUOUS_POLICY',
      ['must be the only policy of its name'],
    ],
  ])('an error if %s', async (_what, items, code, words) => {
    const applied = await applyImagePolicies(stream(...items), { tagSource: tagSource() })
    const errors = applied.results.filter(
      ({ severity, tags }) => severity === 'error' && tags?.code === code,
    )
    expect(errors).toHaveLength(1)
    for (const word of words) expect(errors[0]?.message).toContain(word)
    expect(applied.output).toHaveLength(0)
  })

  test('by scope before binding, and reports it', async () => {
    const bound = deployment(old, {
      annotations: { ...at('apps/d.yaml').annotations, 'fluxcd.io/policy.app': 'flux-system:a' },
    })
    const applied = await applyImagePolicies(
      stream(...fluxPolicy('a', '1.2.3'), inlineAt('./apps', '1.2.4'), bound),
      {
        tagSource: tagSource(),
      },
    )
    expect(messagesOf(applied, 'warning')[0]).toContain(
      'is bound to "flux-system:a", but flux-system/my-app has a narrower scope',
    )
  })

  test('once, what is written twice with one meaning', async () => {
    const applied = await applyImagePolicies(
      stream(...fluxPolicy('a', '1.2.3'), ...fluxPolicy('a', '1.2.3'), deployment(old)),
      {
        tagSource: tagSource(),
      },
    )
    expect(imagesOf(applied)).toEqual([`${image}:v1.2.3`])
    expect(messagesOf(applied, 'warning')).toEqual([])
  })

  test('a marker, if the marker is in the scope of the policy of that name', async () => {
    const marked = (folder: string) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${folder}, annotations: {config.kubernetes.io/path: ${folder}/d.yaml}}
spec:
  template:
    spec:
      containers:
        - name: app
          image: ${old} # {"$imagepolicy": "flux-system:my-app"}
`
    const input = [
      JSON.stringify(inlineAt('./prod', '1.2.3')),
      JSON.stringify(inlineAt('./staging', '1.2.4')),
      marked('prod'),
      marked('staging'),
      marked('other'),
    ].join('\n---\n')
    const applied = await applyImagePolicies(input, { tagSource: tagSource() })
    expect(imagesOf(applied)).toEqual([`${image}:v1.2.3`, `${image}:v1.2.4`])
  })
})

test('a field of the functionConfig is governed by the policy of that name in whose scope it is', async () => {
  const release = (folder: string) => ({
    apiVersion: 'helm.toolkit.fluxcd.io/v2',
    kind: 'HelmRelease',
    metadata: { name: folder, ...at(`${folder}/release.yaml`) },
    spec: { values: { tag: 'v1.2.2' } },
  })
  const items = [
    inlineAt('./prod', '1.2.3'),
    inlineAt('./staging', '1.2.4'),
    release('prod'),
    release('staging'),
    release('other'),
  ]
  const fields = [
    { kind: 'HelmRelease', path: 'spec.values.tag', part: 'tag', policy: 'flux-system:my-app' },
  ]
  const applied = await applyImagePolicies(stream(...items), {
    tagSource: tagSource(),
    functionConfig: config({ targets: { fields } }),
  })
  expect(applied.changes.map(({ resource, after }) => [resource.name, after])).toEqual([
    ['prod', 'v1.2.3'],
    ['staging', 'v1.2.4'],
  ])
})

test('a policy that governs nothing triggers a warning that names the closest repository', async () => {
  const applied = await applyImagePolicies(
    stream(kustomization(inline), deployment('my-registry.com/my-ap:v1')),
    {
      tagSource: tagSource(),
    },
  )
  expect(messagesOf(applied, 'warning')).toEqual([
    'Kustomization flux-system/apps spec.imagePolicies[0]: governs nothing: no image of "my-registry.com/my-app" was found; the closest one seen is "my-registry.com/my-ap"',
  ])
})
