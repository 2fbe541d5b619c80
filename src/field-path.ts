/** Keys and indexes that lead to a field, such as `['spec', 'containers', 0, 'image']`. */
export type FieldPath = readonly (string | number)[]

/**
 * `spec.template.spec.containers[0].image`; a key with other characters is in brackets:
 * `metadata.annotations[fluxcd.io/tag.web]`.
 */
export function formatPath(path: FieldPath): string {
  let text = ''
  for (const step of path) {
    if (typeof step === 'number' || !/^[\w$-]+$/.test(step)) text += `[${step}]`
    else text += text === '' ? step : `.${step}`
  }
  return text
}
