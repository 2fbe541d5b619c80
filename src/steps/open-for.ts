import { type Document, type DocumentOptions, openDocument } from '../krm/document.ts'
import { secretTexts } from '../krm/secret.ts'
import { fluxV1Annotations } from '../policy/flux-v1.ts'
import { policyMentions, referencedMentions } from '../policy/mentions.ts'
import { kustomizationGroup, nearPolicyMentions } from '../policy/near-policies.ts'
import { lockMention } from '../resolve/lock.ts'
import { workloadAnnotations } from '../targets/find-targets.ts'
import { valuesHolders } from '../targets/helm-values.ts'
import { markerMention } from '../targets/marker.ts'

/** Texts of which every item that holds a policy or a lock has at least one. */
export const holderMentions = [...policyMentions, lockMention]

/** Opens an input for an evaluation. Throws BAD_INPUT. */
export const openFor = (
  bytes: Buffer,
  options: Pick<DocumentOptions, 'file' | 'writable'>,
): Promise<Document> =>
  openDocument(bytes, {
    ...options,
    mentions: [
      ...holderMentions,
      ...referencedMentions,
      ...nearPolicyMentions,
      kustomizationGroup,
      ...valuesHolders,
      ...secretTexts,
      markerMention,
    ],
    annotationPrefixes: [...workloadAnnotations, ...fluxV1Annotations],
  })
