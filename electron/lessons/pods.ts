// What kubectl shows of a Pod in its STATUS column, and whether it is Ready. Pure.

import type { KubeObject } from '../contract/cluster.ts'

interface ContainerStatus {
  name: string
  image?: string
  ready?: boolean
  state?: {
    waiting?: { reason?: string; message?: string }
    running?: object
    terminated?: { reason?: string; exitCode?: number; message?: string }
  }
}

interface PodView {
  spec?: { nodeName?: string; containers?: { name: string; image: string }[] }
  status?: {
    phase?: string
    reason?: string
    podIP?: string
    conditions?: { type: string; status: string; reason?: string; message?: string }[]
    containerStatuses?: ContainerStatus[]
    initContainerStatuses?: ContainerStatus[]
  }
}

/** A Pod's fields, each of which may be missing. */
export const podOf = (object: KubeObject): PodView => object as PodView

export const conditionOf = (object: KubeObject, type: string) =>
  podOf(object).status?.conditions?.find(each => each.type === type)

export const isReady = (object: KubeObject): boolean => conditionOf(object, 'Ready')?.status === 'True'

export const isLeaving = (object: KubeObject): boolean => object.metadata.deletionTimestamp !== undefined

/** The first container that waits or has ended, init containers first. */
export const troubled = (object: KubeObject): ContainerStatus | undefined => {
  const { initContainerStatuses = [], containerStatuses = [] } = podOf(object).status ?? {}
  return [...initContainerStatuses, ...containerStatuses].find(
    ({ state }) => state?.waiting?.reason !== undefined || state?.terminated?.reason !== undefined,
  )
}

/** `Running`, `ContainerCreating`, `ImagePullBackOff`, `Terminating`: kubectl's word. */
export const statusOf = (object: KubeObject): string => {
  if (isLeaving(object)) return 'Terminating'
  const state = troubled(object)?.state
  const { reason, phase } = podOf(object).status ?? {}
  return state?.waiting?.reason ?? state?.terminated?.reason ?? reason ?? phase ?? 'Pending'
}
