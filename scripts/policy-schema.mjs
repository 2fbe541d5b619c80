// The JSON Schema of an entry of `policies`. The program reads entries with src/policy/inline.ts;
// test/schema.test.ts compares the two.

const providers = {
  aws: 'Amazon ECR',
  gcr: 'Google Artifact Registry',
  azure: 'Azure Container Registry',
  github: 'GitHub Packages',
  dockerhub: 'Docker Hub',
  oci: 'any registry',
}

const text = description => ({ type: 'string', minLength: 1, description })
const mapping = (properties, rest = {}) => ({
  type: 'object',
  properties,
  additionalProperties: false,
  ...rest,
})
const ref = name => ({ $ref: `#/definitions/${name}` })
const oneOfKeys = keys => ({ oneOf: keys.map(key => ({ required: [key] })) })
const anyOfKeys = keys => ({ anyOf: keys.map(key => ({ required: [key] })) })

/** The values of the keys that kinds of policies have. */
const ruleKeys = {
  range: {
    type: 'string',
    description:
      'a version range such as ">=1.2.0 <2.0.0"; a pre-release counts only if it names one',
  },
  order: {
    enum: ['asc', 'desc', 'ASC', 'DESC'],
    description: 'asc, the default, chooses the last one in ascending order',
  },
}
const rules = {
  semver: 'the highest version in a range',
  numerical: 'the largest or the smallest number',
  alphabetical: 'the last or the first tag in byte order',
}

/**
 * The definition `policy` and those that it refers to. `kinds`: the Map of
 * src/policy/kinds/policy-kinds.ts. `tag` and `digest`: their regular expressions.
 */
export function policyDefinitions(kinds, { tag, digest }) {
  const tagKinds = [...kinds].filter(([, kind]) => kind.asks === 'tags')
  const digestKinds = [...kinds].filter(([, kind]) => kind.asks === 'digest').map(([key]) => key)
  const kindsWith = more =>
    Object.fromEntries(
      tagKinds.map(([key, kind]) => {
        const keys = kind.keys.map(name => [name, known(ruleKeys, name)])
        return [
          key,
          mapping({ ...Object.fromEntries(keys), ...more }, { description: known(rules, key) }),
        ]
      }),
    )
  const identifier = {
    type: 'string',
    description: 'a prefix that every tag must have; it is removed before versions are compared',
  }
  const names = {
    name: text('names the policy in markers and reports'),
    namespace: {
      type: 'string',
      description: 'the namespace of the policy; absent: that of the functionConfig',
    },
  }
  const digestReflectionPolicy = {
    enum: ['Never', 'IfNotPresent', 'Always'],
    description: 'whether a digest is written beside the tag',
  }
  return {
    policy: {
      description:
        'a policy in the form of Flux (with `image`), or in the inline form (with a registry)',
      type: 'object',
      if: anyOfKeys(['image', 'filterTags']),
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: ref('fluxPolicy'),
      else: ref('inlinePolicy'),
    },
    fluxPolicy: mapping(
      {
        ...names,
        image: ref('repository'),
        filterTags: mapping(
          {
            pattern: {
              type: 'string',
              description: 'a Go regular expression that tags must match',
            },
            extract: {
              type: 'string',
              description: 'the part of the tag that is compared, such as $version',
            },
          },
          { description: 'limits the choice to some tags' },
        ),
        policy: mapping(kindsWith({}), {
          description: 'the rule that chooses a tag',
          ...anyOfKeys(tagKinds.map(([key]) => key)),
        }),
        digestReflectionPolicy,
      },
      { required: ['name', 'image', 'policy'] },
    ),
    inlinePolicy: mapping(
      {
        ...names,
        policy: mapping(
          {
            ...kindsWith({ identifier }),
            ...Object.fromEntries(digestKinds.map(key => [key, ref('digestRule')])),
            identifier,
          },
          {
            description: 'the rule that chooses a tag or a digest',
            ...oneOfKeys([...kinds.keys()]),
          },
        ),
        ...Object.fromEntries(
          Object.entries(providers).map(([key, name]) => [
            key,
            { description: `the image, in ${name}`, allOf: [ref('registry')] },
          ]),
        ),
        digestReflectionPolicy,
      },
      { required: ['name', 'policy'], ...oneOfKeys(Object.keys(providers)) },
    ),
    digestRule: {
      description: 'pin: run exactly this digest; tag: follow a tag by its digest',
      if: { type: 'string' },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: ref('digest'),
      else: mapping(
        { pin: ref('digest'), tag: { type: 'string', pattern: tag } },
        oneOfKeys(['pin', 'tag']),
      ),
    },
    digest: { type: 'string', pattern: digest },
    registry: mapping(
      {
        image: ref('repository'),
        policy: mapping(
          {
            tags: mapping({
              regex: { type: 'string', description: 'accept the tags that match' },
              extract: {
                type: 'string',
                description: 'the part of the tag that is compared, such as $version',
              },
              allowTags: ref('patterns'),
              ignoreTags: ref('patterns'),
            }),
            allowTags: ref('patterns'),
            ignoreTags: ref('patterns'),
          },
          { description: 'limits the choice to some tags' },
        ),
      },
      { required: ['image'] },
    ),
    patterns: {
      type: 'array',
      items: { type: 'string' },
      maxItems: 25,
      description:
        'Go regular expressions: allowTags accepts more tags, ignoreTags never accepts them',
    },
    repository: {
      type: 'string',
      description: 'a repository such as ghcr.io/acme/web, without scheme, tag or digest',
      pattern: '^([^/@]*[^/@:]/)?/?[a-z0-9_./-]{2,255}$',
    },
  }
}

/** A new kind of policy must be described here. */
function known(table, key) {
  const found = table[key]
  if (found === undefined) throw new Error(`scripts/policy-schema.mjs must describe \`${key}\``)
  return found
}
