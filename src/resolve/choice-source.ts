import type { ImagePolicy } from '../policy/image-policy.ts'
import type { Resolution } from './resolution.ts'

/**
 * Answers a policy with a choice that was made before, while a TagSource lists tags to choose from.
 * A text says why it has none.
 */
export type ChoiceSource = (policy: ImagePolicy) => Resolution | string
