/** The policy of the examples, over `<host>/app`. */
export const policiesFor = (
  host: string,
  range = '>=1.2.3 <2.0.0',
) => `apiVersion: image.toolkit.fluxcd.io/v1
kind: ImageRepository
metadata:
  name: app
  namespace: flux-system
  annotations:
    config.kubernetes.io/local-config: "true"
spec:
  image: ${host}/app
  interval: 5m
---
apiVersion: image.toolkit.fluxcd.io/v1
kind: ImagePolicy
metadata:
  name: app
  namespace: flux-system
  annotations:
    config.kubernetes.io/local-config: "true"
spec:
  imageRepositoryRef:
    name: app
  policy:
    semver:
      range: "${range}"
`

/** A workload with an init container and a container of `<host>/app`, and a sidecar that no policy governs. */
export const deploymentOf = (host: string, tag = 'v1.2.3') => `apiVersion: apps/v1
kind: Deployment
metadata:
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
      initContainers:
      - name: migrate
        image: ${host}/app:${tag} # the same image
      containers:
      - name: web
        image: ${host}/app:${tag}
      - name: sidecar
        image: ghcr.io/acme/side:2.0.0 # stays until the audit
`

/** The tags that the policy has to choose v1.3.0 from: above the range, a pre-release and no version are among them. */
export const tags = ['v1.2.3', 'v1.2.4', 'v1.3.0', 'v2.0.0', 'v1.2.5-rc.1', 'latest']
