// NetworkPolicies: who may reach which Pods. The network heeds them.

import type { NetworkPolicyPeer, NetworkPolicyPort, NetworkPolicySpec } from 'kubernetes-types/networking/v1.js'
import { isEqual } from '../clone.ts'
import type { FieldError } from '../field-error.ts'
import type { KubeObject } from '../object.ts'
import type { Resource } from '../resource.ts'
import { selectorFaults } from '../selectors.ts'
import { ageColumn, nameColumn, selectorText } from './columns.ts'
import { forbiddenValue, invalidValue, oneOf, portFaults, required } from './faults.ts'

export type NetworkPolicyObject = KubeObject & { spec: NetworkPolicySpec }

// Models kubernetes/pkg/apis/networking/validation/validation.go.
const peerFaults = (at: string, peer: NetworkPolicyPeer): FieldError[] => {
  const { ipBlock, podSelector, namespaceSelector } = peer
  const faults = [
    ...(podSelector ? selectorFaults(`${at}.podSelector`, podSelector) : []),
    ...(namespaceSelector ? selectorFaults(`${at}.namespaceSelector`, namespaceSelector) : []),
  ]
  if (!ipBlock && !podSelector && !namespaceSelector) return [required(at, 'must specify a peer')]
  if (ipBlock && (podSelector || namespaceSelector))
    faults.push(forbiddenValue(at, 'may not specify both ipBlock and another peer'))
  for (const cidr of ipBlock ? [ipBlock.cidr, ...(ipBlock.except ?? [])] : [])
    if (!/^\d+\.\d+\.\d+\.\d+\/\d+$/.test(cidr))
      faults.push(invalidValue(`${at}.ipBlock.cidr`, cidr, 'must be a valid CIDR value'))
  return faults
}

const portFaultsOf = (at: string, { port, endPort, protocol }: NetworkPolicyPort): FieldError[] => {
  const faults = oneOf(`${at}.protocol`, protocol, ['SCTP', 'TCP', 'UDP'])
  if (typeof port === 'number') faults.push(...portFaults(`${at}.port`, port))
  if (endPort !== undefined && typeof port !== 'number')
    faults.push(forbiddenValue(`${at}.endPort`, 'may not be specified when `port` is not specified or is a name'))
  else if (endPort !== undefined && endPort < Number(port))
    faults.push(invalidValue(`${at}.endPort`, endPort, 'must be greater than or equal to `port`'))
  return faults
}

const ruleFaults = (at: string, peers: readonly NetworkPolicyPeer[], ports: readonly NetworkPolicyPort[], side: string) => [
  ...ports.flatMap((port, index) => portFaultsOf(`${at}.ports[${index}]`, port)),
  ...peers.flatMap((peer, index) => peerFaults(`${at}.${side}[${index}]`, peer)),
]

export const networkPolicy: Resource<NetworkPolicyObject> = {
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'NetworkPolicy',
  plural: 'networkpolicies',
  singular: 'networkpolicy',
  shortNames: ['netpol'],
  categories: [],
  namespaced: true,
  subresources: [],
  columns: [
    nameColumn,
    {
      name: 'Pod-Selector',
      type: 'string',
      description: 'The Pods that it is for.',
      cell: ({ spec }) => selectorText(spec.podSelector),
    },
    ageColumn,
  ],
  // Models kubernetes/pkg/apis/networking/v1/defaults.go.
  defaults(object) {
    object.spec ??= { podSelector: {} }
    const { spec } = object
    spec.podSelector ??= {}
    if (!spec.policyTypes?.length) spec.policyTypes = spec.egress?.length ? ['Ingress', 'Egress'] : ['Ingress']
    for (const { ports = [] } of [...(spec.ingress ?? []), ...(spec.egress ?? [])])
      for (const port of ports) port.protocol ??= 'TCP'
    return object
  },
  validate: ({ spec }) => [
    ...selectorFaults('spec.podSelector', spec.podSelector),
    ...(spec.ingress ?? []).flatMap(({ from = [], ports = [] }, index) =>
      ruleFaults(`spec.ingress[${index}]`, from, ports, 'from'),
    ),
    ...(spec.egress ?? []).flatMap(({ to = [], ports = [] }, index) => ruleFaults(`spec.egress[${index}]`, to, ports, 'to')),
    ...(spec.policyTypes ?? []).flatMap((type, index) => oneOf(`spec.policyTypes[${index}]`, type, ['Egress', 'Ingress'])),
  ],
  isNewGeneration: (object, old) => !isEqual(object.spec, old.spec),
}
