import { repositoryProblem } from '../image/repository.ts'
import type { Fields } from '../krm/fields.ts'
import type { AskedTags } from './image-policy.ts'

/**
 * What `policy` and `filterTags` of the `spec` of an ImagePolicy ask for. They are read by
 * `chooser`, which throws BAD_FIELD.
 */
export const askTags = (
  spec: Fields,
  exclusionList: readonly string[],
  digestReflectionPolicy: AskedTags['digestReflectionPolicy'],
): AskedTags => ({
  kind: 'tags',
  exclusionList,
  digestReflectionPolicy,
  chooser: async () => (await import('./choose-tag.ts')).readChooser(spec),
})

/** `digestReflectionPolicy`. Throws BAD_FIELD. */
export const readReflectionPolicy = (fields: Fields): AskedTags['digestReflectionPolicy'] =>
  fields.oneOf('digestReflectionPolicy', ['Never', 'IfNotPresent', 'Always'], 'Never')

/** `image` as Flux accepts it. Throws BAD_FIELD. */
export function readImage(fields: Fields): string {
  const image = fields.string('image')
  const problem = repositoryProblem(image)
  if (problem === undefined) return image
  const error = fields.error(
    'BAD_FIELD',
    `must be a repository without scheme, tag or digest: ${problem}`,
    'image',
  )
  error.flux = problem
  throw error
}
