// `pod/openresty`, `pod -l app=openresty`, either with `-n NAMESPACE`: naming objects as kubectl does, and finding them in a snapshot.

import type { Snapshot } from '../cluster/snapshot.ts'
import type { Kind, KubeObject } from '../contract/cluster.ts'
import type { Ref } from './lesson.ts'

const aliases: Readonly<Record<string, Kind>> = {
  node: 'Node',
  no: 'Node',
  namespace: 'Namespace',
  ns: 'Namespace',
  pod: 'Pod',
  po: 'Pod',
  replicaset: 'ReplicaSet',
  rs: 'ReplicaSet',
  deployment: 'Deployment',
  deploy: 'Deployment',
  statefulset: 'StatefulSet',
  sts: 'StatefulSet',
  replicationcontroller: 'ReplicationController',
  rc: 'ReplicationController',
  daemonset: 'DaemonSet',
  ds: 'DaemonSet',
  job: 'Job',
  cronjob: 'CronJob',
  cj: 'CronJob',
  horizontalpodautoscaler: 'HorizontalPodAutoscaler',
  hpa: 'HorizontalPodAutoscaler',
  ingress: 'Ingress',
  ing: 'Ingress',
  service: 'Service',
  svc: 'Service',
  endpoints: 'Endpoints',
  ep: 'Endpoints',
  endpointslice: 'EndpointSlice',
  configmap: 'ConfigMap',
  cm: 'ConfigMap',
  persistentvolumeclaim: 'PersistentVolumeClaim',
  pvc: 'PersistentVolumeClaim',
  persistentvolume: 'PersistentVolume',
  pv: 'PersistentVolume',
  storageclass: 'StorageClass',
  sc: 'StorageClass',
  resourcequota: 'ResourceQuota',
  quota: 'ResourceQuota',
}

const kindOf = (word: string): Kind | undefined =>
  aliases[word] ?? aliases[word.replace(/s$/, '')] ?? aliases[word.replace(/es$/, '')]

/** @returns undefined where the text names nothing that we watch */
export const parseRef = (text: string): Ref | undefined => {
  const words = /^(?:(\w+)\/([a-z0-9.-]+)|(\w+)\s+-l\s+(\S+))(?:\s+-n\s+([a-z0-9-]+))?$/.exec(text.trim())
  const [, named, name, selected, labels, namespace] = words ?? []
  const kind = kindOf(named ?? selected ?? '')
  if (kind === undefined) return undefined
  const where = namespace === undefined ? {} : { namespace }
  if (name !== undefined) return { kind, name, ...where }
  const selector = Object.fromEntries((labels ?? '').split(',').map(pair => pair.split('=', 2)))
  return Object.values(selector).every(value => typeof value === 'string') ? { kind, selector, ...where } : undefined
}

/** As kubectl writes it: `pod/openresty`, `deployment.apps/openresty` without the group. */
export const refText = ({ kind, name, selector, namespace }: Ref): string =>
  `${kind.toLowerCase()}${name === undefined ? ` -l ${selectorText(selector)}` : `/${name}`}${namespace === undefined ? '' : ` -n ${namespace}`}`

export const selectorText = (selector: Ref['selector'] = {}): string =>
  Object.entries(selector)
    .map(([key, value]) => `${key}=${value}`)
    .join(',')

const clusterWide: readonly Kind[] = ['Node', 'Namespace', 'PersistentVolume', 'StorageClass']

/** Every object of a kind in a namespace, or in none where the kind has none. */
export const objectsIn = (snapshot: Snapshot, kind: Kind, namespace: string): readonly KubeObject[] => {
  const objects = snapshot.get(kind) ?? []
  return clusterWide.includes(kind) ? objects : objects.filter(({ metadata }) => metadata.namespace === namespace)
}

/** @param home the namespace of a ref that names none: the lesson's */
export const find = (snapshot: Snapshot, { kind, name, selector, namespace }: Ref, home: string): KubeObject[] =>
  objectsIn(snapshot, kind, namespace ?? home).filter(({ metadata }) =>
    name === undefined
      ? Object.entries(selector ?? {}).every(([key, value]) => metadata.labels?.[key] === value)
      : metadata.name === name,
  )
