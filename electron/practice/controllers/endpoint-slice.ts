// Keeps one EndpointSlice for each Service that has a selector, where the cluster serves that kind.

import type { Endpoint, EndpointPort } from 'kubernetes-types/discovery/v1.js'
import { isEqual } from '../clone.ts'
import { type KubeObject, keyOf, type ObjectMeta, splitKey } from '../object.ts'
import type { Controller, ControllerContext } from './controller.ts'
import { backingPods, servicesTouched, targetPort } from './endpoints.ts'
import type { Pod, V1Service } from './kinds.ts'
import { isReady } from './pod.ts'
import { ownerReference } from './pod-template.ts'

// Models kubernetes/pkg/controller/endpointslice and staging/src/k8s.io/endpointslice/utils.go
const SLICES = 'endpointslices.discovery.k8s.io'
const SERVICE_NAME = 'kubernetes.io/service-name'
const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by'
const OURS = 'endpointslice-controller.k8s.io'

export interface SliceContent {
  endpoints: Endpoint[]
  ports: EndpointPort[]
}

/** Endpoints and ports of a Service's slice; Pods being deleted stay, marked as terminating. */
export const decideSlice = (service: V1Service, pods: readonly Pod[]): SliceContent => {
  const backing = backingPods(service, pods)
  const takesAll = service.spec.publishNotReadyAddresses ?? false
  return {
    endpoints: backing.map(pod => {
      const terminating = pod.metadata.deletionTimestamp !== undefined
      return {
        addresses: [pod.status?.podIP ?? ''],
        conditions: { ready: takesAll || (isReady(pod) && !terminating), serving: isReady(pod), terminating },
        ...(pod.spec.hostname && pod.spec.subdomain === service.metadata.name && { hostname: pod.spec.hostname }),
        nodeName: pod.spec.nodeName,
        targetRef: { kind: 'Pod', name: pod.metadata.name, namespace: pod.metadata.namespace, uid: pod.metadata.uid },
      }
    }),
    ports: (service.spec.ports ?? []).flatMap(port => {
      const [first] = backing
      const number = first
        ? targetPort(first, port)
        : typeof port.targetPort === 'string'
          ? undefined
          : (port.targetPort ?? port.port)
      return number === undefined ? [] : [{ name: port.name ?? '', port: number, protocol: port.protocol ?? 'TCP' }]
    }),
  }
}

/** The controller. */
export const endpointSlice = ({ registry }: ControllerContext): Controller => {
  const { store } = registry
  const owned = (namespace: string, service: string) =>
    store
      .list(SLICES, namespace)
      .filter(({ metadata: { labels } }) => labels?.[SERVICE_NAME] === service && labels[MANAGED_BY] === OURS)

  return {
    name: 'endpointslice',
    watches: {
      services: ({ object }) => [keyOf(object)],
      pods: change => servicesTouched(store.list('services', change.object.metadata.namespace), change),
      [SLICES]: ({ type, object }) => {
        const service = object.metadata.labels?.[SERVICE_NAME]
        return type === 'DELETED' && service ? [`${object.metadata.namespace}/${service}`] : []
      },
    },
    reconcile: key => {
      const { namespace, name } = splitKey(key)
      const service = store.get('services', namespace, name) as V1Service | undefined
      const [slice, ...extra] = owned(namespace, name)
      if (!service) {
        for (const { metadata } of slice ? [slice, ...extra] : []) registry.delete(SLICES, namespace, metadata.name)
        return undefined
      }
      if (!service.spec.selector || service.spec.type === 'ExternalName') return undefined
      const content = decideSlice(service, store.list('pods', namespace) as readonly Pod[])
      if (!slice) {
        const labels = {
          ...service.metadata.labels,
          [MANAGED_BY]: OURS,
          [SERVICE_NAME]: name,
          ...(service.spec.clusterIP === 'None' && { 'service.kubernetes.io/headless': '' }),
        }
        registry.create(SLICES, {
          apiVersion: 'discovery.k8s.io/v1',
          kind: 'EndpointSlice',
          metadata: {
            generateName: `${name}-`,
            namespace,
            labels,
            ownerReferences: [ownerReference(service)],
          } as unknown as ObjectMeta,
          addressType: 'IPv4',
          ...content,
        })
      } else if (!isEqual([slice.endpoints, slice.ports], [content.endpoints, content.ports]))
        registry.modify(SLICES, namespace, slice.metadata.name, copy => ({ ...copy, ...content }) as KubeObject)
      return undefined
    },
  }
}
