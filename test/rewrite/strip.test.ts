import { applyImagePolicies } from '../../src/index.ts'
import {
  config,
  deployment,
  image,
  inline,
  kustomization,
  messagesOf,
  range,
  stream,
  tagSource,
} from '../fixtures/inline.ts'

describe('spec.imagePolicies of a Flux Kustomization', () => {
  const written = `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps, namespace: flux-system}
spec:
  interval: 5m # often
  imagePolicies:
    # our own app
    - name: my-app
      policy: {semver: {range: "${range}"}}
      oci: {image: ${image}}
  path: ./apps
---
${JSON.stringify(deployment(`${image}:v1.2.4`))}
`

  test('is removed by `inlinePolicies: strip`, and nothing else is', async () => {
    const functionConfig = config({ inlinePolicies: 'strip', annotations: false })
    const applied = await applyImagePolicies(written, { tagSource: tagSource(), functionConfig })
    expect(messagesOf(applied, 'warning')).toEqual([])
    expect(Buffer.from(applied.output).toString()).toBe(
      written.replace(/ {2}imagePolicies:.*?(?= {2}path)/s, ''),
    )
    const again = await applyImagePolicies(applied.output, {
      tagSource: tagSource(),
      functionConfig,
    })
    expect(Buffer.from(again.output)).toEqual(Buffer.from(applied.output))
  })

  test('is kept by default', async () => {
    const applied = await applyImagePolicies(written, {
      tagSource: tagSource(),
      functionConfig: config({ annotations: false }),
    })
    expect(Buffer.from(applied.output).toString()).toBe(written)
  })

  test('is not removed from what is only read', async () => {
    const functionConfig = config({ inlinePolicies: 'strip', annotations: false })
    const input = stream(deployment(`${image}:v1.2.4`))
    const applied = await applyImagePolicies(input, {
      tagSource: tagSource(),
      functionConfig,
      policies: [kustomization(inline)],
    })
    expect(Buffer.from(applied.output).toString()).toBe(input)
  })

  test('can not be removed if an alias shares the spec', async () => {
    const shared = written
      .replace('spec:\n', 'spec: &spec\n')
      .replace('\n---', '\nother: *spec\n---')
    const applied = await applyImagePolicies(shared, {
      tagSource: tagSource(),
      functionConfig: config({ inlinePolicies: 'strip' }),
    })
    expect(messagesOf(applied, 'error')).toEqual([
      'Kustomization flux-system/apps spec.imagePolicies: must be in a mapping of its own to be removed, not in one that an alias or a merge key shares; write it out',
    ])
  })

  test('is not removed by a check', async () => {
    const applied = await applyImagePolicies(written, {
      tagSource: tagSource(),
      functionConfig: config({ inlinePolicies: 'strip', annotations: false }),
      mode: 'check',
    })
    expect(Buffer.from(applied.output).toString()).toBe(written)
    expect(applied.exitCode).toBe(0)
  })
})
