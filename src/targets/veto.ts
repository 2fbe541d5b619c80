import type { Workload } from './workload.ts'

/**
 * Flux v1's vetoes on a workload, `fluxcd.io/ignore` and `fluxcd.io/locked`, in words; undefined if there is none. A veto on an
 * object holds for all workloads in it.
 */
export function vetoOf({
  annotations,
  around,
}: Pick<Workload, 'annotations' | 'around'>): string | undefined {
  if (annotations.get('fluxcd.io/ignore') === 'true')
    return 'the annotation `fluxcd.io/ignore` is "true"'
  if (annotations.get('fluxcd.io/locked') !== 'true') return around && vetoOf(around)
  const message = annotations.get('fluxcd.io/locked_msg')
  return `the annotation \`fluxcd.io/locked\` is "true"${message ? `: ${message}` : ''}`
}
