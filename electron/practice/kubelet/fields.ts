// What a Pod may learn of itself: fieldRef and resourceFieldRef of the downward API.

import type { Container, ObjectFieldSelector, ResourceFieldSelector } from 'kubernetes-types/core/v1.js'
import type { Pod } from '../controllers/kinds.ts'
import { quantity } from '../controllers/quantity.ts'

// Models kubernetes/pkg/fieldpath/fieldpath.go
export interface Place {
  nodeName: string
  hostIp: string
  podIp: string
}

const lines = (map: Record<string, string> = {}): string =>
  Object.entries(map)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join('\n')

/** The value of `metadata.name` and the like; empty where the field has none. */
export const fieldValue = ({ fieldPath }: ObjectFieldSelector, { metadata, spec }: Pod, place: Place): string => {
  const subscript = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(fieldPath)
  if (subscript) return metadata[subscript[1] as 'labels' | 'annotations']?.[subscript[2] ?? ''] ?? ''
  const values: Record<string, string | undefined> = {
    'metadata.name': metadata.name,
    'metadata.namespace': metadata.namespace,
    'metadata.uid': metadata.uid,
    'metadata.labels': lines(metadata.labels),
    'metadata.annotations': lines(metadata.annotations),
    'spec.nodeName': place.nodeName,
    'spec.serviceAccountName': spec.serviceAccountName,
    'status.hostIP': place.hostIp,
    'status.hostIPs': place.hostIp,
    'status.podIP': place.podIp,
    'status.podIPs': place.podIp,
  }
  return values[fieldPath] ?? ''
}

/** The value of `limits.cpu` and the like, in whole divisors, rounded up. */
export const resourceValue = ({ resource, divisor }: ResourceFieldSelector, container: Container): string => {
  const [kind, name = ''] = resource.split('.')
  const value = quantity(container.resources?.[kind === 'limits' ? 'limits' : 'requests']?.[name])
  return String(Math.ceil(value / (quantity(divisor) || 1)))
}
