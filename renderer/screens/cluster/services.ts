// Services as rows: their address, their ports, and whom they really reach.

import type { KubeObject } from '../../../electron/contract/cluster.ts'
import type { StateName } from '../../parts/state-shape.tsx'
import { type Objects, objectsOf } from '../../state/objects.ts'

export interface ServiceRow {
  uid: string
  name: string
  namespace: string
  type: string
  /** Cluster IP, or what is reachable from outside; empty for a headless one. */
  address: string
  /** As kubectl prints them: `80:30080/TCP`. */
  ports: string
  endpoints: number
  hasSelector: boolean
  isWaiting: boolean
  state: StateName
}

interface ServiceSpec {
  type?: string
  clusterIP?: string
  externalIPs?: string[]
  selector?: Record<string, string>
  ports?: { port: number; nodePort?: number; protocol?: string }[]
}

const keyOf = ({ metadata }: KubeObject): string => `${metadata.namespace}/${metadata.name}`

const addressesOf = (endpoints: KubeObject | undefined): number =>
  ((endpoints?.subsets ?? []) as { addresses?: unknown[] }[]).reduce((sum, { addresses = [] }) => sum + addresses.length, 0)

/** @param namespace only what lives in it */
export const serviceRows = (objects: Objects, namespace?: string): ServiceRow[] => {
  const endpoints = new Map(objectsOf(objects, 'Endpoints').map(object => [keyOf(object), object]))
  return objectsOf(objects, 'Service')
    .filter(({ metadata }) => namespace === undefined || metadata.namespace === namespace)
    .map(service => {
      const spec = (service.spec ?? {}) as ServiceSpec
      const { loadBalancer } = (service.status ?? {}) as { loadBalancer?: { ingress?: { ip?: string; hostname?: string }[] } }
      const outside = [
        ...(spec.externalIPs ?? []),
        ...(loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip ?? hostname ?? ''),
      ]
      const count = addressesOf(endpoints.get(keyOf(service)))
      const isWaiting = spec.type === 'LoadBalancer' && outside.length === 0
      return {
        uid: service.metadata.uid,
        name: service.metadata.name,
        namespace: service.metadata.namespace ?? '',
        type: spec.type ?? 'ClusterIP',
        address: [spec.clusterIP === 'None' ? '' : (spec.clusterIP ?? ''), ...outside].filter(Boolean).join(', '),
        ports: (spec.ports ?? [])
          .map(({ port, nodePort, protocol = 'TCP' }) => `${port}${nodePort ? `:${nodePort}` : ''}/${protocol}`)
          .join(', '),
        endpoints: count,
        hasSelector: spec.selector !== undefined,
        isWaiting,
        state: count === 0 ? ('pending' as const) : isWaiting ? ('progressing' as const) : ('ready' as const),
      }
    })
    .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))
}
