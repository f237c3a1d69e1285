// A Pod's way from wish to work, as far as it came: the five stages and what was seen at each.

import type { Pod } from 'kubernetes-types/core/v1.js'
import type { Snapshot } from '../cluster/snapshot.ts'
import type { KubeObject } from '../contract/cluster.ts'
import { type Diagnosis, stages } from '../contract/diagnosis.ts'
import { eventsOf } from './look.ts'
import { containersOf } from './pod-image.ts'

type Stage = Diagnosis['life'][number]

const conditionOf = (pod: Pod, type: string): boolean =>
  pod.status?.conditions?.some(condition => condition.type === type && condition.status === 'True') === true

export const lifeOf = (pod: Pod & KubeObject, snapshot: Snapshot, isTroubled: boolean): Stage[] => {
  const containers = containersOf(pod)
  const hasStarted = ({ state, restartCount }: (typeof containers)[number]): boolean =>
    state?.running !== undefined || state?.terminated !== undefined || restartCount > 0
  const owner = pod.metadata.ownerReferences?.[0]
  const pulls = eventsOf(snapshot, pod).find(({ reason }) => reason === 'Failed' || reason === 'BackOff')?.count
  const restarts = containers.reduce((sum, { restartCount }) => sum + restartCount, 0)
  // An image id is known once the image is there.
  const isPulled = containers.length > 0 && containers.every(container => container.imageID !== '' || hasStarted(container))
  const reached = [
    true,
    pod.spec?.nodeName !== undefined,
    isPulled,
    containers.length > 0 && containers.every(hasStarted) && containers.every(({ state }) => state?.waiting === undefined),
    conditionOf(pod, 'Ready'),
  ]
  const seen = [
    owner && `${owner.kind} ${owner.name}`,
    pod.spec?.nodeName,
    pulls && `× ${pulls}`,
    restarts > 0 && `↻ ${restarts}`,
    undefined,
  ]
  const stuck = reached.indexOf(false)
  return stages.map((stage, index) => {
    const state = stuck < 0 || index < stuck ? 'done' : index > stuck ? 'later' : isTroubled ? 'failed' : 'now'
    const words = state === 'later' ? undefined : seen[index]
    return words ? { stage, state, seen: words } : { stage, state }
  })
}
