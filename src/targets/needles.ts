import { repositoryMention } from '../image/repository.ts'
import type { FunctionConfig } from '../krm/function-config.ts'
import type { ImagePolicy } from '../policy/image-policy.ts'
import { markerNeedle } from './markers.ts'

/** Bytes of which every item that holds a target has at least one: the other items are never parsed. */
export function targetNeedles(
  policies: readonly ImagePolicy[],
  config: FunctionConfig,
): readonly string[] {
  const needles = new Set<string>()
  if (config.targets.markers) needles.add(markerNeedle)
  for (const { kind } of config.targets.fields) needles.add(kind)
  if (config.targets.containers || config.targets.kustomizeImages) {
    for (const { repository } of policies)
      if (repository !== '') needles.add(repositoryMention(repository))
  }
  return [...needles]
}
