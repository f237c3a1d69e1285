// Keeps the Endpoints of each Service that has a selector: which Pods answer, on which ports.

import type { EndpointAddress, EndpointPort, EndpointSubset, ServicePort } from 'kubernetes-types/core/v1.js'
import { isEqual } from '../clone.ts'
import { type KubeObject, keyOf, type ObjectMeta, splitKey, timestamp } from '../object.ts'
import type { Change } from '../store.ts'
import type { Controller, ControllerContext } from './controller.ts'
import type { Endpoints, Pod, V1Service } from './kinds.ts'
import { isReady, isTerminal } from './pod.ts'
import { canonical } from './pod-template.ts'
import { selects } from './selector.ts'

// Models kubernetes/pkg/controller/endpoint/endpoints_controller.go and pkg/api/v1/endpoints/util.go
const TRIGGER_TIME = 'endpoints.kubernetes.io/last-change-trigger-time'

/** The container port that a Service port leads to in this Pod; undefined where its name is unknown there. */
export const targetPort = (pod: Pod, port: ServicePort): number | undefined => {
  const target = port.targetPort ?? port.port
  if (typeof target === 'number') return target
  for (const container of pod.spec.containers) {
    const named = container.ports?.find(({ name, protocol = 'TCP' }) => name === target && protocol === (port.protocol ?? 'TCP'))
    if (named) return named.containerPort
  }
  return undefined
}

/** Pods that the Service's selector takes and that have an address, by IP. */
export const backingPods = (service: V1Service, pods: readonly Pod[]): Pod[] =>
  pods
    .filter(pod => pod.status?.podIP && !isTerminal(pod) && selects({ matchLabels: service.spec.selector }, pod.metadata.labels))
    .sort((a, b) => ipNumber(a.status?.podIP) - ipNumber(b.status?.podIP))

const ipNumber = (ip = ''): number => ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)

/** The subsets of a Service's Endpoints: Pods that offer the same ports stand together. */
export const decideEndpoints = (service: V1Service, pods: readonly Pod[]): EndpointSubset[] => {
  const groups = new Map<string, { ports: EndpointPort[]; ready: EndpointAddress[]; waiting: EndpointAddress[] }>()
  const takesAll = service.spec.publishNotReadyAddresses ?? false
  for (const pod of backingPods(service, pods)) {
    if (pod.metadata.deletionTimestamp && !takesAll) continue
    const ports = portsOf(service, pod)
    if (ports.length === 0 && (service.spec.ports ?? []).length > 0) continue
    const key = canonical(ports)
    const group = groups.get(key) ?? { ports, ready: [], waiting: [] }
    groups.set(key, group)
    const side = takesAll || isReady(pod) ? group.ready : group.waiting
    side.push(addressOf(service, pod))
  }
  return [...groups.values()].map(({ ports, ready, waiting }) => ({
    ...(ready.length > 0 && { addresses: ready }),
    ...(waiting.length > 0 && { notReadyAddresses: waiting }),
    ...(ports.length > 0 && { ports }),
  }))
}

const portsOf = (service: V1Service, pod: Pod): EndpointPort[] =>
  (service.spec.ports ?? []).flatMap(port => {
    const number = targetPort(pod, port)
    return number === undefined ? [] : [{ ...(port.name && { name: port.name }), port: number, protocol: port.protocol ?? 'TCP' }]
  })

const addressOf = (service: V1Service, { metadata, spec, status }: Pod): EndpointAddress => ({
  ip: status?.podIP ?? '',
  ...(spec.hostname && spec.subdomain === service.metadata.name && { hostname: spec.hostname }),
  nodeName: spec.nodeName,
  targetRef: { kind: 'Pod', name: metadata.name, namespace: metadata.namespace, uid: metadata.uid },
})

/** Keys of the Services that a Pod's change can concern: by its labels now and before. */
export const servicesTouched = (services: readonly KubeObject[], { type, object, previous }: Change): string[] => {
  const [pod, old] = [object as Pod, previous as Pod | undefined]
  const isSame = (seen: Pod, before: Pod) =>
    seen.status?.podIP === before.status?.podIP &&
    isReady(seen) === isReady(before) &&
    isTerminal(seen) === isTerminal(before) &&
    seen.metadata.deletionTimestamp === before.metadata.deletionTimestamp &&
    isEqual(seen.metadata.labels, before.metadata.labels)
  if (services.length === 0 || (type === 'MODIFIED' && old && isSame(pod, old))) return []
  return services
    .filter(service => {
      const { selector } = (service as V1Service).spec
      if (!selector) return false
      return [pod, old].some(seen => seen && selects({ matchLabels: selector }, seen.metadata.labels))
    })
    .map(keyOf)
}

/** The controller. */
export const endpoints = ({ registry, clock }: ControllerContext): Controller => {
  const { store } = registry

  const metadataOf = (service: V1Service, now: number): Partial<ObjectMeta> => ({
    labels: {
      ...service.metadata.labels,
      'endpoints.kubernetes.io/managed-by': 'endpoint-controller',
      ...(service.spec.clusterIP === 'None' && { 'service.kubernetes.io/headless': '' }),
    },
    annotations: { [TRIGGER_TIME]: timestamp(now) },
  })

  return {
    name: 'endpoint',
    watches: {
      services: ({ object }) => [keyOf(object)],
      pods: change => servicesTouched(store.list('services', change.object.metadata.namespace), change),
      endpoints: ({ type, object }) => (type === 'DELETED' ? [keyOf(object)] : []),
    },
    reconcile: key => {
      const { namespace, name } = splitKey(key)
      const service = store.get('services', namespace, name) as V1Service | undefined
      const current = store.get('endpoints', namespace, name) as Endpoints | undefined
      if (!service) {
        if (current) registry.delete('endpoints', namespace, name)
        return undefined
      }
      if (!service.spec.selector || service.spec.type === 'ExternalName') return undefined
      const subsets = decideEndpoints(service, store.list('pods', namespace) as readonly Pod[])
      const metadata = metadataOf(service, clock.now())
      if (!current) {
        registry.create('endpoints', {
          apiVersion: 'v1',
          kind: 'Endpoints',
          metadata: { name, namespace, ...metadata } as ObjectMeta,
          ...(subsets.length > 0 && { subsets }),
        })
        return undefined
      }
      if (isEqual(current.subsets ?? [], subsets) && isEqual(current.metadata.labels, metadata.labels)) return undefined
      registry.modify('endpoints', namespace, name, copy => {
        const { subsets: _, ...rest } = copy
        rest.metadata = { ...copy.metadata, ...metadata, annotations: { ...copy.metadata.annotations, ...metadata.annotations } }
        return subsets.length > 0 ? ({ ...rest, subsets } as KubeObject) : (rest as KubeObject)
      })
      return undefined
    },
  }
}
