import { markerProblem, parseMarker } from '../../src/targets/marker.ts'

const long = '#/definitions/io.k8s.cli.setters.'

test.each([
  ['# {"$imagepolicy": "ns:app"}', 'ns:app', 'image'],
  ['#{"$imagepolicy":"ns:app"}', 'ns:app', 'image'],
  ['## { "$imagepolicy" : "ns:app" } ', 'ns:app', 'image'],
  ['# {"$imagepolicy": "ns:app:tag"}', 'ns:app', 'tag'],
  ['# {"$imagepolicy": "ns:app:name"}', 'ns:app', 'name'],
  ['# {"$imagepolicy": "ns:app:digest"}', 'ns:app', 'digest'],
  ['# {"$imagepolicy": "ns%3Aapp"}', 'ns:app', 'image'],
  ['# {"\\u0024imagepolicy": "ns:app"}', 'ns:app', 'image'],
  ['# {"$imagepolicy": "ns:app", "x": null}', 'ns:app', 'image'],
  [`# {"$ref": "${long}ns:app"}`, 'ns:app', 'image'],
  [`# {"$ref": "${long}ns:app:tag", "x": 1}`, 'ns:app', 'tag'],
  [`# {"$ref": "${long}ns:other", "$imagepolicy": "ns:app"}`, 'ns:app', 'image'],
])('%s is a marker', (comment, policy, part) => {
  expect(parseMarker(comment)).toEqual({ policy, part })
  expect(markerProblem(comment)).toBeUndefined()
})

const json = 'a marker must be one JSON object, and this is not valid JSON'
const before = 'a marker must be a JSON object, without text before it'
const quotes = 'a marker must be JSON: use double quotes'
const named = (name: string) => `a marker must name a policy as "<namespace>:<name>", got "${name}"`

test.each([
  ['broken JSON', '# {"$imagepolicy": "ns:app"', json],
  ['broken JSON', '# {$imagepolicy: ns:app}', json],
  ['a value in single quotes', '# {"$imagepolicy": \'ns:app\'}', json],
  ['single quotes', "# {'$imagepolicy': 'ns:app'}", quotes],
  ['text after it', '# {"$imagepolicy": "ns:app"} newest', 'a marker must not have text after it'],
  ['text before it', '# web: {"$imagepolicy": "ns:app"}', before],
  ['a list', '# [{"$imagepolicy": "ns:app"}]', before],
  ['no JSON', '# $imagepolicy: ns:app', before],
  [
    'a second comment sign',
    '# # {"$imagepolicy": "ns:app"}',
    'a marker must begin right after `#`',
  ],
  [
    'an unknown part',
    '# {"$imagepolicy": "ns:app:tga"}',
    'the part after the name of the policy must be tag, name or digest, got "tga"',
  ],
  ['no namespace', '# {"$imagepolicy": "app"}', named('app')],
  ['no name', '# {"$imagepolicy": ""}', named('')],
  ['too many parts', '# {"$imagepolicy": "a:b:tag:c"}', named('a:b:tag:c')],
  ['a broken escape', '# {"$imagepolicy": "ns:app%zz"}', named('ns:app%zz')],
  [
    'another value that is not text',
    '# {"$imagepolicy": "ns:app", "x": 1}',
    'all values of a marker must be strings',
  ],
])('%s: %s is not a marker', (_what, comment, problem) => {
  expect(parseMarker(comment)).toBeUndefined()
  expect(markerProblem(comment)).toBe(problem)
})

test.each(['# note', '# see $imagepolicy', '# the "$imagepolicy" of web', '# {"a": "b"}'])(
  '%s is prose',
  comment => {
    expect(parseMarker(comment)).toBeUndefined()
    expect(markerProblem(comment)).toBeUndefined()
  },
)
