// Cluster DNS: which IPs a name stands for, from the Services and Endpoints in the store.
// Models kubernetes/dns specification 1.1.0 and the resolv.conf that the kubelet writes.

import type { Endpoints, Service } from 'kubernetes-types/core/v1.js'
import type { Store } from '../store.ts'

export const clusterDomain = 'cluster.local'

/** What a Pod's resolver appends to names with fewer than five dots. */
export const searchPath = (namespace: string): string[] => [
  `${namespace}.svc.${clusterDomain}`,
  `svc.${clusterDomain}`,
  clusterDomain,
]

export const serviceOf = (store: Store, namespace: string, name: string): Service | undefined =>
  store.get('services', namespace, name) as Service | undefined

export const endpointsOf = (store: Store, namespace: string, name: string): Endpoints | undefined =>
  store.get('endpoints', namespace, name) as Endpoints | undefined

const readyAddresses = (endpoints: Endpoints | undefined, all: boolean) =>
  (endpoints?.subsets ?? []).flatMap(subset => [...(subset.addresses ?? []), ...(all ? (subset.notReadyAddresses ?? []) : [])])

/** Records of a full name without the last dot: IPs, another name, or nothing. */
const lookup = (store: Store, name: string): string[] => {
  const suffix = `.${clusterDomain}`
  if (!name.endsWith(suffix)) return []
  const labels = name.slice(0, -suffix.length).split('.')
  const type = labels.pop()
  const namespace = labels.pop() ?? ''
  if (type === 'pod' && labels.length === 1) {
    const ip = labels[0]!.replaceAll('-', '.')
    return isIp(ip) ? [ip] : []
  }
  const service = labels.pop()
  if (type !== 'svc' || service === undefined || labels.length > 1) return []
  const found = serviceOf(store, namespace, service)
  if (!found?.spec) return []
  if (found.spec.type === 'ExternalName') return labels.length === 0 && found.spec.externalName ? [found.spec.externalName] : []
  const addresses = readyAddresses(endpointsOf(store, namespace, service), found.spec.publishNotReadyAddresses === true)
  if (labels.length === 1) {
    const host = labels[0]!
    return addresses.filter(a => a.hostname === host || a.ip.replaceAll('.', '-') === host).map(a => a.ip)
  }
  if (found.spec.clusterIP && found.spec.clusterIP !== 'None') return [found.spec.clusterIP]
  return addresses.map(a => a.ip)
}

/** The IPs of a name as a Pod of the namespace sees it; none where there is no such name. */
export const resolveName = (store: Store, host: string, namespace: string): { name: string; ips: string[] } => {
  if (isIp(host)) return { name: host, ips: [host] }
  const lower = host.toLowerCase()
  const candidates = lower.endsWith('.')
    ? [lower.slice(0, -1)]
    : [...searchPath(namespace).map(domain => `${lower}.${domain}`), lower]
  for (const name of candidates) {
    let ips = lookup(store, name)
    // An ExternalName points to a name, which may lead to another.
    for (let depth = 0; depth < 8 && ips[0] !== undefined && !isIp(ips[0]); depth++) ips = lookup(store, ips[0])
    if (ips.length > 0) return { name, ips }
  }
  return { name: lower, ips: [] }
}

export const isIp = (host: string): boolean =>
  /^(\d{1,3}\.){3}\d{1,3}$/.test(host) && host.split('.').every(part => Number(part) <= 255)
