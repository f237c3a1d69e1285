// Where a connection to a Service goes: cluster IPs, node ports and external IPs to one ready Pod, as kube-proxy rules do.
// Models kubernetes/pkg/proxy/nftables: connections to a Service without Endpoints or to a port it does not have are rejected.

import type { Service, ServicePort } from 'kubernetes-types/core/v1.js'
import type { Store } from '../store.ts'
import { endpointsOf } from './names.ts'

export interface Target {
  ip: string
  port: number
}

export type Route = { to: 'service'; service: Service; port: ServicePort | undefined } | { to: 'host' }

/** The Service that a connection to this address belongs to, if any. */
export const routeOf = (store: Store, ip: string, port: number, isNode: boolean): Route => {
  for (const object of store.list('services')) {
    const service = object as unknown as Service
    const spec = service.spec
    if (!spec) continue
    const ports = (spec.ports ?? []).filter(p => (p.protocol ?? 'TCP') === 'TCP')
    if (spec.clusterIP === ip) return { to: 'service', service, port: ports.find(p => p.port === port) }
    const external = [...(spec.externalIPs ?? []), ...(service.status?.loadBalancer?.ingress ?? []).map(ingress => ingress.ip)]
    const outside = external.includes(ip) ? ports.find(p => p.port === port) : undefined
    const node = isNode ? ports.find(p => p.nodePort === port) : undefined
    if (outside ?? node) return { to: 'service', service, port: outside ?? node }
  }
  return { to: 'host' }
}

/** Remembers which Pod a client was sent to, for `sessionAffinity: ClientIP`. */
export interface Affinity {
  now(): number
  random(): number
  sticky: Map<string, { target: Target; until: number }>
}

/** One ready endpoint by chance; undefined where there is none. */
export const chooseEndpoint = (
  store: Store,
  service: Service,
  port: ServicePort,
  client: string,
  affinity: Affinity,
): Target | undefined => {
  const { namespace = '', name = '' } = service.metadata ?? {}
  const targets = (endpointsOf(store, namespace, name)?.subsets ?? []).flatMap(subset => {
    const named = subset.ports?.find(p => (p.name ?? '') === (port.name ?? '') && (p.protocol ?? 'TCP') === 'TCP')
    return named ? (subset.addresses ?? []).map(address => ({ ip: address.ip, port: named.port })) : []
  })
  if (targets.length === 0) return undefined
  const chosen = targets[Math.floor(affinity.random() * targets.length)]!
  if (service.spec?.sessionAffinity !== 'ClientIP') return chosen
  const key = `${namespace}/${name}:${port.port}/${client}`
  const seconds = service.spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 10_800
  const last = affinity.sticky.get(key)
  const kept =
    last && last.until > affinity.now() ? targets.find(t => t.ip === last.target.ip && t.port === last.target.port) : undefined
  const target = kept ?? chosen
  affinity.sticky.set(key, { target, until: affinity.now() + seconds * 1000 })
  return target
}
