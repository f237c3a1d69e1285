// Endpoints: the addresses behind a Service, in their old form.

import type { EndpointSubset } from 'kubernetes-types/core/v1.js'
import type { KubeObject } from '../object.ts'
import type { Resource } from '../resource.ts'
import { ageColumn, nameColumn, none } from './columns.ts'

export type EndpointsObject = KubeObject & { subsets?: EndpointSubset[] }

// Models kubernetes/pkg/printers/internalversion/printers.go, formatEndpoints: three are shown, the rest counted.
const shownAtMost = 3

const text = ({ subsets = [] }: EndpointsObject): string => {
  const all = subsets.flatMap(({ addresses = [], ports }) =>
    ports?.length ? ports.flatMap(({ port }) => addresses.map(({ ip }) => `${ip}:${port}`)) : addresses.map(({ ip }) => ip),
  )
  if (all.length === 0) return none
  const rest = all.length - shownAtMost
  const shown = all.slice(0, shownAtMost).join(',')
  return rest > 0 ? `${shown} + ${rest} more...` : shown
}

export const endpoints: Resource<EndpointsObject> = {
  group: '',
  version: 'v1',
  kind: 'Endpoints',
  plural: 'endpoints',
  singular: 'endpoints',
  shortNames: ['ep'],
  categories: [],
  namespaced: true,
  subresources: [],
  columns: [nameColumn, { name: 'Endpoints', type: 'string', description: 'Addresses that are ready.', cell: text }, ageColumn],
  defaults(object) {
    for (const { ports } of object.subsets ?? []) for (const port of ports ?? []) port.protocol ||= 'TCP'
    return object
  },
  validate: () => [],
}
