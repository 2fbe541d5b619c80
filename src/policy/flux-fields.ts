/**
 * The fields of a mapping, each with the fields below it: of a mapping, or of each mapping of a
 * sequence. `any`: not listed here.
 */
export interface KnownFields {
  readonly [key: string]: KnownFields | typeof any
}

export const any = 'any'

const named: KnownFields = { name: any }
const labelSelector: KnownFields = {
  matchLabels: any,
  matchExpressions: { key: any, operator: any, values: any },
}

// Source: fluxcd/image-reflector-controller, api/v1beta1 and api/v1, imagerepository_types.go;
// v1beta2 has the fields of v1. `exclusionList` and `serviceAccountName` came to v1beta1 with its
// later releases.
const oldRepository: KnownFields = {
  image: any,
  interval: any,
  timeout: any,
  secretRef: named,
  certSecretRef: named,
  serviceAccountName: any,
  suspend: any,
  accessFrom: { namespaceSelectors: { matchLabels: any } },
  exclusionList: any,
}
const repository: KnownFields = {
  ...oldRepository,
  proxySecretRef: named,
  provider: any,
  insecure: any,
}

// Source: fluxcd/image-reflector-controller, api/v1beta1 and api/v1, imagepolicy_types.go; v1beta2
// has the fields of v1. The fields of `policy` are those of the kinds of policies.
const oldPolicy: KnownFields = {
  imageRepositoryRef: { name: any, namespace: any },
  policy: any,
  filterTags: { pattern: any, extract: any },
}
const policy: KnownFields = {
  ...oldPolicy,
  digestReflectionPolicy: any,
  interval: any,
  suspend: any,
}

// Source: fluxcd/image-automation-controller, api/v1beta1, api/v1beta2 and api/v1,
// imageupdateautomation_types.go, git.go.
const automationWith = (
  more: KnownFields,
  moreOfCommit: KnownFields,
  moreOfKey: KnownFields,
): KnownFields => ({
  sourceRef: { apiVersion: any, kind: any, name: any, namespace: any },
  git: {
    checkout: { ref: { branch: any, tag: any, semver: any, name: any, commit: any } },
    commit: {
      author: { name: any, email: any },
      signingKey: { secretRef: named, ...moreOfKey },
      messageTemplate: any,
      ...moreOfCommit,
    },
    push: { branch: any, refspec: any, options: any },
  },
  interval: any,
  update: { strategy: any, path: any },
  suspend: any,
  ...more,
})
const selecting: KnownFields = { policySelector: labelSelector }
const templateValues: KnownFields = { messageTemplateValues: any }

/** The fields of `spec` by kind and version. */
export const fluxFields: ReadonlyMap<string, ReadonlyMap<string, KnownFields>> = new Map([
  [
    'ImageRepository',
    new Map([
      ['v1beta1', oldRepository],
      ['v1beta2', repository],
      ['v1', repository],
    ]),
  ],
  [
    'ImagePolicy',
    new Map([
      ['v1beta1', oldPolicy],
      ['v1beta2', policy],
      ['v1', policy],
    ]),
  ],
  [
    'ImageUpdateAutomation',
    new Map([
      ['v1beta1', automationWith({}, {}, {})],
      ['v1beta2', automationWith(selecting, templateValues, {})],
      ['v1', automationWith(selecting, templateValues, { type: any })],
    ]),
  ],
])
