// Where a write goes: from its writer to the API server, into etcd, and out to those whose turn it is then. Pure.

import type { Actor, Journey, Role } from '../../../../electron/contract/trace.ts'

export interface Leg {
  from: Actor
  to: Actor
}

/** One hop after the other; the legs of one hop at the same time. */
export type Route = readonly (readonly Leg[])[]

const apiServer: Actor = { role: 'kube-apiserver' }

/** Whose work begins with an object of this kind. */
const controllers: Readonly<Record<string, Role>> = {
  Deployment: 'deployment-controller',
  ReplicaSet: 'replicaset-controller',
  ReplicationController: 'replicationcontroller-controller',
  StatefulSet: 'statefulset-controller',
  DaemonSet: 'daemonset-controller',
  Job: 'job-controller',
  CronJob: 'cronjob-controller',
  HorizontalPodAutoscaler: 'horizontal-pod-autoscaler',
  Ingress: 'ingress-controller',
  Namespace: 'namespace-controller',
  PersistentVolume: 'persistentvolume-controller',
  PersistentVolumeClaim: 'persistentvolume-controller',
}

/** The controller of the object above: it hears how those below are doing. */
const above = ({ owner }: Journey): Actor[] => {
  const role = owner && controllers[owner.kind]
  return role ? [{ role }] : []
}

const kubeletOf = ({ node }: Journey): Actor => ({ role: 'kubelet', ...(node !== undefined && { node }) })

const ofPod = (journey: Journey): Actor[] => {
  switch (journey.deed) {
    case 'created':
      return [{ role: 'kube-scheduler' }]
    case 'scheduled':
      return [kubeletOf(journey)]
    case 'ready':
    case 'unready':
      return [{ role: 'endpointslice-controller' }, ...above(journey)]
    case 'leaving':
      return [kubeletOf(journey), { role: 'endpointslice-controller' }]
    case 'finished':
    case 'gone':
      return above(journey)
    default:
      return []
  }
}

/** Not everybody who watches: those who act on it. */
export const watchersOf = (journey: Journey): Actor[] => {
  const { kind, deed, by } = journey
  if (kind === 'Pod') return ofPod(journey)
  if (kind === 'EndpointSlice') return [{ role: 'kube-proxy' }]
  if (kind === 'Service')
    return ['created', 'changed', 'gone'].includes(deed) ? [{ role: 'endpointslice-controller' }, { role: 'kube-proxy' }] : []
  if (kind === 'Node') return [{ role: 'kube-scheduler' }]
  const own = controllers[kind]
  if (own === undefined) return []
  if (deed === 'gone') return [{ role: 'garbage-collector' }]
  return own === by.role ? above(journey) : [{ role: own }]
}

export const routeOf = (journey: Journey): Route => {
  const { by, kind, deed } = journey
  const watchers = watchersOf(journey)
  const hasWork = kind === 'Pod' && (deed === 'scheduled' || deed === 'leaving') && journey.node !== undefined
  return [
    ...(by.role === apiServer.role ? [] : [[{ from: by, to: apiServer }]]),
    [{ from: apiServer, to: { role: 'etcd' } }],
    ...(watchers.length > 0 ? [watchers.map(to => ({ from: apiServer, to }))] : []),
    // The kubelet does nothing with its own hands.
    ...(hasWork ? [[{ from: kubeletOf(journey), to: { ...kubeletOf(journey), role: 'containerd' as const } }]] : []),
  ]
}
