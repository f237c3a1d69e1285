// Whether the claims of a Pod let it be placed. Pure.

import type { PersistentVolumeClaimObject as Claim } from '../resources/persistent-volume-claim.ts'
import type { StorageClassObject as StorageClass } from '../resources/storage-class.ts'
import type { Pod } from './kinds.ts'
import { NO_PROVISIONER } from './persistent-volume-decision.ts'
import type { Demand } from './scheduler-volumes.ts'

// Models kubernetes/pkg/scheduler/framework/plugins/volumebinding
export interface ClaimsInput {
  pod: Pod
  nodes: number
  /** The claims that the Pod names, by name; undefined for one that is not there. */
  claims: Readonly<Record<string, Claim | undefined>>
  classes: readonly StorageClass[]
}

/** `waiting` claims get their volume once the Pod has a node. */
export type ClaimsDecision = { message: string } | { waiting: readonly Demand[] }

/** Why the Pod must wait, or which claims wait for it. */
export const decideClaims = ({ nodes, claims, classes }: ClaimsInput): ClaimsDecision => {
  const waiting: Demand[] = []
  let unbound = false
  for (const [name, claim] of Object.entries(claims)) {
    if (!claim) return refuse(nodes, `persistentvolumeclaim "${name}" not found`)
    if (claim.metadata.deletionTimestamp) return refuse(nodes, `persistentvolumeclaim "${name}" is being deleted`)
    if (claim.status?.phase === 'Lost') {
      const volume = claim.spec.volumeName
      return refuse(nodes, `persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${volume}"`)
    }
    if (claim.status?.phase === 'Bound') continue
    const storageClass = classes.find(({ metadata }) => metadata.name === claim.spec.storageClassName)
    if (storageClass?.volumeBindingMode === 'WaitForFirstConsumer' && !claim.spec.volumeName)
      waiting.push({ claim, isMade: storageClass.provisioner !== NO_PROVISIONER })
    else unbound = true
  }
  return unbound ? refuse(nodes, 'pod has unbound immediate PersistentVolumeClaims') : { waiting }
}

const refuse = (nodes: number, why: string) => {
  const head = `0/${nodes} nodes are available`
  return {
    message: `${head}: ${why}. no new claims to deallocate, preemption: ${head}: ${nodes} Preemption is not helpful for scheduling.`,
  }
}
