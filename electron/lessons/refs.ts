// `pod/openresty` and `pod -l app=openresty`: naming objects as kubectl does, and finding them in a snapshot.

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
}

const kindOf = (word: string): Kind | undefined => aliases[word] ?? aliases[word.replace(/s$/, '')]

/** @returns undefined where the text names nothing that we watch */
export const parseRef = (text: string): Ref | undefined => {
  const [, named, name, selected, labels] = /^(?:(\w+)\/([a-z0-9.-]+)|(\w+)\s+-l\s+(\S+))$/.exec(text.trim()) ?? []
  const kind = kindOf(named ?? selected ?? '')
  if (kind === undefined) return undefined
  if (name !== undefined) return { kind, name }
  const selector = Object.fromEntries((labels ?? '').split(',').map(pair => pair.split('=', 2)))
  return Object.values(selector).every(value => typeof value === 'string') ? { kind, selector } : undefined
}

/** As kubectl writes it: `pod/openresty`, `deployment.apps/openresty` without the group. */
export const refText = ({ kind, name, selector }: Ref): string =>
  name === undefined ? `${kind.toLowerCase()} -l ${selectorText(selector)}` : `${kind.toLowerCase()}/${name}`

export const selectorText = (selector: Ref['selector'] = {}): string =>
  Object.entries(selector)
    .map(([key, value]) => `${key}=${value}`)
    .join(',')

const clusterWide: readonly Kind[] = ['Node', 'Namespace', 'PersistentVolume']

/** Every object of a kind in the lesson's namespace. */
export const objectsIn = (snapshot: Snapshot, kind: Kind, namespace: string): readonly KubeObject[] => {
  const objects = snapshot.get(kind) ?? []
  return clusterWide.includes(kind) ? objects : objects.filter(({ metadata }) => metadata.namespace === namespace)
}

export const find = (snapshot: Snapshot, { kind, name, selector }: Ref, namespace: string): KubeObject[] =>
  objectsIn(snapshot, kind, namespace).filter(({ metadata }) =>
    name === undefined
      ? Object.entries(selector ?? {}).every(([key, value]) => metadata.labels?.[key] === value)
      : metadata.name === name,
  )
