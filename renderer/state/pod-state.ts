// A Pod's state as a shape and a plain word, judged from its status alone.

import type { KubeObject } from '../../electron/contract/cluster.ts'

export type PodWord =
  | 'ready'
  | 'completed'
  | 'leaving'
  | 'waiting'
  | 'unschedulable'
  | 'starting'
  | 'notReady'
  | 'image'
  | 'crash'
  | 'config'
  | 'failed'

/** The shapes of `parts/state-shape.tsx`; a Pod has no other. */
export type PodShape = 'ready' | 'progressing' | 'pending' | 'failed' | 'attention' | 'leaving'

export interface PodState {
  state: PodShape
  /** Names its sentence in the locale files. */
  word: PodWord
  /** The kubelet's or scheduler's own words, where something is wrong. */
  proof?: string
  restarts: number
}

interface PodStatus {
  phase?: string
  message?: string
  conditions?: { type: string; status: string; reason?: string; message?: string }[]
  containerStatuses?: { restartCount?: number; state?: { waiting?: { reason?: string; message?: string }; running?: object } }[]
}

/** Waiting reasons of the kubelet that mean trouble. Models kubernetes/pkg/kubelet/images/types.go, kuberuntime_container.go */
const troubles: Record<string, PodWord> = {
  ErrImagePull: 'image',
  ImagePullBackOff: 'image',
  InvalidImageName: 'image',
  ErrImageNeverPull: 'image',
  CrashLoopBackOff: 'crash',
  RunContainerError: 'crash',
  CreateContainerConfigError: 'config',
  CreateContainerError: 'config',
}

const judge = (pod: KubeObject, status: PodStatus): Omit<PodState, 'restarts'> => {
  const condition = (type: string) => status.conditions?.find(one => one.type === type)
  if (pod.metadata.deletionTimestamp) return { state: 'leaving', word: 'leaving' }
  if (status.phase === 'Succeeded') return { state: 'ready', word: 'completed' }
  if (status.phase === 'Failed') return { state: 'failed', word: 'failed', proof: status.message }
  for (const { state } of status.containerStatuses ?? []) {
    const word = troubles[state?.waiting?.reason ?? '']
    if (word) return { state: 'failed', word, proof: state?.waiting?.message ?? state?.waiting?.reason }
  }
  if (condition('Ready')?.status === 'True') return { state: 'ready', word: 'ready' }
  const scheduled = condition('PodScheduled')
  if (scheduled?.reason === 'Unschedulable') return { state: 'attention', word: 'unschedulable', proof: scheduled.message }
  if (scheduled?.status !== 'True') return { state: 'pending', word: 'waiting' }
  const isRunning = status.containerStatuses?.every(({ state }) => state?.running) ?? false
  return { state: 'progressing', word: isRunning ? 'notReady' : 'starting' }
}

export const podState = (pod: KubeObject): PodState => {
  const status = (pod.status ?? {}) as PodStatus
  const restarts = (status.containerStatuses ?? []).reduce((sum, { restartCount = 0 }) => sum + restartCount, 0)
  return { ...judge(pod, status), restarts }
}
