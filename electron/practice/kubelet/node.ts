// Registers Nodes, as a kubelet does when it starts.

import type { NodeCondition } from 'kubernetes-types/core/v1.js'
import type { Clock } from '../../platform/clock.ts'
import type { NodeObject } from '../controllers/kinds.ts'
import { type ObjectMeta, timestamp } from '../object.ts'
import type { Registry } from '../registry.ts'

// Models kubernetes/pkg/kubelet/kubelet_node_status.go and nodestatus/setters.go
export interface NodeOptions {
  name: string
  /** As `10.210.0.2`. */
  ip: string
  /** As `10.42.0.0/24`. */
  podCidr: string
  /** Most Pods at once; a kubelet's own default where not given. */
  pods?: number
  /** Cores. */
  cpu?: number
  /** A quantity. */
  memory?: string
}

/** Node number `n` (from 1) of the practice cluster's network. */
export const nodeOptions = (n: number): NodeOptions => ({
  name: `node${n}`,
  ip: `10.210.0.${n + 1}`,
  podCidr: `10.42.${n - 1}.0/24`,
})

const CONDITIONS = [
  ['MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
  ['DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
  ['PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
  ['Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'],
] as const

/** The conditions of a node that is well. */
export const healthyConditions = (now: number): NodeCondition[] =>
  CONDITIONS.map(([type, status, reason, message]) => ({
    type,
    status,
    lastHeartbeatTime: timestamp(now),
    lastTransitionTime: timestamp(now),
    reason,
    message,
  }))

/** The node's status: what it has and that it is well. */
const nodeStatus = ({ name, ip, pods = 110, cpu = 4, memory = '8Gi' }: NodeOptions, id: string, now: number) => {
  const room = { cpu: String(cpu), 'ephemeral-storage': '100Gi', memory, pods: String(pods) }
  return {
    capacity: room,
    allocatable: room,
    conditions: healthyConditions(now),
    addresses: [
      { type: 'InternalIP', address: ip },
      { type: 'Hostname', address: name },
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
    nodeInfo: {
      machineID: id,
      systemUUID: id,
      bootID: id,
      kernelVersion: '6.18.0-practice',
      osImage: 'Practice Linux',
      containerRuntimeVersion: 'containerd://2.1.9',
      kubeletVersion: 'v1.36.2',
      kubeProxyVersion: '',
      operatingSystem: 'linux',
      architecture: 'amd64',
    },
  }
}

/** 32 digits, as a machine's id. */
export const randomHex = (random: () => number): string =>
  Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('')

/** Creates the Node, Ready; does nothing where it exists. */
export const registerNode = (
  { registry, clock, random }: { registry: Registry; clock: Clock; random: () => number },
  options: NodeOptions,
): NodeObject => {
  const existing = registry.store.get('nodes', '', options.name) as NodeObject | undefined
  if (existing) return existing
  const id = randomHex(random)
  const labels = {
    'beta.kubernetes.io/arch': 'amd64',
    'beta.kubernetes.io/os': 'linux',
    'kubernetes.io/arch': 'amd64',
    'kubernetes.io/hostname': options.name,
    'kubernetes.io/os': 'linux',
  }
  registry.as('kubelet').create('nodes', {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: options.name,
      labels,
      annotations: { 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' },
    } as unknown as ObjectMeta,
    spec: {},
    status: nodeStatus(options, id, clock.now()),
  })
  // Addresses for its Pods are not the node's own choice.
  return registry.as('kube-controller-manager').modify('nodes', '', options.name, copy => ({
    ...copy,
    metadata: { ...copy.metadata, annotations: { 'node.alpha.kubernetes.io/ttl': '0', ...copy.metadata.annotations } },
    spec: { ...(copy.spec as object), podCIDR: options.podCidr, podCIDRs: [options.podCidr] },
  })) as NodeObject
}
