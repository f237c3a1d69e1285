// Secrets.

import type { KubeObject } from '../object.ts'
import type { Resource } from '../resource.ts'
import { ageColumn, nameColumn } from './columns.ts'
import { dataFaults, immutableFaults } from './config-map.ts'
import { invalidValue, required } from './faults.ts'

export type SecretObject = KubeObject & {
  data?: Record<string, string>
  stringData?: Record<string, string>
  type?: string
  immutable?: boolean
}

// What a Secret of a type must hold. Models kubernetes/pkg/apis/core/validation, ValidateSecret.
const needed: ReadonlyMap<string, readonly string[]> = new Map([
  ['kubernetes.io/tls', ['tls.crt', 'tls.key']],
  ['kubernetes.io/dockerconfigjson', ['.dockerconfigjson']],
  ['kubernetes.io/dockercfg', ['.dockercfg']],
  ['kubernetes.io/ssh-auth', ['ssh-privatekey']],
])

export const secret: Resource<SecretObject> = {
  group: '',
  version: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  singular: 'secret',
  shortNames: [],
  categories: [],
  namespaced: true,
  subresources: [],
  columns: [
    nameColumn,
    { name: 'Type', type: 'string', description: 'What the Secret is for.', cell: ({ type }) => type ?? '' },
    { name: 'Data', type: 'integer', description: 'Number of its entries.', cell: ({ data }) => Object.keys(data ?? {}).length },
    ageColumn,
  ],
  defaults(object) {
    object.type ||= 'Opaque'
    if (object.stringData) {
      const encoded = Object.entries(object.stringData).map(([key, text]) => [key, Buffer.from(text).toString('base64')])
      object.data = { ...object.data, ...Object.fromEntries(encoded) }
      delete object.stringData
    }
    return object
  },
  validate: (object, old) => [
    ...dataFaults('data', object.data ?? {}),
    ...(needed.get(object.type ?? '') ?? [])
      .filter(key => !Object.hasOwn(object.data ?? {}, key))
      .map(key => required(`data[${key}]`)),
    ...immutableFaults(object, old),
    ...(old && old.type !== object.type ? [invalidValue('type', object.type, 'field is immutable')] : []),
  ],
  fields: ({ type }) => ({ type: type ?? '' }),
}
