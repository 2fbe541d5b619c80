import { coreValue } from '../../../src/yaml/tree/core-schema.ts'

test.each([
  ['', null],
  ['~', null],
  ['null', null],
  ['Null', null],
  ['true', true],
  ['FALSE', false],
  ['12', 12],
  ['-012', -12],
  ['0o14', 12],
  ['0x1F', 31],
  ['1.50', 1.5],
  ['.5', 0.5],
  ['1e3', 1000],
  ['-.inf', -Infinity],
  ['.NaN', Number.NaN],
  ['nULL', 'nULL'],
  ['yes', 'yes'],
  ['on', 'on'],
  ['1_000', '1_000'],
  ['0b1', '0b1'],
  ['1:20', '1:20'],
  ['2024-01-01', '2024-01-01'],
  ['1.2.3', '1.2.3'],
  ['v1', 'v1'],
])('plain %j means %j', (text, value) => {
  expect(coreValue(text, 'plain', undefined)).toBe(value)
})

test.each([
  ['12', 'double', undefined, '12'],
  ['true', 'literal', undefined, 'true'],
  ['12', 'plain', '!!str', '12'],
  ['12', 'plain', '!mine', '12'],
  ['12', 'plain', '!', '12'],
  ['12', 'double', '!!int', 12],
  ['null', 'plain', '!!null', null],
] as const)('%j in %s style with the tag %s means %j', (text, style, tag, value) => {
  expect(coreValue(text, style, tag)).toBe(value)
})
