// Cluster IPs and node ports of Services, given out and kept.

import type { ServicePort } from 'kubernetes-types/core/v1.js'
import type { FieldError } from '../field-error.ts'
import type { ClusterView } from '../resource.ts'
import { invalid } from '../status-error.ts'
import { invalidValue } from './faults.ts'
import type { ServiceObject } from './service-object.ts'

// Models kubernetes/pkg/registry/core/service: 10.43.0.0/16, and the upstream default range of node ports.
const addressPrefix = '10.43.'
const nodePorts = { first: 30_000, last: 32_767 }

interface Taken {
  addresses: Set<string>
  ports: Set<number>
}

const taken = (object: ServiceObject, cluster: ClusterView): Taken => {
  const addresses = new Set<string>([
    `${addressPrefix}0.0`,
    `${addressPrefix}0.1`,
    `${addressPrefix}0.10`,
    `${addressPrefix}255.255`,
  ])
  const ports = new Set<number>()
  for (const other of cluster.store.list('services') as readonly ServiceObject[]) {
    const { name, namespace } = other.metadata
    if (name === object.metadata.name && namespace === object.metadata.namespace) continue
    for (const address of other.spec.clusterIPs ?? []) addresses.add(address)
    for (const { nodePort } of other.spec.ports ?? []) if (nodePort) ports.add(nodePort)
  }
  return { addresses, ports }
}

const fail = (object: ServiceObject, fault: FieldError) => {
  throw invalid('Service', object.metadata.name, [fault])
}

const giveAddress = (object: ServiceObject, cluster: ClusterView, { addresses }: Taken): void => {
  const { spec } = object
  if (spec.type === 'ExternalName') {
    delete spec.clusterIP
    delete spec.clusterIPs
    delete spec.ipFamilies
    delete spec.ipFamilyPolicy
    return
  }
  spec.clusterIP ||= spec.clusterIPs?.[0] ?? ''
  if (spec.clusterIP && spec.clusterIP !== 'None') {
    const index = 'spec.clusterIPs'
    const failed = (why: string) => invalidValue(index, [spec.clusterIP], `failed to allocate IP ${spec.clusterIP}: ${why}`)
    if (!spec.clusterIP.startsWith(addressPrefix)) {
      fail(object, failed('the provided IP is not in the valid range. The range of valid IPs is 10.43.0.0/16'))
    }
    const isFixed = object.metadata.namespace === 'default' && object.metadata.name === 'kubernetes'
    const isDns = object.metadata.namespace === 'kube-system' && object.metadata.name === 'kube-dns'
    if (addresses.has(spec.clusterIP) && !isFixed && !isDns) fail(object, failed('provided IP is already allocated'))
  }
  while (!spec.clusterIP) {
    const number = Math.floor(cluster.random() * 65_536)
    const address = `${addressPrefix}${number >> 8}.${number & 255}`
    if (!addresses.has(address)) spec.clusterIP = address
  }
  spec.clusterIPs = [spec.clusterIP]
  spec.ipFamilies ??= ['IPv4']
  spec.ipFamilyPolicy ??= 'SingleStack'
}

const needsNodePorts = ({ spec }: ServiceObject): boolean =>
  spec.type === 'NodePort' || (spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false)

const giveNodePorts = (object: ServiceObject, cluster: ClusterView, { ports }: Taken): void => {
  for (const [index, port] of (object.spec.ports ?? []).entries()) {
    if (!needsNodePorts(object)) {
      delete port.nodePort
      continue
    }
    if (port.nodePort) checkNodePort(object, port, index, ports)
    while (!port.nodePort) {
      const candidate = nodePorts.first + Math.floor(cluster.random() * (nodePorts.last - nodePorts.first + 1))
      if (!ports.has(candidate)) port.nodePort = candidate
    }
    ports.add(port.nodePort)
  }
}

const checkNodePort = (object: ServiceObject, { nodePort = 0 }: ServicePort, index: number, ports: ReadonlySet<number>): void => {
  const field = `spec.ports[${index}].nodePort`
  if (nodePort < nodePorts.first || nodePort > nodePorts.last) {
    const why = `provided port is not in the valid range. The range of valid ports is ${nodePorts.first}-${nodePorts.last}`
    fail(object, invalidValue(field, nodePort, why))
  }
  if (ports.has(nodePort)) fail(object, invalidValue(field, nodePort, 'provided port is already allocated'))
}

/** Gives a new Service its cluster IP and node ports. @throws StatusError 422 where what it asks for is taken */
export const allocate = (object: ServiceObject, cluster: ClusterView): void => {
  const known = taken(object, cluster)
  giveAddress(object, cluster, known)
  giveNodePorts(object, cluster, known)
}

/** Keeps an updated Service's addresses where it does not name them, and gives what its new type needs. */
export const reallocate = (object: ServiceObject, old: ServiceObject, cluster: ClusterView): void => {
  const { spec } = object
  if (spec.type !== 'ExternalName' && old.spec.type !== 'ExternalName' && !spec.clusterIP) {
    spec.clusterIP = old.spec.clusterIP
    spec.clusterIPs = old.spec.clusterIPs
  }
  // A port keeps its node port when an update (kubectl replace, a 3-way patch) leaves it out.
  for (const port of spec.ports ?? []) {
    if (port.nodePort || !needsNodePorts(object) || !needsNodePorts(old)) continue
    const before = old.spec.ports?.find(each => each.port === port.port && each.protocol === port.protocol)
    if (before?.nodePort && !spec.ports?.some(each => each.nodePort === before.nodePort)) port.nodePort = before.nodePort
  }
  allocate(object, cluster)
}
