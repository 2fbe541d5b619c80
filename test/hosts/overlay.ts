import { builtProgram } from '../dist.ts'
import { deploymentOf, policiesFor } from '../manifests.ts'

/** How a functionConfig asks kustomize to run the function. */
export const asExec = `exec:\n  path: ${builtProgram('apply-image-policies.js')}`
export const asContainer = (image: string) => `container:\n  image: ${image}\n  network: true`

/** A functionConfig with the annotation by which kustomize finds the function. */
export const functionConfig = (
  how: string,
  kind = 'ApplyImagePolicies',
) => `apiVersion: fn.kpt.dev/v1alpha1
kind: ${kind}
metadata:
  name: image-policies
  annotations:
    config.kubernetes.io/function: |
${how.replace(/^/gm, '      ')}
`

/** An overlay that runs the function as its transformer. */
export const overlay = (host: string, how: string, more = '', kind = 'ApplyImagePolicies') => ({
  'kustomization.yaml': `resources: [deployment.yaml, policies.yaml]\ntransformers: [image-policies.yaml]\n${more}`,
  'image-policies.yaml': functionConfig(how, kind),
  'deployment.yaml': deploymentOf(host),
  'policies.yaml': policiesFor(host),
})

/** The workload as kustomize prints it: keys sorted, comments gone; the policies are local-config, which it drops. */
export const rendered = (host: string, tag = 'v1.3.0') => `apiVersion: apps/v1
kind: Deployment
metadata:
  annotations:
    fluxcd.io/tag.app: ${tag}
  name: web
  namespace: apps
spec:
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
      - image: ${host}/app:${tag}
        name: web
      - image: ghcr.io/acme/side:2.0.0
        name: sidecar
      initContainers:
      - image: ${host}/app:${tag}
        name: migrate
`
