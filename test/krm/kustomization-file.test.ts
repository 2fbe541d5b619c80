import { kustomizationDefaults } from '../../src/krm/kustomization-file.ts'
import type { MappingNode } from '../../src/yaml/tree/node.ts'
import { evaluateAll, type Given } from '../fixtures/evaluated.ts'
import { parse } from '../fixtures/tree-facts.ts'

const isKustomization = (text: string, file?: string) => {
  const tree = parse(text)
  return kustomizationDefaults(tree, tree.root as MappingNode, file) !== undefined
}

test.each([
  ['kustomization.yaml', true],
  ['a/b/kustomization.yml', true],
  ['Kustomization', true],
  ['kustomization.yaml/a.yaml', false],
  ['my-kustomization.yaml', false],
  ['kustomization.json', false],
  ['values.yaml', false],
])('a file %s is a kustomization: %s', (file, expected) => {
  expect(isKustomization('resources: []\n', file)).toBe(expected)
  expect(isKustomization('images: [{name: a, newTag: b}]\n', file)).toBe(expected)
})

test.each([
  ['images: [{name: a, newTag: v1}]\n', true],
  ['images: [{name: a, newName: b}]\n', true],
  ['images: [{name: a, digest: b}]\n', true],
  ['images: [{name: a, tagSuffix: b}]\n', true],
  ['resources: []\nimages:\n- name: a\n  newTag: v1\n- name: b\n  digest: c\n', true],
  ['images: [{name: a}]\n', false],
  ['images: [{newTag: a}]\n', false],
  ['images: [{name: a, newTag: v1}, b]\n', false],
  ['images: []\n', false],
  ['images: {name: a, newTag: b}\n', false],
  ['spec: {images: [{name: a, newTag: b}]}\n', false],
  ['resources: []\n', false],
])('without a file, %j is a kustomization: %s', (text, expected) => {
  expect(isKustomization(text)).toBe(expected)
})

describe('the tag moves in', () => {
  const images = (tag: string) => `images:\n- name: ghcr.io/acme/app\n  newTag: ${tag}\n`
  const version = 'apiVersion: kustomize.config.k8s.io/v1beta1\n'
  const list = (tag: string, path: string) =>
    `apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n- metadata: {annotations: {config.kubernetes.io/path: ${path}}}\n  ${images(tag).trimEnd().replaceAll('\n', '\n  ')}\n`
  test.each<readonly [string, (tag: string) => Given]>([
    ['a stream, by its shape', images],
    ['a stream, without kind', tag => `${version}${images(tag)}`],
    ['a stream, without apiVersion', tag => `kind: Kustomization\n${images(tag)}`],
    ['a file, by its name', tag => ({ text: images(tag), file: 'a/kustomization.yaml' })],
    ['a file, without kind', tag => ({ text: version + images(tag), file: 'Kustomization' })],
    [
      'a file, without apiVersion',
      tag => ({ text: `kind: Component\n${images(tag)}`, file: 'kustomization.yml' }),
    ],
    ['an item, by its path', tag => list(tag, 'base/kustomization.yaml')],
  ])('%s, in apply and in check mode', async (_what, given) => {
    const after = given('v1.1.0')
    const { texts, errors } = await evaluateAll([given('v1.0.0')])
    expect({ texts, errors }).toEqual({
      texts: [typeof after === 'string' ? after : after.text],
      errors: [],
    })
    const check = await evaluateAll([given('v1.0.0')], { config: { mode: 'check' } })
    expect(check.moved).toEqual(['images[0].newTag v1.1.0'])
    expect((await evaluateAll([after], { config: { mode: 'check' } })).moved).toEqual([])
  })

  test.each<readonly [string, Given]>([
    ['a file of another name', { text: images('v1.0.0'), file: 'values.yaml' }],
    ['an item of another file', list('v1.0.0', 'values.yaml')],
    ['a stream of another kind', `kind: Other\n${images('v1.0.0')}`],
    ['a stream of another version', `apiVersion: v1\n${images('v1.0.0')}`],
  ])('but not in %s', async (_what, given) => {
    expect((await evaluateAll([given])).moved).toEqual([])
  })
})
