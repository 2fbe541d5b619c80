import { automatedFolders, readAutomation } from '../../src/policy/automation.ts'
import { readResources } from '../fixtures/read-resources.ts'

const read = async (object: object) => {
  const [resource] = await readResources(object)
  if (resource === undefined) throw new Error('no resource')
  return resource
}

const automation = (spec: object, namespace = 'flux-system') =>
  read({
    apiVersion: 'image.toolkit.fluxcd.io/v1',
    kind: 'ImageUpdateAutomation',
    metadata: { name: 'a', namespace },
    spec,
  })

const policy = (labels?: object) =>
  read({
    apiVersion: 'image.toolkit.fluxcd.io/v1',
    kind: 'ImagePolicy',
    metadata: { name: 'p', namespace: 'flux-system', ...(labels && { labels }) },
    spec: {},
  })

describe('a policySelector', () => {
  const expression = (operator: string, ...values: string[]) => ({
    matchExpressions: [{ key: 'env', operator, values }],
  })

  test.each<readonly [string, object | undefined, object | undefined, boolean]>([
    ['that is absent selects all', undefined, undefined, true],
    ['that is empty selects all', {}, { env: 'prod' }, true],
    ['matches a label', { matchLabels: { env: 'prod' } }, { env: 'prod', team: 'a' }, true],
    ['does not match another value', { matchLabels: { env: 'prod' } }, { env: 'staging' }, false],
    ['does not match what has no labels', { matchLabels: { env: 'prod' } }, undefined, false],
    ['must match every label', { matchLabels: { env: 'prod', team: 'a' } }, { env: 'prod' }, false],
    ['In holds', expression('In', 'prod', 'staging'), { env: 'staging' }, true],
    ['In does not hold', expression('In', 'prod'), {}, false],
    ['NotIn holds without the label', expression('NotIn', 'prod'), {}, true],
    ['NotIn does not hold', expression('NotIn', 'prod'), { env: 'prod' }, false],
    ['Exists holds', expression('Exists'), { env: '' }, true],
    ['Exists does not hold', expression('Exists'), {}, false],
    ['DoesNotExist holds', expression('DoesNotExist'), {}, true],
    ['DoesNotExist does not hold', expression('DoesNotExist'), { env: '' }, false],
    [
      'needs both kinds to match',
      { matchLabels: { a: 'b' }, ...expression('Exists') },
      { env: 'x' },
      false,
    ],
  ])('%s', async (_what, policySelector, labels, expected) => {
    const selecting = readAutomation(
      await automation({ policySelector, update: { path: './apps' } }),
    )
    expect(automatedFolders(await policy(labels), [selecting])).toEqual(
      expected ? ['apps'] : undefined,
    )
  })

  test('with an unknown operator is an error', async () => {
    const resource = await automation({ policySelector: expression('Is', 'prod') })
    expect(() => readAutomation(resource)).toThrow(
      'spec.policySelector.matchExpressions[0].operator: must be one of "In", "NotIn", "Exists", "DoesNotExist", got "Is"',
    )
  })
})

test('only automations of the same namespace count', async () => {
  expect(
    automatedFolders(await policy(), [
      readAutomation(await automation({ update: { path: 'a' } }, 'other')),
    ]),
  ).toBeUndefined()
})

test('several automations add their folders, each once', async () => {
  const automations = [
    await automation({ update: { path: './b' } }),
    await automation({ update: { path: 'a/' } }),
    await automation({ update: { path: 'b' } }),
  ]
  expect(automatedFolders(await policy(), automations.map(readAutomation))).toEqual(['a', 'b'])
})

test('without a path, the folder is the Git root', async () => {
  expect(automatedFolders(await policy(), [readAutomation(await automation({}))])).toEqual([''])
})
