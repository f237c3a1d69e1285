// The kinds that a snapshot can hold, and where an API server keeps them.

import type { Kind } from '../contract/cluster.ts'

interface KindPath {
  apiVersion: string
  plural: string
  namespaced: boolean
}

const core = (plural: string, namespaced = true): KindPath => ({ apiVersion: 'v1', plural, namespaced })
const apps = (plural: string): KindPath => ({ apiVersion: 'apps/v1', plural, namespaced: true })

export const kinds: Readonly<Record<Kind, KindPath>> = {
  Node: core('nodes', false),
  Namespace: core('namespaces', false),
  Pod: core('pods'),
  ReplicaSet: apps('replicasets'),
  Deployment: apps('deployments'),
  StatefulSet: apps('statefulsets'),
  Service: core('services'),
  Endpoints: core('endpoints'),
  EndpointSlice: { apiVersion: 'discovery.k8s.io/v1', plural: 'endpointslices', namespaced: true },
  ConfigMap: core('configmaps'),
  PersistentVolumeClaim: core('persistentvolumeclaims'),
  PersistentVolume: core('persistentvolumes', false),
  Event: core('events'),
}

/** The URL path of a kind's collection over all namespaces, of one namespace's, or of one object. */
export const pathOf = (kind: Kind, namespace?: string, name?: string): string => {
  const { apiVersion, plural, namespaced } = kinds[kind]
  const root = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`
  const scope = namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : ''
  return `${root}${scope}/${plural}${name === undefined ? '' : `/${encodeURIComponent(name)}`}`
}
