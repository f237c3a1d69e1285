// What objects count for in ResourceQuotas: read by admission and by the controller that reports it. Pure.

import type { Container, PodSpec, ResourceQuotaSpec } from 'kubernetes-types/core/v1.js'
import { quantity, quantityText } from './controllers/quantity.ts'
import type { KubeObject } from './object.ts'
import { isInScope } from './quota-scopes.ts'
import type { Store } from './store.ts'

// Models kubernetes/pkg/quota/v1/evaluator/core
export type Amounts = Record<string, number>

/** Resources of Pods that a quota may name, beside their number. */
const computed = ['cpu', 'memory', 'ephemeral-storage'] as const
const plainCounts = new Set([
  'pods',
  'services',
  'configmaps',
  'secrets',
  'persistentvolumeclaims',
  'replicationcontrollers',
  'resourcequotas',
])

const sumOf = (containers: readonly Container[], kind: 'requests' | 'limits', name: string): number =>
  containers.reduce((sum, { resources }) => sum + quantity(resources?.[kind]?.[name]), 0)

const podAmounts = ({ spec, status }: KubeObject): Amounts => {
  const { phase } = (status ?? {}) as { phase?: string }
  if (phase === 'Succeeded' || phase === 'Failed') return {}
  const { containers = [], initContainers = [] } = spec as PodSpec
  const amounts: Amounts = { pods: 1 }
  for (const name of computed) {
    for (const kind of ['requests', 'limits'] as const) {
      const first = Math.max(0, ...initContainers.map(container => sumOf([container], kind, name)))
      amounts[`${kind}.${name}`] = Math.max(sumOf(containers, kind, name), first)
    }
    amounts[name] = amounts[`requests.${name}`] ?? 0
  }
  return amounts
}

const serviceAmounts = ({ spec }: KubeObject): Amounts => {
  const { type, ports = [] } = spec as { type?: string; ports?: object[] }
  const isBalanced = type === 'LoadBalancer'
  return {
    services: 1,
    'services.nodeports': type === 'NodePort' || isBalanced ? ports.length : 0,
    'services.loadbalancers': isBalanced ? 1 : 0,
  }
}

/** What one object of a resource takes, by the names that quotas use. */
export const amountsOf = (resource: string, object: KubeObject): Amounts => {
  const count = { [`count/${resource}`]: 1 }
  if (resource === 'pods') return { ...count, ...podAmounts(object) }
  if (resource === 'services') return { ...count, ...serviceAmounts(object) }
  if (resource === 'persistentvolumeclaims') {
    const { resources } = (object.spec ?? {}) as { resources?: { requests?: Record<string, string> } }
    return { ...count, persistentvolumeclaims: 1, 'requests.storage': quantity(resources?.requests?.storage) }
  }
  return plainCounts.has(resource) ? { ...count, [resource]: 1 } : count
}

/** The resource whose objects a quota's name counts. */
const resourceOf = (name: string): string => {
  if (name.startsWith('count/')) return name.slice('count/'.length)
  if (name.startsWith('services.')) return 'services'
  if (name === 'requests.storage') return 'persistentvolumeclaims'
  return plainCounts.has(name) ? name : 'pods'
}

/** What a namespace takes of each of these names, as far as the quota speaks for it. */
export const usedIn = (store: Store, namespace: string, names: readonly string[], quota: ResourceQuotaSpec): Amounts => {
  const used: Amounts = Object.fromEntries(names.map(name => [name, 0]))
  for (const resource of new Set(names.map(resourceOf))) {
    for (const object of store.list(resource, namespace)) {
      if (!isInScope(quota, resource, object)) continue
      const amounts = amountsOf(resource, object)
      for (const name of names) used[name] = (used[name] ?? 0) + (amounts[name] ?? 0)
    }
  }
  return used
}

/** An amount as a quantity: bytes in powers of 1024. */
export const amountText = (name: string, value: number): string => quantityText(value, /memory|storage/.test(name))
