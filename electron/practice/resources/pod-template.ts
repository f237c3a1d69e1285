// PodTemplates: what Pods could be made of. Nothing in a cluster uses them by itself.

import type { PodTemplateSpec } from 'kubernetes-types/core/v1.js'
import { isEqual } from '../clone.ts'
import type { KubeObject } from '../object.ts'
import type { Resource } from '../resource.ts'
import { ageColumn, labelsText, nameColumn, templateColumns } from './columns.ts'
import { required } from './faults.ts'
import { defaultPodSpec } from './pod-spec.ts'
import { podSpecFaults } from './pod-spec-faults.ts'

export type PodTemplateObject = KubeObject & { template: PodTemplateSpec }

const [containers, images] = templateColumns<PodTemplateObject>(
  object => object.template.spec?.containers ?? [],
  () => undefined,
).map(column => ({ ...column, wide: false }))

export const podTemplate: Resource<PodTemplateObject> = {
  group: '',
  version: 'v1',
  kind: 'PodTemplate',
  plural: 'podtemplates',
  singular: 'podtemplate',
  shortNames: [],
  categories: [],
  namespaced: true,
  subresources: [],
  columns: [
    nameColumn,
    containers!,
    images!,
    {
      name: 'Pod Labels',
      type: 'string',
      description: 'The labels of Pods that are made of it.',
      cell: ({ template }) => labelsText(template.metadata?.labels),
    },
    ageColumn,
  ],
  defaults(object) {
    if (object.template?.spec) defaultPodSpec(object.template.spec)
    return object
  },
  validate: ({ template }) => (template ? podSpecFaults(template.spec, 'template.spec') : [required('template.spec.containers')]),
  isNewGeneration: (object, old) => !isEqual(object.template, old.template),
}
