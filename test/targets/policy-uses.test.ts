import type { ImagePolicy } from '../../src/policy/image-policy.ts'
import { policyUses } from '../../src/targets/policy-uses.ts'
import type { Target } from '../../src/targets/target.ts'

const [policy, other] = [{ field: 'a' } as ImagePolicy, { field: 'b' } as ImagePolicy]
const target = (more: Partial<Target>) => ({ policy, pinned: false, ...more }) as Target
const nothing = { policy, governs: false, replacesDigest: false, fillsMarker: false }

test.each([
  ['no target', [], {}],
  ['a target of another policy', [target({ policy: other, pinned: true, asFlux: true })], {}],
  ['a target', [target({})], { governs: true }],
  [
    'one that is pinned',
    [target({}), target({ pinned: true })],
    { governs: true, replacesDigest: true },
  ],
  ['one with a marker', [target({ asFlux: true })], { governs: true, fillsMarker: true }],
])('%s', (_what, targets, expected) => {
  expect(policyUses([policy], targets)).toEqual([{ ...nothing, ...expected }])
})
