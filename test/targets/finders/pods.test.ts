import { parse, parseAllDocuments, stringify } from 'yaml'
import { policyFor, runOn, workload } from '../../fixtures/apply.ts'

const old = 'ghcr.io/acme/app:v1.0.0'
const pod = { containers: [{ name: 'a', image: old }] }
const template = { spec: pod }
const moved = (text: string) => text.split('ghcr.io/acme/app:v1.1.0').length - 1

test.each([
  ['Pod', pod],
  ['PodTemplate', undefined],
  ['Deployment', { template }],
  ['StatefulSet', { template }],
  ['DaemonSet', { template }],
  ['ReplicaSet', { template }],
  ['Job', { template }],
  ['CronJob', { jobTemplate: { spec: { template } } }],
  ['Rollout', { template }],
  ['Service', { template }],
  ['Anything', { deep: [{ deeper: { podTemplate: template } }] }],
])('the images of a %s move', async (kind, spec) => {
  const object = {
    apiVersion: 'example.com/v1',
    kind,
    metadata: { name: 'web' },
    ...(spec ? { spec } : { template }),
  }
  const { text, errors } = await runOn(stringify(object))
  expect(errors).toEqual([])
  expect(moved(text)).toBe(1)
  expect(parse(text).metadata).toEqual({
    name: 'web',
    annotations: { 'fluxcd.io/tag.app': 'v1.1.0' },
  })
})

test('every list of containers and image volumes move', async () => {
  const lists = ['containers', 'initContainers', 'ephemeralContainers']
    .map(list => `${list}:\n- name: a\n  image: ${old}\n`)
    .join('')
  const { text, moved: changes } = await runOn(
    workload(`${lists}volumes:\n- name: model\n  image: {reference: ${old}, pullPolicy: Always}\n`),
  )
  expect(moved(text)).toBe(4)
  expect(changes).toContain('spec.template.spec.volumes[0].image.reference ghcr.io/acme/app:v1.1.0')
})

test.each(['List', 'DeploymentList'])(
  'the elements of a %s move, each with its own annotation',
  async kind => {
    const element = (name: string) => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name },
      spec: { template },
    })
    const { text } = await runOn(
      stringify(
        { apiVersion: 'v1', kind, items: [element('one'), element('two')] },
        { aliasDuplicateObjects: false },
      ),
    )
    expect(moved(text)).toBe(2)
    const annotations = { 'fluxcd.io/tag.app': 'v1.1.0' }
    expect(parse(text).items.map(({ metadata }: { metadata: object }) => metadata)).toEqual([
      { name: 'one', annotations },
      { name: 'two', annotations },
    ])
  },
)

test.each([
  'CustomResourceDefinition',
  'Secret',
  'ImagePolicy',
  'ImageRepository',
  'ImageUpdateAutomation',
])('a %s has no pods', async kind => {
  const object = { apiVersion: 'example.com/v1', kind, metadata: { name: 'x' }, spec: { template } }
  const { text } = await runOn(stringify(object), { config: { targets: { markers: false } } })
  expect(moved(text)).toBe(0)
})

test('what is not KRM has no pods', async () => {
  const values = `containers:\n- name: a\n  image: ${old}\n`
  expect((await runOn(values)).text).toBe(values)
})

test.each([
  [
    'an image that is not a string',
    'containers:\n- name: a\n  image: {repository: ghcr.io/acme/app}\n',
  ],
  ['containers that are a mapping', `containers:\n  a: {image: "${old}"}\n`],
  ['another key', `sidecars:\n- image: ${old}\n`],
  ['a name that only begins like it', 'containers:\n- image: ghcr.io/acme/app-two:v1.0.0\n'],
  ['another registry', 'containers:\n- image: quay.io/acme/app:v1.0.0\n'],
])('%s stays', async (_name, lines) => {
  const input = workload(lines)
  expect((await runOn(input)).text).toBe(input)
})

test('of duplicate keys the first moves', async () => {
  const twice = `containers:\n- name: a\n  image: ${old}\n  image: ${old}\ncontainers:\n- name: b\n  image: ${old}\n`
  const { text } = await runOn(workload(twice))
  expect(moved(text)).toBe(1)
  expect(text).toContain('image: ghcr.io/acme/app:v1.1.0\n        image: ghcr.io/acme/app:v1.0.0')
})

test.each([
  ['ghcr.io/acme/app:${TAG:=v1}', true],
  ['${REGISTRY}/acme/app:v1', true],
  ['ghcr.io/acme/app:{{ .Values.tag }}', true],
  ['ghcr.io/acme/other:${TAG}', false],
  ['${REGISTRY}/team/webapp:v1', false],
  ['$(IMAGE)', false],
])('%s is left alone, with a warning where it names the repository', async (image, named) => {
  const input = workload(
    `containers:\n- name: a\n  image: "${image}"\n- name: b\n  image: ghcr.io/acme/app:v1.1.0\n`,
    {
      metadata: 'name: web, annotations: {fluxcd.io/tag.app: v1.1.0}',
    },
  )
  const { text, warnings } = await runOn(input)
  expect(text).toBe(input)
  const warning = `Deployment web spec.template.spec.containers[0].image: is left alone: "${image}" is not an image reference, though it names the repository of a policy`
  expect(warnings).toEqual(named ? [warning] : [])
})

test('a vetoed workload is left alone, with the reason and the tag that it holds back', async () => {
  const says = (annotations: string) =>
    workload(`containers:\n- name: a\n  image: ${old}\n`, {
      metadata: `name: web, annotations: {${annotations}}`,
    })
  const ignored = await runOn(says('fluxcd.io/ignore: "true"'))
  expect(ignored.text).toBe(says('fluxcd.io/ignore: "true"'))
  expect(ignored.infos).toContain(
    'Deployment web spec.template.spec.containers[0].image: is left alone: the annotation `fluxcd.io/ignore` is "true"; the policy chooses "ghcr.io/acme/app:v1.1.0"',
  )
  const locked = await runOn(says('fluxcd.io/locked: "true", fluxcd.io/locked_msg: audit'))
  expect(locked.infos).toContain(
    'Deployment web spec.template.spec.containers[0].image: is left alone: the annotation `fluxcd.io/locked` is "true": audit; the policy chooses "ghcr.io/acme/app:v1.1.0"',
  )
  expect([...ignored.warnings, ...locked.warnings]).toEqual([])
  expect((await runOn(says('fluxcd.io/ignore: "false"'))).moved).toHaveLength(2)
})

test('the spelling of a repository is kept', async () => {
  const spellings = ['nginx', 'library/nginx', 'docker.io/nginx', 'index.docker.io/library/nginx']
  const input = workload(
    `containers:\n${spellings.map(name => `- image: ${name}:1.0.0\n`).join('')}`,
  )
  const { text } = await runOn(input, { policies: policyFor('docker.io/library/nginx') })
  const [document] = parseAllDocuments(text)
  const images = document
    ?.toJS()
    .spec.template.spec.containers.map(({ image }: { image: string }) => image)
  expect(images).toEqual(spellings.map(name => `${name}:1.1.0`))
})
