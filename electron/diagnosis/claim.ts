// Why a claim has no volume. Models kubernetes/pkg/controller/volume/persistentvolume

import type { PersistentVolumeClaim } from 'kubernetes-types/core/v1.js'
import type { StorageClass } from 'kubernetes-types/storage/v1.js'
import type { KubeObject } from '../contract/cluster.ts'
import { all, describe, type Evidence, eventWith, type Rule, toEvidence } from './look.ts'

const isDefault = ({ metadata }: StorageClass): boolean =>
  metadata?.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true'

/** A claim that waits for its first Pod is not in trouble: that Pod's own rules speak. */
export const claimTrouble: Rule<PersistentVolumeClaim & KubeObject> = (claim, snapshot) => {
  const phase = claim.status?.phase
  const facts = { claim: claim.metadata.name, class: claim.spec?.storageClassName ?? '', volume: claim.spec?.volumeName ?? '' }
  const next = [describe(claim), { command: 'kubectl get storageclasses', say: 'classes' }]
  const event = eventWith(snapshot, claim, ['ProvisioningFailed', 'FailedBinding', 'ExternalProvisioning'])
  const evidence: Evidence[] = event ? [toEvidence(event)] : [{ text: `phase: ${phase}`, from: 'status' }]
  if (phase === 'Lost') return { cause: 'claim.lost', facts, evidence, next }
  if (phase !== 'Pending') return undefined
  const classes = all<StorageClass>(snapshot, 'StorageClass')
  if (claim.spec?.storageClassName === undefined && !classes.some(isDefault))
    return { cause: 'claim.noDefaultClass', facts, evidence, next: [...next].reverse() }
  if (facts.class !== '' && !classes.some(({ metadata }) => metadata.name === facts.class)) {
    const known = classes.map(({ metadata }) => metadata.name).join(', ')
    return { cause: 'claim.noClass', facts: { ...facts, known }, evidence, next: [...next].reverse() }
  }
  // A class that was missing and is there now: its event outlives the trouble.
  if (event?.reason === 'ProvisioningFailed' && !/storageclass.* not found/.test(event.message ?? ''))
    return { cause: 'claim.provisioning', facts, evidence, next }
  if (facts.class === '')
    return { cause: 'claim.noVolume', facts, evidence, next: [{ command: 'kubectl get pv', say: 'volumes' }, describe(claim)] }
  return undefined
}
