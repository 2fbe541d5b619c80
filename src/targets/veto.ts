import type { Workload } from './workload.ts'

/** Flux v1's vetoes on a workload, `fluxcd.io/ignore` and `fluxcd.io/locked`, in words; undefined if there is none. */
export function vetoOf({ annotations }: Pick<Workload, 'annotations'>): string | undefined {
  if (annotations.get('fluxcd.io/ignore') === 'true')
    return 'the annotation `fluxcd.io/ignore` is "true"'
  if (annotations.get('fluxcd.io/locked') !== 'true') return undefined
  const message = annotations.get('fluxcd.io/locked_msg')
  return `the annotation \`fluxcd.io/locked\` is "true"${message ? `: ${message}` : ''}`
}
