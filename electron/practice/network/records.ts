// Cluster DNS beside addresses: which ports a Service has (SRV), and which name stands for another (CNAME).
// Models kubernetes/dns specification 1.1.0, 2.3.2, 2.4.2 and 2.5, and the answers of coredns/plugin/kubernetes.

import type { Store } from '../store.ts'
import { clusterDomain, endpointsOf, isIp, searchPath, serviceOf } from './names.ts'

export interface SrvRecord {
  priority: number
  weight: number
  port: number
  target: string
}

/** What a full name says beside its addresses. */
export type DnsAnswer = { name: string; srv: readonly SrvRecord[] } | { name: string; cname: string }

const suffix = `.svc.${clusterDomain}`

/** Targets share what there is of weight. */
const weighed = (targets: readonly { port: number; target: string }[]): SrvRecord[] =>
  targets.map(each => ({ priority: 0, weight: Math.max(1, Math.floor(100 / targets.length)), ...each }))

/** Of `_http._tcp.web.default.svc.cluster.local`, and of the Service alone: all its ports. */
const srvOf = (store: Store, name: string): SrvRecord[] => {
  if (!name.endsWith(suffix)) return []
  const labels = name.slice(0, -suffix.length).split('.')
  const [namespace = '', service = '', ...before] = labels.toReversed()
  const [protocol, portName] = before
  const spec = serviceOf(store, namespace, service)?.spec
  const isNamed = before.length === 2 && before.every(label => label.startsWith('_'))
  if (!spec || (before.length > 0 && !isNamed) || spec.type === 'ExternalName') return []
  const fits = (port: { name?: string; protocol?: string }) =>
    !isNamed || (`_${port.name ?? ''}` === portName && `_${(port.protocol ?? 'TCP').toLowerCase()}` === protocol)
  const full = `${service}.${namespace}${suffix}`
  if (spec.clusterIP !== 'None') return weighed((spec.ports ?? []).filter(fits).map(({ port }) => ({ port, target: full })))
  const takesAll = spec.publishNotReadyAddresses === true
  return weighed(
    (endpointsOf(store, namespace, service)?.subsets ?? []).flatMap(({ addresses = [], notReadyAddresses = [], ports = [] }) =>
      [...addresses, ...(takesAll ? notReadyAddresses : [])].flatMap(({ hostname, ip }) =>
        ports.filter(fits).map(({ port }) => ({ port, target: `${hostname ?? ip.replaceAll('.', '-')}.${full}` })),
      ),
    ),
  )
}

/** Where an ExternalName points to. */
const cnameOf = (store: Store, name: string): string | undefined => {
  const [service = '', namespace = '', ...more] = name.endsWith(suffix) ? name.slice(0, -suffix.length).split('.') : []
  const spec = more.length === 0 ? serviceOf(store, namespace, service)?.spec : undefined
  return spec?.type === 'ExternalName' ? spec.externalName : undefined
}

/** The records of a name as a Pod of the namespace asks for it; undefined where there are none. */
export const recordsOf = (store: Store, host: string, namespace: string, type: 'SRV' | 'CNAME'): DnsAnswer | undefined => {
  const lower = host.toLowerCase()
  if (isIp(lower)) return undefined
  const candidates = lower.endsWith('.')
    ? [lower.slice(0, -1)]
    : [...searchPath(namespace).map(domain => `${lower}.${domain}`), lower]
  for (const name of candidates) {
    const cname = cnameOf(store, name)
    if (cname !== undefined) return { name, cname }
    const srv = type === 'SRV' ? srvOf(store, name) : []
    if (srv.length > 0) return { name, srv }
  }
  return undefined
}
