// Services: types, defaults and columns; addresses come from service-addresses.ts.

import type { ServicePort } from 'kubernetes-types/core/v1.js'
import type { FieldError } from '../field-error.ts'
import type { Resource } from '../resource.ts'
import { ageColumn, labelsText, nameColumn, none } from './columns.ts'
import {
  duplicate,
  faultAt,
  invalidValue,
  label1035Fault,
  labelFault,
  labelsFaults,
  oneOf,
  portFaults,
  portNameFault,
  required,
} from './faults.ts'
import { allocate, reallocate } from './service-addresses.ts'
import type { ServiceObject } from './service-object.ts'

const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']

// Models kubernetes/pkg/printers/internalversion/printers.go, getServiceExternalIP.
const externalAddress = ({ spec, status }: ServiceObject): string => {
  const given = spec.externalIPs ?? []
  if (spec.type === 'ExternalName') return spec.externalName ?? none
  if (spec.type !== 'LoadBalancer') return given.join(',') || none
  const balanced = (status?.loadBalancer?.ingress ?? []).map(each => each.ip ?? each.hostname ?? '')
  return [...balanced, ...given].join(',') || '<pending>'
}

const portText = ({ port, nodePort, protocol = 'TCP' }: ServicePort): string =>
  nodePort ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`

const portListFaults = (ports: readonly ServicePort[]): FieldError[] => {
  const names = new Set<string>()
  const seen = new Set<string>()
  return ports.flatMap((port, index) => {
    const at = `spec.ports[${index}]`
    const faults: FieldError[] = []
    if (ports.length > 1 && !port.name) faults.push(required(`${at}.name`))
    if (port.name) {
      faults.push(...faultAt(`${at}.name`, port.name, labelFault(port.name)))
      if (names.has(port.name)) faults.push(duplicate(`${at}.name`, port.name))
      names.add(port.name)
    }
    faults.push(...portFaults(`${at}.port`, port.port ?? 0))
    const { targetPort } = port
    if (typeof targetPort === 'number') faults.push(...portFaults(`${at}.targetPort`, targetPort))
    else if (targetPort) faults.push(...faultAt(`${at}.targetPort`, targetPort, portNameFault(targetPort)))
    faults.push(...oneOf(`${at}.protocol`, port.protocol, ['SCTP', 'TCP', 'UDP']))
    const key = `${port.protocol}/${port.port}`
    if (seen.has(key)) faults.push(duplicate(at, { protocol: port.protocol, port: port.port }))
    seen.add(key)
    return faults
  })
}

const isAddress = (text: string): boolean => /^(\d{1,3}\.){3}\d{1,3}$/.test(text) || text.includes(':')

const faultsOf = ({ spec }: ServiceObject): FieldError[] => {
  const faults = oneOf('spec.type', spec.type, types)
  const ports = spec.ports ?? []
  if (ports.length === 0 && spec.clusterIP !== 'None' && spec.type !== 'ExternalName') faults.push(required('spec.ports'))
  if (spec.type === 'ExternalName' && !spec.externalName) faults.push(required('spec.externalName'))
  if (spec.clusterIP === 'None' && (spec.type === 'NodePort' || spec.type === 'LoadBalancer')) {
    faults.push(invalidValue('spec.clusterIPs[0]', 'None', `may not be set to 'None' for ${spec.type} services`))
  }
  faults.push(...portListFaults(ports))
  faults.push(...labelsFaults('spec.selector', spec.selector))
  faults.push(...oneOf('spec.sessionAffinity', spec.sessionAffinity, ['ClientIP', 'None']))
  for (const [index, address] of (spec.externalIPs ?? []).entries()) {
    if (!isAddress(address)) {
      const why = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'
      faults.push(invalidValue(`spec.externalIPs[${index}]`, address, why))
    }
  }
  return faults
}

export const service: Resource<ServiceObject> = {
  group: '',
  version: 'v1',
  kind: 'Service',
  plural: 'services',
  singular: 'service',
  shortNames: ['svc'],
  categories: ['all'],
  namespaced: true,
  subresources: ['status'],
  columns: [
    nameColumn,
    { name: 'Type', type: 'string', description: 'How the Service can be reached.', cell: ({ spec }) => spec.type ?? '' },
    {
      name: 'Cluster-IP',
      type: 'string',
      description: 'Its address inside the cluster.',
      cell: ({ spec }) => spec.clusterIP || none,
    },
    { name: 'External-IP', type: 'string', description: 'Its addresses outside the cluster.', cell: externalAddress },
    {
      name: 'Port(s)',
      type: 'string',
      description: 'Its ports, each with its node port and protocol.',
      cell: ({ spec }) => (spec.ports ?? []).map(portText).join(',') || none,
    },
    ageColumn,
    {
      name: 'Selector',
      type: 'string',
      description: 'Labels of the Pods it leads to.',
      wide: true,
      cell: ({ spec }) => labelsText(spec.selector),
    },
  ],
  // Models kubernetes/pkg/apis/core/v1/defaults.go, SetDefaults_Service.
  defaults(object) {
    object.spec ??= {}
    object.status ??= { loadBalancer: {} }
    object.status.loadBalancer ??= {}
    const { spec } = object
    spec.type ||= 'ClusterIP'
    spec.sessionAffinity ||= 'None'
    if (spec.sessionAffinity === 'ClientIP') spec.sessionAffinityConfig ??= { clientIP: { timeoutSeconds: 10_800 } }
    if (spec.sessionAffinity === 'None') delete spec.sessionAffinityConfig
    for (const port of spec.ports ?? []) {
      port.protocol ||= 'TCP'
      if (port.targetPort === undefined || port.targetPort === 0 || port.targetPort === '') port.targetPort = port.port
    }
    if (spec.type === 'NodePort' || spec.type === 'LoadBalancer' || spec.externalIPs?.length) {
      spec.externalTrafficPolicy ||= 'Cluster'
    }
    if (spec.type === 'LoadBalancer') spec.allocateLoadBalancerNodePorts ??= true
    if (spec.type !== 'ExternalName') spec.internalTrafficPolicy ||= 'Cluster'
    return object
  },
  nameFault: label1035Fault,
  validate: (object, old) => {
    const faults = faultsOf(object)
    const isKept = old && object.spec.type !== 'ExternalName' && old.spec.type !== 'ExternalName'
    if (isKept && old.spec.clusterIP && object.spec.clusterIP !== old.spec.clusterIP) {
      faults.push(invalidValue('spec.clusterIPs[0]', [object.spec.clusterIP ?? ''], 'may not change once set'))
    }
    return faults
  },
  fields: ({ spec }) => ({ 'spec.type': spec.type ?? '', 'spec.clusterIP': spec.clusterIP ?? '' }),
  beforeCreate(object, cluster) {
    object.status = { loadBalancer: {} }
    allocate(object, cluster)
    return object
  },
  beforeUpdate(object, old, cluster) {
    reallocate(object, old, cluster)
    return object
  },
}
