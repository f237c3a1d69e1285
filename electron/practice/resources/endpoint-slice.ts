// EndpointSlices: the addresses behind a Service, a hundred at a time.

import type { Endpoint, EndpointPort } from 'kubernetes-types/discovery/v1.js'
import { isEqual } from '../clone.ts'
import type { KubeObject } from '../object.ts'
import type { Resource } from '../resource.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { oneOf, required } from './faults.ts'

export type EndpointSliceObject = KubeObject & { addressType: string; endpoints?: Endpoint[]; ports?: EndpointPort[] }

// Models kubernetes/pkg/printers/internalversion/printers.go: three are shown, the rest counted.
const shownAtMost = 3

const listed = (items: readonly string[], empty: string): string => {
  if (items.length === 0) return empty
  const rest = items.length - shownAtMost
  const shown = items.slice(0, shownAtMost).join(',')
  return rest > 0 ? `${shown} + ${rest} more...` : shown
}

export const endpointSlice: Resource<EndpointSliceObject> = {
  group: 'discovery.k8s.io',
  version: 'v1',
  kind: 'EndpointSlice',
  plural: 'endpointslices',
  singular: 'endpointslice',
  shortNames: [],
  categories: [],
  namespaced: true,
  subresources: [],
  columns: [
    nameColumn,
    { name: 'AddressType', type: 'string', description: 'Kind of its addresses.', cell: ({ addressType }) => addressType },
    {
      name: 'Ports',
      type: 'string',
      description: 'Ports of every endpoint.',
      cell: ({ ports }) =>
        listed(
          (ports ?? []).map(({ port, name }) => String(port ?? name ?? '*')),
          '<unset>',
        ),
    },
    {
      name: 'Endpoints',
      type: 'string',
      description: 'Addresses of its endpoints.',
      cell: ({ endpoints }) =>
        listed(
          (endpoints ?? []).flatMap(({ addresses }) => addresses),
          '<unset>',
        ),
    },
    ageColumn,
  ],
  defaults(object) {
    for (const port of object.ports ?? []) {
      port.protocol ||= 'TCP'
      port.name ??= ''
    }
    return object
  },
  validate: ({ addressType }) =>
    addressType ? oneOf('addressType', addressType, ['FQDN', 'IPv4', 'IPv6']) : [required('addressType')],
  isNewGeneration: (object, old) =>
    !isEqual({ ...object, metadata: object.metadata.labels }, { ...old, metadata: old.metadata.labels }),
}
