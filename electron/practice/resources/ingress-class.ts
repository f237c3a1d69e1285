// IngressClasses.

import type { IngressClassSpec } from 'kubernetes-types/networking/v1.js'
import { isEqual } from '../clone.ts'
import type { KubeObject } from '../object.ts'
import type { Resource } from '../resource.ts'
import { ageColumn, nameColumn, none } from './columns.ts'
import { invalidValue, required } from './faults.ts'

export type IngressClassObject = KubeObject & { spec: IngressClassSpec }

export const ingressClass: Resource<IngressClassObject> = {
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'IngressClass',
  plural: 'ingressclasses',
  singular: 'ingressclass',
  shortNames: [],
  categories: [],
  namespaced: false,
  subresources: [],
  columns: [
    nameColumn,
    {
      name: 'Controller',
      type: 'string',
      description: 'Who serves Ingresses of this class.',
      cell: ({ spec }) => spec.controller ?? '',
    },
    {
      name: 'Parameters',
      type: 'string',
      description: 'More settings for the controller.',
      cell: ({ spec: { parameters } }) => {
        if (!parameters) return none
        const { kind, apiGroup, name } = parameters
        return `${apiGroup ? `${kind}.${apiGroup}` : kind}/${name}`
      },
    },
    ageColumn,
  ],
  defaults(object) {
    object.spec ??= {}
    return object
  },
  validate(object, old) {
    if (!object.spec.controller) return [required('spec.controller')]
    if (!old || isEqual(old.spec.controller, object.spec.controller)) return []
    return [invalidValue('spec.controller', object.spec.controller, 'field is immutable')]
  },
  isNewGeneration: (object, old) => !isEqual(object.spec, old.spec),
}
