import type { ImagePolicy } from '../policy/image-policy.ts'
import type { Resolution } from './resolution.ts'

/**
 * Answers a policy with a whole choice that was made before, where a TagSource answers tags to choose from. Why it has none, in words.
 */
export type ChoiceSource = (policy: ImagePolicy) => Resolution | string
