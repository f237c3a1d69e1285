// Ingresses.

import type { IngressBackend, IngressSpec, IngressStatus } from 'kubernetes-types/networking/v1.js'
import { isEqual } from '../clone.ts'
import type { FieldError } from '../field-error.ts'
import type { KubeObject } from '../object.ts'
import type { Resource } from '../resource.ts'
import { ageColumn, nameColumn, none } from './columns.ts'
import { forbiddenValue, invalidValue, required, unsupported } from './faults.ts'

export type IngressObject = KubeObject & { spec: IngressSpec; status?: IngressStatus }

// Models kubernetes/pkg/printers/internalversion/printers.go, printIngress and formatHosts.
const hosts = ({ spec }: IngressObject): string => {
  const list = (spec.rules ?? []).map(({ host }) => host).filter(host => host !== undefined && host !== '')
  if (list.length === 0) return '*'
  return list.length > 3 ? `${list.slice(0, 3).join(',')} + ${list.length - 3} more...` : list.join(',')
}

const address = ({ status }: IngressObject): string =>
  (status?.loadBalancer?.ingress ?? [])
    .map(({ ip, hostname }) => ip ?? hostname ?? '')
    .filter(Boolean)
    .join(',')

const backendFaults = (at: string, backend: IngressBackend | undefined): FieldError[] => {
  if (!backend) return [required(at)]
  if (backend.service && backend.resource) return [invalidValue(at, '', 'cannot set both resource and service backends')]
  if (backend.resource) return []
  if (!backend.service) return [required(at, 'port name or number is required')]
  const faults = backend.service.name ? [] : [required(`${at}.service.name`)]
  const { name, number } = backend.service.port ?? {}
  if (!name && !number) faults.push(required(`${at}.service.port`, 'port name or number is required'))
  if (name && number) faults.push(invalidValue(`${at}.service.port`, '', 'cannot set both port name & port number'))
  return faults
}

// Models kubernetes/pkg/apis/networking/validation/validation.go.
const ruleFaults = (spec: IngressSpec): FieldError[] =>
  (spec.rules ?? []).flatMap((rule, index) =>
    (rule.http?.paths ?? []).flatMap((path, place) => {
      const at = `spec.rules[${index}].http.paths[${place}]`
      const types = ['Exact', 'ImplementationSpecific', 'Prefix']
      const faults = backendFaults(`${at}.backend`, path.backend)
      if (!path.pathType) faults.push(required(`${at}.pathType`, 'pathType must be specified'))
      else if (!types.includes(path.pathType)) faults.push(unsupported(`${at}.pathType`, path.pathType, types))
      else if (path.pathType !== 'ImplementationSpecific' && !path.path?.startsWith('/'))
        faults.push(invalidValue(`${at}.path`, path.path ?? '', 'must be an absolute path'))
      return faults
    }),
  )

export const ingress: Resource<IngressObject> = {
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'Ingress',
  plural: 'ingresses',
  singular: 'ingress',
  shortNames: ['ing'],
  categories: [],
  namespaced: true,
  subresources: ['status'],
  columns: [
    nameColumn,
    {
      name: 'Class',
      type: 'string',
      description: 'Which controller serves it.',
      cell: ({ spec }) => spec.ingressClassName ?? none,
    },
    { name: 'Hosts', type: 'string', description: 'Hosts that it answers for.', cell: hosts },
    { name: 'Address', type: 'string', description: 'Where it is reached.', cell: address },
    {
      name: 'Ports',
      type: 'string',
      description: 'Ports that it listens on.',
      cell: ({ spec }) => (spec.tls?.length ? '80, 443' : '80'),
    },
    ageColumn,
  ],
  defaults(object) {
    object.spec ??= {}
    return object
  },
  validate(object, old) {
    const { spec } = object
    const faults = ruleFaults(spec)
    if (!spec.rules?.length && !spec.defaultBackend) {
      faults.push(invalidValue('spec', spec.rules ?? [], 'either `defaultBackend` or `rules` must be specified'))
    }
    if (spec.defaultBackend) faults.push(...backendFaults('spec.defaultBackend', spec.defaultBackend))
    if (!old && spec.ingressClassName && object.metadata.annotations?.['kubernetes.io/ingress.class'] !== undefined) {
      const field = 'metadata.annotations.kubernetes.io/ingress.class'
      faults.push(forbiddenValue(field, 'can not be set when the class field is also set'))
    }
    return faults
  },
  isNewGeneration: (object, old) => !isEqual(object.spec, old.spec),
  beforeCreate(object) {
    object.status = { loadBalancer: {} }
    return object
  },
}
