// ControllerRevisions: templates that a StatefulSet or DaemonSet had.

import { isEqual } from '../clone.ts'
import { controllerOf, type KubeObject } from '../object.ts'
import type { Resource } from '../resource.ts'
import { ageColumn, nameColumn, none } from './columns.ts'
import { invalidValue, notNegative } from './faults.ts'

export type ControllerRevisionObject = KubeObject & { data?: Record<string, unknown>; revision: number }

const controllerText = (object: KubeObject): string => {
  const owner = controllerOf(object)
  if (!owner) return none
  const group = owner.apiVersion.includes('/') ? `.${owner.apiVersion.split('/')[0]}` : ''
  return `${owner.kind.toLowerCase()}${group}/${owner.name}`
}

export const controllerRevision: Resource<ControllerRevisionObject> = {
  group: 'apps',
  version: 'v1',
  kind: 'ControllerRevision',
  plural: 'controllerrevisions',
  singular: 'controllerrevision',
  shortNames: [],
  categories: [],
  namespaced: true,
  subresources: [],
  columns: [
    nameColumn,
    { name: 'Controller', type: 'string', description: 'Whose template it was.', cell: controllerText },
    { name: 'Revision', type: 'string', description: 'Its number in the history.', cell: object => object.revision },
    ageColumn,
  ],
  defaults(object) {
    object.revision ??= 0
    return object
  },
  validate: (object, old) => [
    ...notNegative('revision', object.revision),
    ...(old && !isEqual(old.data, object.data) ? [invalidValue('data', object.data, 'field is immutable')] : []),
  ],
}
