import { type FieldPath, formatPath } from '../src/field-path.ts'

test.each<readonly [FieldPath, string]>([
  [[], ''],
  [['spec'], 'spec'],
  [['spec', 'containers', 0, 'image'], 'spec.containers[0].image'],
  [[0, 'a'], '[0].a'],
  [['metadata', 'annotations', 'fluxcd.io/tag.web'], 'metadata.annotations[fluxcd.io/tag.web]'],
  [['a b', 'c-d', '$e', 'f_1'], '[a b].c-d.$e.f_1'],
  [['a', '', 'b'], 'a[].b'],
])('%j is %s', (path, text) => {
  expect(formatPath(path)).toBe(text)
})
