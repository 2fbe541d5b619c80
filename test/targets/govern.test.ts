import type { Resource } from '../../src/krm/resource.ts'
import type { ImagePolicy } from '../../src/policy/image-policy.ts'
import { governingPolicy, overruledBinding } from '../../src/targets/govern.ts'
import { outermost } from '../../src/targets/workload.ts'

const policy = (
  name: string,
  more: {
    namespace?: string
    scope?: readonly string[]
    container?: string
    resource?: Resource['id']
  } = {},
) => {
  const { namespace = 'flux-system', scope, container, resource } = more
  return {
    resource: resource ?? {
      apiVersion: 'image.toolkit.fluxcd.io/v1',
      kind: 'ImagePolicy',
      namespace,
      name,
      file: `${name}.yaml`,
    },
    field: 'spec',
    id: { original: { namespace, name }, current: { namespace, name }, ...(scope && { scope }) },
    ...(container !== undefined && { container }),
  } as ImagePolicy
}

const workload = (annotations: Readonly<Record<string, string>> = {}) =>
  ({
    id: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      namespace: 'shop',
      name: 'web',
      file: 'apps/web/d.yaml',
    },
    original: { namespace: 'shop', name: 'web' },
    annotations: new Map(Object.entries(annotations)),
  }) as unknown as Resource

const path = ['spec', 'containers', 0, 'image']
const everywhere = policy('everywhere')
const root = policy('root', { scope: [''] })
const own = policy('own', { namespace: 'shop' })
const apps = policy('apps', { scope: ['apps'] })
const web = policy('web', { scope: ['apps/web'] })
const other = policy('other', { scope: ['infra'] })

describe('of several policies', () => {
  test.each<readonly [string, readonly ImagePolicy[], Resource, ImagePolicy | undefined]>([
    [
      'none is there, whatever is bound',
      [],
      workload({ 'fluxcd.io/policy.app': 'flux-system:everywhere' }),
      undefined,
    ],
    ['none governs outside its scope', [other], workload(), undefined],
    ['the only one governs', [everywhere], workload(), everywhere],
    ['the narrowest governs', [everywhere, apps, web, other], workload(), web],
    ['the narrowest governs, though another has the namespace', [own, apps], workload(), apps],
    [
      'the narrowest governs, though another is bound',
      [everywhere, apps],
      workload({ 'fluxcd.io/policy.app': 'flux-system:everywhere' }),
      apps,
    ],
    [
      'the bound one governs',
      [everywhere, own],
      workload({ 'fluxcd.io/policy.app': 'flux-system:everywhere' }),
      everywhere,
    ],
    [
      'a binding of another container says nothing',
      [everywhere, own],
      workload({ 'fluxcd.io/policy.side': 'flux-system:everywhere' }),
      own,
    ],
    ['the one of the namespace governs', [everywhere, own], workload(), own],
  ])('%s', (_what, candidates, resource, expected) => {
    expect(governingPolicy(candidates, outermost(resource), 'app', path)).toBe(expected)
  })

  test('one on the workload itself governs its container, and no other', () => {
    const resource = workload()
    const v1 = policy('v1', { container: 'app', resource: resource.id })
    expect(governingPolicy([web, v1], outermost(resource), 'app', path)).toBe(v1)
    expect(governingPolicy([web, v1], outermost(resource), 'side', path)).toBe(web)
    expect(governingPolicy([v1], outermost(workload()), 'app', path)).toBeUndefined()
  })
})

describe('an error', () => {
  test('that names the policies that are left', () => {
    expect(() => governingPolicy([everywhere, root], outermost(workload()), 'app', path)).toThrow(
      'Deployment shop/web (apps/web/d.yaml) spec.containers[0].image: must be governed by one policy; ' +
        'there are flux-system/everywhere (everywhere.yaml), flux-system/root (root.yaml): ' +
        'choose one with the annotation `fluxcd.io/policy.app: <namespace>:<name>` on Deployment shop/web (apps/web/d.yaml)',
    )
  })

  test('that shows what a binding may name', () => {
    const resource = workload({ 'fluxcd.io/policy.app': 'flux-system:other' })
    expect(() => governingPolicy([everywhere, other], outermost(resource), 'app', path)).toThrow(
      "metadata.annotations[fluxcd.io/policy.app]: must name, as <namespace>:<name>, a policy of this image's repository whose scope holds the workload, " +
        'got "flux-system:other"; there are flux-system/everywhere (everywhere.yaml)',
    )
  })
})

describe('a binding', () => {
  const bound = outermost(workload({ 'fluxcd.io/policy.app': 'flux-system:everywhere' }))

  test('to a policy with a wider scope than the governing one is overruled', () => {
    expect(overruledBinding(apps, bound, 'app')).toBe(
      'is bound to "flux-system:everywhere", but flux-system/apps has a narrower scope and governs it: remove the annotation `fluxcd.io/policy.app`, or that policy',
    )
  })

  test('to the governing policy, or of another container, is not', () => {
    expect(overruledBinding(everywhere, bound, 'app')).toBeUndefined()
    expect(overruledBinding(apps, bound, 'side')).toBeUndefined()
  })
})
