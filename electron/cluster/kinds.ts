// The kinds that a snapshot can hold, and where an API server keeps them.

import type { Kind } from '../contract/cluster.ts'

interface KindPath {
  apiVersion: string
  plural: string
  namespaced: boolean
}

const core = (plural: string, namespaced = true): KindPath => ({ apiVersion: 'v1', plural, namespaced })
const group = (apiVersion: string, plural: string, namespaced = true): KindPath => ({ apiVersion, plural, namespaced })
const apps = (plural: string): KindPath => group('apps/v1', plural)

export const kinds: Readonly<Record<Kind, KindPath>> = {
  Node: core('nodes', false),
  Namespace: core('namespaces', false),
  Pod: core('pods'),
  ReplicaSet: apps('replicasets'),
  Deployment: apps('deployments'),
  StatefulSet: apps('statefulsets'),
  ReplicationController: core('replicationcontrollers'),
  DaemonSet: apps('daemonsets'),
  Job: group('batch/v1', 'jobs'),
  CronJob: group('batch/v1', 'cronjobs'),
  HorizontalPodAutoscaler: group('autoscaling/v2', 'horizontalpodautoscalers'),
  Ingress: group('networking.k8s.io/v1', 'ingresses'),
  Service: core('services'),
  Endpoints: core('endpoints'),
  EndpointSlice: group('discovery.k8s.io/v1', 'endpointslices'),
  ConfigMap: core('configmaps'),
  PersistentVolumeClaim: core('persistentvolumeclaims'),
  PersistentVolume: core('persistentvolumes', false),
  StorageClass: group('storage.k8s.io/v1', 'storageclasses', false),
  ResourceQuota: core('resourcequotas'),
  Event: core('events'),
}

/** The URL path of a kind's collection over all namespaces, of one namespace's, or of one object. */
export const pathOf = (kind: Kind, namespace?: string, name?: string): string => {
  const { apiVersion, plural, namespaced } = kinds[kind]
  const root = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`
  const scope = namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : ''
  return `${root}${scope}/${plural}${name === undefined ? '' : `/${encodeURIComponent(name)}`}`
}
