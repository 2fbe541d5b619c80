import fc from 'fast-check'
import { newDigest, oldDigest, policyFor, runOn } from '../../fixtures/apply.ts'
import { evaluateAll } from '../../fixtures/evaluated.ts'

const indent = (text: string, by: number) => text.replace(/^(?=.)/gm, ' '.repeat(by))

const release = (values: string, metadata = 'name: web, namespace: shop') =>
  `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {${metadata}}
spec:
  values:
${indent(values, 4)}`

const reflecting = policyFor('ghcr.io/acme/app', { spec: 'digestReflectionPolicy: IfNotPresent' })
const builds = policyFor('ghcr.io/acme/builds', { policy: 'numerical: {order: asc}' })

describe('an image in the values of a HelmRelease moves', () => {
  test.each<[string, string, string, string?]>([
    [
      'repository and tag',
      'image:\n  repository: ghcr.io/acme/app\n  tag: v1.0.0 # of the chart\n  pullPolicy: Always\n',
      'image:\n  repository: ghcr.io/acme/app\n  tag: v1.1.0 # of the chart\n  pullPolicy: Always\n',
    ],
    [
      'the tag before the repository, in quotes',
      'image:\n  tag: \'v1.0.0\'\n  repository: "ghcr.io/acme/app"\n',
      'image:\n  tag: \'v1.1.0\'\n  repository: "ghcr.io/acme/app"\n',
    ],
    [
      'a registry of its own',
      'image: {registry: ghcr.io, repository: acme/app, tag: v1.0.0}\n',
      'image: {registry: ghcr.io, repository: acme/app, tag: v1.1.0}\n',
    ],
    [
      'a registry with a part of the path',
      'image:\n  registry: ghcr.io/acme\n  repository: app\n  tag: v1.0.0\n',
      'image:\n  registry: ghcr.io/acme\n  repository: app\n  tag: v1.1.0\n',
    ],
    [
      'an empty registry',
      'registry: ""\nrepository: ghcr.io/acme/app\ntag: v1.0.0\n',
      'registry: ""\nrepository: ghcr.io/acme/app\ntag: v1.1.0\n',
    ],
    [
      'registry, image and tag, as in the chart of ingress-nginx',
      'controller:\n  image:\n    registry: ghcr.io\n    image: acme/app\n    tag: v1.0.0\n',
      'controller:\n  image:\n    registry: ghcr.io\n    image: acme/app\n    tag: v1.1.0\n',
    ],
    [
      'image and tag',
      'image: ghcr.io/acme/app\ntag: v1.0.0\n',
      'image: ghcr.io/acme/app\ntag: v1.1.0\n',
    ],
    [
      'a string',
      'jobs:\n- image: ghcr.io/acme/app:v1.0.0\n',
      'jobs:\n- image: ghcr.io/acme/app:v1.1.0\n',
    ],
    [
      'a string with a digest',
      `image: ghcr.io/acme/app:v1.0.0@${oldDigest}\n`,
      `image: ghcr.io/acme/app:v1.1.0@${newDigest}\n`,
    ],
    [
      'a string beside another repository',
      'repository: https://git.example.com/web\nimage: ghcr.io/acme/app:v1.0.0\n',
      'repository: https://git.example.com/web\nimage: ghcr.io/acme/app:v1.1.0\n',
    ],
    [
      'JSON',
      '{"image": {"repository": "ghcr.io/acme/app", "tag": "v1.0.0"}}\n',
      '{"image": {"repository": "ghcr.io/acme/app", "tag": "v1.1.0"}}\n',
    ],
    [
      'a container under a key that pods do not have',
      'extraContainers:\n- name: a\n  image: ghcr.io/acme/app:v1.0.0\n',
      'extraContainers:\n- name: a\n  image: ghcr.io/acme/app:v1.1.0\n',
    ],
    [
      'an empty tag',
      'image:\n  repository: ghcr.io/acme/app\n  tag: ""\n',
      'image:\n  repository: ghcr.io/acme/app\n  tag: "v1.1.0"\n',
    ],
    [
      'a tag without a value',
      'image:\n  repository: ghcr.io/acme/app\n  tag:\n',
      'image:\n  repository: ghcr.io/acme/app\n  tag: v1.1.0\n',
    ],
    [
      'a null tag',
      'image: {repository: ghcr.io/acme/app, tag: ~}\n',
      'image: {repository: ghcr.io/acme/app, tag: v1.1.0}\n',
    ],
    [
      'a tag and a digest',
      `image:\n  repository: ghcr.io/acme/app\n  tag: v1.0.0\n  digest: ${oldDigest}\n`,
      `image:\n  repository: ghcr.io/acme/app\n  tag: v1.1.0\n  digest: ${newDigest}\n`,
    ],
    [
      'a digest without a tag',
      `image:\n  repository: ghcr.io/acme/app\n  digest: ${oldDigest}\n`,
      `image:\n  repository: ghcr.io/acme/app\n  digest: ${newDigest}\n`,
    ],
    [
      'a tag with a digest',
      `image:\n  repository: ghcr.io/acme/app\n  tag: v1.0.0@${oldDigest}\n`,
      `image:\n  repository: ghcr.io/acme/app\n  tag: v1.1.0@${newDigest}\n`,
    ],
    [
      'an empty digest, which a policy without digests leaves',
      'image:\n  repository: ghcr.io/acme/app\n  tag: v1.0.0\n  digest: ""\n',
      'image:\n  repository: ghcr.io/acme/app\n  tag: v1.1.0\n  digest: ""\n',
    ],
    [
      'an empty digest, which a policy with digests fills',
      'image:\n  repository: ghcr.io/acme/app\n  tag: v1.0.0\n  digest:\n',
      `image:\n  repository: ghcr.io/acme/app\n  tag: v1.1.0\n  digest: ${newDigest}\n`,
      reflecting,
    ],
    [
      'a number, which ends in quotes',
      'image:\n  repository: ghcr.io/acme/builds\n  tag: 7\n',
      'image:\n  repository: ghcr.io/acme/builds\n  tag: "42"\n',
      builds,
    ],
    [
      'duplicate keys, of which the first counts',
      'image:\n  repository: ghcr.io/acme/app\n  tag: v1.0.0\n  tag: v0.1.0\n',
      'image:\n  repository: ghcr.io/acme/app\n  tag: v1.1.0\n  tag: v0.1.0\n',
    ],
    [
      'an anchor whose user is governed too',
      'a: {repository: ghcr.io/acme/app, tag: &tag v1.0.0}\nb: {repository: ghcr.io/acme/app, tag: *tag}\n',
      'a: {repository: ghcr.io/acme/app, tag: &tag v1.1.0}\nb: {repository: ghcr.io/acme/app, tag: *tag}\n',
    ],
    [
      'a merge key that brings all of it',
      'base: &base {repository: ghcr.io/acme/app, tag: v1.0.0}\nweb: {image: {<<: *base, pullPolicy: Always}}\n',
      'base: &base {repository: ghcr.io/acme/app, tag: v1.1.0}\nweb: {image: {<<: *base, pullPolicy: Always}}\n',
    ],
    [
      'a merge key that brings the repository',
      'base: &base {repository: ghcr.io/acme/app}\nweb: {image: {<<: *base, tag: v1.0.0}}\n',
      'base: &base {repository: ghcr.io/acme/app}\nweb: {image: {<<: *base, tag: v1.1.0}}\n',
    ],
  ])('%s', async (_name, before, after, policies = policyFor('ghcr.io/acme/app')) => {
    const input = release(before)
    const { text, errors, warnings } = await runOn(input, { policies })
    expect({ errors, warnings }).toEqual({ errors: [], warnings: [] })
    expect(text).toBe(release(after))
    expect((await runOn(text, { policies })).moved).toEqual([])
    const crlf = (lines: string) => lines.replaceAll('\n', '\r\n')
    expect((await runOn(crlf(input), { policies })).text).toBe(crlf(text))
  })
})

test('a number that is the chosen tag, but that a chart would read as another, ends in quotes', async () => {
  const status = 'latestRef: {name: nginx, tag: "1.20"}'
  const options = { policies: policyFor('nginx', { status }), config: { source: 'status' } }
  const { text, moved } = await runOn(release('repository: nginx\ntag: 1.20\n'), options)
  expect(text).toBe(release('repository: nginx\ntag: "1.20"\n'))
  expect(moved).toEqual(['spec.values.tag 1.20'])
  expect((await runOn(text, options)).moved).toEqual([])
})

test('a tag that is a number is reported with its old text', async () => {
  const { stderr } = await evaluateAll([release('repository: ghcr.io/acme/app\ntag: 1.0\n')])
  expect(stderr).toContain('spec.values.tag: "1.0" -> "v1.1.0"')
})

describe('stays', () => {
  test.each<[string, string, string[], string[]]>([
    [
      'a mapping without tag',
      'image:\n  repository: ghcr.io/acme/app\n',
      [],
      [
        'HelmRelease shop/web spec.values.image: is left alone: it has no `tag` beside it, so the chart chooses one; to have it updated, add `tag: ""`',
      ],
    ],
    [
      'a string without tag, to which the chart may add one',
      'image: ghcr.io/acme/app\nimageTag: v1.0.0\n',
      [],
      [
        'HelmRelease shop/web spec.values.image: is left alone: it has no `tag` beside it, so the chart chooses one; to have it updated, add `tag: ""`',
      ],
    ],
    [
      'a string with a tag whose registry is beside it',
      'image: {registry: ghcr.io, image: "acme/app:v1.0.0"}\n',
      [],
      [
        'HelmRelease shop/web spec.values.image.image: is left alone: the field of its repository holds a tag or a digest',
      ],
    ],
    [
      'a repository with a tag',
      'image: {repository: "ghcr.io/acme/app:v1.0.0"}\n',
      [],
      [
        'HelmRelease shop/web spec.values.image: is left alone: the field of its repository holds a tag or a digest',
      ],
    ],
    [
      'a placeholder for the tag',
      `image:\n  repository: ghcr.io/acme/app\n  tag: \${TAG}\n  digest: ${oldDigest}\n`,
      ['HelmRelease shop/web spec.values.image.tag: is left alone: "${TAG}" is not a tag'],
      [],
    ],
    [
      'a placeholder for the registry',
      'image:\n  repository: "{{ .registry }}/acme/app"\n  tag: v1.0.0\n',
      [
        'HelmRelease shop/web spec.values.image: is left alone: "{{ .registry }}/acme/app" is not an image reference, though it names the repository of a policy',
      ],
      [],
    ],
    [
      'a placeholder in a string',
      'image: "ghcr.io/acme/app:{{ .tag }}"\n',
      [
        'HelmRelease shop/web spec.values.image: is left alone: "ghcr.io/acme/app:{{ .tag }}" is not an image reference, though it names the repository of a policy',
      ],
      [],
    ],
  ])('%s', async (_name, values, warnings, infos) => {
    const run = await runOn(release(values))
    expect(run.text).toBe(release(values))
    expect(run.warnings).toEqual(warnings)
    expect(run.infos).toEqual(expect.arrayContaining(infos))
    expect(run.infos.filter(info => info.includes('governs nothing'))).toEqual([])
    expect(run.exitCode).toBe(0)
  })

  test('is on stderr if nothing else of its policy is governed', async () => {
    const lone = 'image:\n  repository: ghcr.io/acme/app\n'
    const other = 'worker:\n  image: {repository: ghcr.io/acme/app, tag: v1.0.0}\n'
    const words = 'spec.values.image: is left alone: it has no `tag` beside it'
    expect((await evaluateAll([release(lone)])).stderr).toContain(words)
    expect((await evaluateAll([release(lone + other)])).stderr).not.toContain(words)
  })

  test.each([
    ['another repository', 'image: {repository: ghcr.io/acme/application, tag: v1.0.0}\n'],
    ['another registry', 'image: {registry: quay.io, repository: ghcr.io/acme/app, tag: v1.0.0}\n'],
    [
      'a string with another registry beside it',
      'image: "ghcr.io/acme/app:v1"\nregistry: quay.io\n',
    ],
    ['other keys', 'app: ghcr.io/acme/app:v1.0.0\nname: ghcr.io/acme/app\ntag: v1.0.0\n'],
    ['a repository that is a mapping', 'repository: {name: ghcr.io/acme/app}\ntag: v1.0.0\n'],
    [
      'a Secret among the values',
      'extraObjects:\n- apiVersion: v1\n  kind: Secret\n  stringData: {image: "ghcr.io/acme/app:v1.0.0"}\n',
    ],
    ['text', 'config: |\n  image: ghcr.io/acme/app:v1.0.0\n'],
  ])('%s', async (_name, values) => {
    expect((await runOn(release(values))).text).toBe(release(values))
  })

  test.each([
    ['fluxcd.io/ignore', 'the annotation `fluxcd.io/ignore` is "true"'],
    ['fluxcd.io/locked', 'the annotation `fluxcd.io/locked` is "true"'],
  ])('everything in a release with %s', async (key, reason) => {
    const input = release(
      'image: {repository: ghcr.io/acme/app, tag: v1.0.0}\n',
      `name: web, annotations: {${key}: "true"}`,
    )
    const { text, infos } = await runOn(input)
    expect(text).toBe(input)
    expect(infos).toContain(
      `HelmRelease web spec.values.image.tag: is left alone: ${reason}; the policy chooses "v1.1.0"`,
    )
  })

  test('everything with targets.values: false', async () => {
    const input = release('image: {repository: ghcr.io/acme/app, tag: v1.0.0}\n')
    expect((await runOn(input, { config: { targets: { values: false } } })).text).toBe(input)
  })
})

describe('digests', () => {
  const withDigest = (tag: string, digest: string) =>
    release(`image:\n  repository: ghcr.io/acme/app\n  tag: ${tag}\n${digest}`)

  test('digests: never removes one, as from an entry of a kustomization', async () => {
    const input = withDigest('v1.0.0', `  digest: ${oldDigest}\n`)
    const { text, errors } = await runOn(input, { config: { digests: 'never' } })
    expect(errors).toEqual([])
    expect(text).toBe(withDigest('v1.1.0', ''))
  })

  test('one that has no place to be written to triggers a warning', async () => {
    const { text, warnings } = await runOn(withDigest('v1.0.0', ''), { policies: reflecting })
    expect(text).toBe(withDigest('v1.1.0', ''))
    expect(warnings).toEqual([
      'HelmRelease shop/web spec.values.image: has no `digest`, so the digest that its policy chooses is not written: add `digest: ""` if the chart knows it, or write <tag>@<digest> as the tag',
    ])
  })
})

describe('a status without digest', () => {
  const options = {
    policies: policyFor('ghcr.io/acme/app', {
      status: 'latestRef: {name: ghcr.io/acme/app, tag: v1.1.0}',
    }),
    config: { source: 'status' },
  }
  const withTag = (tag: string, digest = `, digest: "${oldDigest}"`) =>
    release(`image: {repository: ghcr.io/acme/app, tag: ${tag}${digest}}\n`)

  test('leaves the digest of an unchanged tag', async () => {
    expect((await runOn(withTag('v1.1.0'), options)).text).toBe(withTag('v1.1.0'))
  })

  test('takes away that of another tag, with a warning', async () => {
    const { text, warnings } = await runOn(withTag('v1.0.0'), options)
    expect(text).toBe(withTag('v1.1.0', ''))
    expect(warnings).toEqual([
      'HelmRelease shop/web spec.values.image.digest: loses its digest: none is known for "v1.1.0"',
    ])
  })
})

describe('a scalar that belongs to something else is not touched', () => {
  const other = policyFor('ghcr.io/other/app', { name: 'other' })
  const policies = `${policyFor('ghcr.io/acme/app')}---\n${other}`

  test('a marked tag, and the digest beside it', async () => {
    const input = release(
      `image:\n  repository: ghcr.io/acme/app\n  tag: v1.0.0 # {"$imagepolicy": "flux-system:other:tag"}\n  digest: ${oldDigest}\n`,
    )
    expect((await runOn(input, { policies })).moved).toEqual(['spec.values.image.tag v1.5.0'])
  })

  test('an unmarked image of a policy that any marker names', async () => {
    const input = release(
      'a: {repository: ghcr.io/acme/app, tag: v1.0.0}\nb:\n  tag: v1.0.0 # {"$imagepolicy": "flux-system:app:tag"}\n',
    )
    expect((await runOn(input)).moved).toEqual(['spec.values.b.tag v1.1.0'])
  })

  test('an image before the first marker of its policy', async () => {
    const input = `${release('image: {repository: ghcr.io/acme/app, tag: v1.0.0}\n')}---\n${release('tag: v1.0.0 # {"$imagepolicy": "flux-system:app:tag"}\n', 'name: later')}`
    expect((await runOn(input, { policies })).moved).toEqual(['spec.values.tag v1.1.0'])
  })

  test('a tag beside a marked repository', async () => {
    const input = release(
      'image:\n  repository: ghcr.io/acme/app # {"$imagepolicy": "flux-system:unknown:name"}\n  tag: v1.0.0\n',
    )
    expect((await runOn(input)).text).toBe(input)
  })

  test('a configured tag', async () => {
    const field = { kind: 'HelmRelease', path: 'spec.values.image.tag', part: 'tag' }
    const input = release('image: {repository: ghcr.io/acme/app, tag: v1.0.0}\n')
    const fields = [{ ...field, policy: 'flux-system:other' }]
    const { moved } = await runOn(input, { policies, config: { targets: { fields } } })
    expect(moved).toEqual(['spec.values.image.tag v1.5.0'])
  })

  test('a container, whose tag is recorded in an annotation, and moves once', async () => {
    const { moved } = await runOn(
      release('initContainers:\n- name: a\n  image: ghcr.io/acme/app:v1.0.0\n'),
    )
    expect(moved).toEqual([
      'spec.values.initContainers[0].image ghcr.io/acme/app:v1.1.0',
      'metadata.annotations[fluxcd.io/tag.app] v1.1.0',
    ])
  })

  test('a container, with targets.containers: false', async () => {
    const input = release('initContainers:\n- name: a\n  image: ghcr.io/acme/app:v1.0.0\n')
    expect((await runOn(input, { config: { targets: { containers: false } } })).text).toBe(input)
  })

  test('an anchor that something else uses too is refused', async () => {
    const { errors, exitCode } = await runOn(
      release('image: {repository: ghcr.io/acme/app, tag: &tag v1.0.0}\nversion: *tag\n'),
    )
    expect(errors[0]).toContain(
      'HelmRelease shop/web spec.values.image.tag: must not share its text by an anchor',
    )
    expect(exitCode).toBe(1)
  })
})

test('an annotation is only updated if it is there', async () => {
  const values = 'image: {repository: ghcr.io/acme/app, tag: v1.0.0}\n'
  const annotated = release(values, 'name: web, annotations: {fluxcd.io/tag.app: v1.0.0}')
  expect((await runOn(annotated)).text).toBe(annotated.replaceAll('v1.0.0', 'v1.1.0'))
  expect((await runOn(release(values))).text).toBe(release(values).replaceAll('v1.0.0', 'v1.1.0'))
})

describe('of several policies of the repository', () => {
  const values = 'web:\n  image: {repository: ghcr.io/acme/app, tag: v1.0.0}\n'
  const policies = ['a', 'b']
    .map(name =>
      policyFor('ghcr.io/acme/app', {
        name,
        policy: `semver: {range: "${name === 'a' ? '<1.1' : '>=1.1'}"}`,
      }),
    )
    .join('---\n')

  test('none governs without a reason', async () => {
    const { errors } = await runOn(release(values), { policies })
    expect(errors).toEqual([
      expect.stringContaining(
        'HelmRelease shop/web spec.values.web.image: must be governed by one policy; there are flux-system/a (policies[0]), flux-system/b (policies[0]): choose one with the annotation `fluxcd.io/policy.image: <namespace>:<name>` on HelmRelease shop/web',
      ),
      expect.any(String),
    ])
  })

  test.each(['image', 'web', 'shop'])('the annotation of "%s" names the one', async key => {
    const metadata = `name: shop, annotations: {fluxcd.io/policy.${key}: "flux-system:b"}`
    expect((await runOn(release(values, metadata), { policies })).moved).toEqual([
      'spec.values.web.image.tag v1.1.0',
    ])
  })

  test('a binding of another image does not bind this one', async () => {
    const other = policyFor('ghcr.io/other/app', { name: 'other' })
    const metadata = 'name: web, annotations: {fluxcd.io/policy.image: "flux-system:other"}'
    const both = { policies: `${policyFor('ghcr.io/acme/app')}---\n${other}` }
    expect((await runOn(release(values, metadata), both)).moved).toEqual([
      'spec.values.web.image.tag v1.1.0',
    ])
  })

  test('a binding that names no policy is an error', async () => {
    const metadata = 'name: web, annotations: {fluxcd.io/policy.web: "flux-system:c"}'
    const { errors } = await runOn(release(values, metadata), { policies })
    expect(errors[0]).toContain('annotations[fluxcd.io/policy.web]: must name')
  })
})

describe('an Application of Argo CD', () => {
  const application = (spec: string) =>
    `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web, namespace: argocd}\nspec:\n${indent(spec, 2)}`

  test.each([
    [
      'valuesObject',
      'source:\n  chart: web\n  helm:\n    valuesObject:\n      image: {repository: ghcr.io/acme/app, tag: v1.0.0}\n',
    ],
    [
      'parameters',
      'source:\n  helm:\n    parameters:\n    - name: image.repository\n      value: ghcr.io/acme/app\n    - {name: image.tag, value: v1.0.0, forceString: true}\n',
    ],
    [
      'parameters in any order, with a registry',
      'source:\n  helm:\n    parameters:\n    - {name: web.image.tag, value: "v1.0.0"}\n    - {name: web.image.registry, value: ghcr.io/acme}\n    - {name: web.image.repository, value: app}\n',
    ],
    [
      'a string as a parameter, and one of several sources',
      'sources:\n- repoURL: https://example.com/values.git\n- helm:\n    parameters:\n    - {name: image, value: "ghcr.io/acme/app:v1.0.0"}\n    valuesObject: {job: {image: "ghcr.io/acme/app:v1.0.0"}}\n',
    ],
  ])('%s', async (_name, spec) => {
    const input = application(spec)
    const { text, warnings, errors } = await runOn(input)
    expect({ warnings, errors }).toEqual({ warnings: [], errors: [] })
    expect(text).toBe(input.replaceAll('v1.0.0', 'v1.1.0'))
  })

  test('of parameters with one name the last counts, as in Helm', async () => {
    const parameters = (last: string) =>
      application(
        `source:\n  helm:\n    parameters:\n    - {name: image.repository, value: ghcr.io/acme/app}\n    - {name: image.tag, value: v0.1.0}\n    - {name: image.tag, value: ${last}}\n`,
      )
    expect((await runOn(parameters('v1.0.0'))).text).toBe(parameters('v1.1.0'))
  })

  test('a digest as a parameter is kept if none is wanted, since an entry without value is an error', async () => {
    const input = application(
      `source:\n  helm:\n    parameters:\n    - {name: repository, value: ghcr.io/acme/app}\n    - {name: tag, value: v1.0.0}\n    - {name: digest, value: "${oldDigest}"}\n`,
    )
    const { text, warnings } = await runOn(input, { config: { digests: 'never' } })
    expect(text).toBe(input.replace('v1.0.0', 'v1.1.0'))
    expect(warnings).toEqual([
      'Application argocd/web spec.source.helm.parameters[2].value: keeps its digest, though none is known for "v1.1.0": it may belong to another tag',
    ])
  })

  test('an Application of another group has no values', async () => {
    const input = application(
      'source: {helm: {valuesObject: {image: "ghcr.io/acme/app:v1.0.0"}}}\n',
    ).replace('argoproj.io/', 'app.example.com/')
    expect((await runOn(input)).text).toBe(input)
  })
})

describe('a values file', () => {
  const values = (tag: string) =>
    `replicas: 2\nimage:\n  registry: ghcr.io/acme\n  repository: app\n  tag: ${tag}\ninitContainers:\n- image: ghcr.io/acme/app:${tag}\n`
  const config = { targets: { valuesFiles: true } }

  test('is read if only the last part of a repository is in it', async () => {
    const split = (tag: string) => `{registry: ghcr.io/acme, repository: app, tag: ${tag}}\n`
    expect((await runOn(split('v1.0.0'), { config })).text).toBe(split('v1.1.0'))
  })

  test('moves if it is asked for, its containers too', async () => {
    expect((await runOn(values('v1.0.0'), { config })).text).toBe(values('v1.1.0'))
  })

  test('stays by default, and so do other KRM objects', async () => {
    expect((await runOn(values('v1.0.0'))).text).toBe(values('v1.0.0'))
    const configMap = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\nimage: "ghcr.io/acme/app:v1.0.0"\n`
    expect((await runOn(configMap, { config })).text).toBe(configMap)
  })
})

test('aliases that make the values too large are an error', async () => {
  const bomb = Array.from(
    { length: 8 },
    (_, level) =>
      `a${level}: &a${level} [${level === 0 ? '{image: x}' : `${`*a${level - 1}, `.repeat(10)}`}]`,
  ).join('\n')
  const { errors, exitCode } = await runOn(release(`${bomb}\nimage: "ghcr.io/acme/app:v1.0.0"\n`), {
    config: { targets: { containers: false } },
  })
  expect(errors[0]).toContain('aliases must not make it larger than 100,000 nodes')
  expect(exitCode).toBe(1)
})

test('a release as people write them', async () => {
  const written = (web: string, migrate: string, exporter: string) => `---
# the shop
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: shop
  namespace: shop
spec:
  interval: 30m
  chart:
    spec:
      chart: shop
      version: "4.x"
      sourceRef:
        kind: HelmRepository
        name: acme
  values:
    replicaCount: 3
    image:
      repository: ghcr.io/acme/app
      pullPolicy: IfNotPresent
      tag: ${web} # the web server
    migrations:
      enabled: true
      image: "${migrate}"
    metrics:
      image: {registry: docker.io, repository: library/nginx, tag: ${exporter}}
    ingress:
      hosts: [shop.example.com]
`
  const policies = `${policyFor('ghcr.io/acme/app')}---\n${policyFor('nginx', { name: 'nginx' })}`
  const input = written('v1.0.0', 'ghcr.io/acme/app:v1.0.0', '1.0.0')
  const { text, errors, warnings } = await runOn(input, { policies })
  expect({ errors, warnings }).toEqual({ errors: [], warnings: [] })
  expect(text).toBe(written('v1.1.0', 'ghcr.io/acme/app:v1.1.0', '1.1.0'))
})

test('images move wherever they are, and no other byte changes', async () => {
  const images = [
    '{repository: ghcr.io/acme/app, tag: v1.0.0}',
    '{image: "ghcr.io/acme/app:v1.0.0"}',
  ]
  const leaf = fc.constantFrom(...images, '{repository: quay.io/a/b, tag: v1.0.0}', 'text', '{}')
  const { tree } = fc.letrec<{ tree: string }>(tie => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.array(tie('tree'), { maxLength: 3 }).map(items => `[${items.join(', ')}]`),
      fc
        .uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'web'), tie('tree')), {
          selector: ([key]) => key,
        })
        .map(entries => `{${entries.map(([key, value]) => `${key}: ${value}`).join(', ')}}`),
    ),
  }))
  await fc.assert(
    fc.asyncProperty(tree, async values => {
      const input = release(`all: ${values}\n`)
      const expected = images.reduce(
        (text, image) => text.replaceAll(image, image.replace('v1.0.0', 'v1.1.0')),
        input,
      )
      expect((await runOn(input)).text).toBe(expected)
    }),
    { numRuns: 60 },
  )
})
