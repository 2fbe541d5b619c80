import type { ImagePolicy } from '../../src/policy/image-policy.ts'
import { newClaims } from '../../src/targets/claims.ts'
import type { AliasNode } from '../../src/yaml/tree/node.ts'
import { documentOf } from '../fixtures/document.ts'

const bytes = Buffer.from('a: b')
const [one, other] = [documentOf(bytes), documentOf(bytes)]
const alias = (start: number) => ({ start }) as AliasNode

test('a scalar is claimed once, by its document and offset', () => {
  const { claim } = newClaims()
  expect([claim(one, 3), claim(one, 3), claim(one, 1), claim(one, 1)]).toEqual([
    true,
    false,
    true,
    false,
  ])
  expect([claim(other, 3), claim(other, 3)]).toEqual([true, false])
})

test('a scalar is claimed once for each way of aliases to it', () => {
  const { claim } = newClaims()
  const ways = [[], [alias(5)], [alias(5), alias(7)], [alias(7)], [alias(57)]]
  expect(ways.map(way => claim(one, 3, way))).toEqual(ways.map(() => true))
  expect(ways.map(way => claim(one, 3, way))).toEqual(ways.map(() => false))
})

test('a marked scalar can be claimed by nobody else, however it is reached', () => {
  const claims = newClaims()
  claims.mark(one, 3)
  expect(claims.isMarked(one, 3)).toBe(true)
  expect([claims.claim(one, 3), claims.claim(one, 3, [alias(5)])]).toEqual([false, false])
  expect(claims.isMarked(one, 1)).toBe(false)
  expect(claims.isMarked(other, 3)).toBe(false)
  expect(claims.claim(other, 3)).toBe(true)
})

test('marked policies and covered images are remembered', () => {
  const claims = newClaims()
  const policy = {} as ImagePolicy
  claims.markPolicy(policy)
  claims.cover('nginx', 'an entry')
  expect(claims.markedPolicies).toEqual(new Set([policy]))
  expect(claims.coveredBy('nginx')).toBe('an entry')
  expect(claims.coveredBy('docker.io/nginx')).toBeUndefined()
})
