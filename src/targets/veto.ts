import { fluxV1Prefixes } from '../policy/flux-v1.ts'
import type { Workload } from './workload.ts'

/**
 * Flux v1's vetoes on a workload, `fluxcd.io/ignore` and `fluxcd.io/locked`, also with the older
 * prefix, in words; undefined if there is none. A veto on an object holds for all workloads in it.
 */
export function vetoOf({
  annotations,
  around,
}: Pick<Workload, 'annotations' | 'around'>): string | undefined {
  const keys = fluxV1Prefixes.flatMap(prefix => [`${prefix}ignore`, `${prefix}locked`])
  const key = keys.find(key => annotations.get(key) === 'true')
  if (key === undefined) return around && vetoOf(around)
  const message = key.endsWith('locked') ? annotations.get(`${key}_msg`) : undefined
  return `the annotation \`${key}\` is "true"${message ? `: ${message}` : ''}`
}
