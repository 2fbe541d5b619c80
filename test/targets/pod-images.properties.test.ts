import fc from 'fast-check'
import { resourcesOf } from '../../src/krm/resource.ts'
import { findPodImages } from '../../src/targets/pod-images.ts'
import type { YamlTree } from '../../src/yaml/tree/node.ts'
import { documentOf } from '../fixtures/document.ts'
import { keyedDocument } from '../fixtures/odd-yaml.ts'
import { parse } from '../fixtures/tree-facts.ts'

const imagesIn = (tree: YamlTree) =>
  resourcesOf(tree, documentOf(tree.bytes))
    .flatMap(resource => findPodImages(resource))
    .map(({ path, text, name, node }) => [path, text, name, node.start])

test('a document with an alias, whose nodes are walked, has the images that it has without the alias', () => {
  let images = 0
  fc.assert(
    fc.property(keyedDocument, text => {
      const found = imagesIn(parse(text))
      expect(imagesIn(parse(`${text}anchor: &x y\nalias: *x\n`))).toEqual(found)
      images += found.length
    }),
    { numRuns: 1000 },
  )
  expect(images).toBeGreaterThan(100)
})
