import type { Fields } from '../krm/fields.ts'
import type { TagChooser } from './choose-tag.ts'
import type { DigestPolicy } from './digest-policy.ts'
import { showText } from './show-text.ts'

/** What a digest policy makes of a list of tags: nothing is compared, so at most the followed tag can be chosen. */
export function digestChooser(entry: Fields, policy: DigestPolicy): TagChooser {
  const follow = 'follow' in policy ? policy.follow : undefined
  return {
    choose(storedTags) {
      if (follow === undefined)
        throw entry.error('NO_TAG_CHOSEN', 'pins a digest, so it chooses no tag', 'policy.digest')
      if (!storedTags.includes(follow))
        throw entry.error(
          'NO_TAG_CHOSEN',
          `must name a tag of the repository, got ${showText(follow)}`,
          'policy.digest.tag',
        )
      return {
        tag: follow,
        value: follow,
        reason: 'the tag that is followed',
        passed: 1,
        ties: [],
        groups: {},
      }
    },
    explain: storedTags =>
      storedTags.map(tag =>
        tag === follow
          ? { tag, value: tag }
          : {
              tag,
              rejected:
                follow === undefined
                  ? 'a digest is pinned'
                  : `only ${showText(follow)} is followed`,
            },
      ),
    warnings: () => [],
  }
}
