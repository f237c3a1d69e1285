// Custom kinds: from the definitions in the store to kinds that are served like any other.

import { clone, isEqual } from '../clone.ts'
import type { KubeObject } from '../object.ts'
import type { Column, Resource } from '../resource.ts'
import { age, ageColumn, nameColumn } from '../resources/columns.ts'
import type { Store } from '../store.ts'
import type { Custom } from './custom.ts'
import {
  compareVersions,
  type DefinitionObject,
  type DefinitionVersion,
  definitionsKey,
  isTrue,
  type PrinterColumn,
} from './definition.ts'
import { jsonPath } from './json-path.ts'
import { messageOfKind } from './message.ts'
import { fillDefaults, type Schema } from './schema.ts'
import { schemaFaults } from './validate.ts'

// Models apiextensions-apiserver/pkg/apiserver/customresource_handler.go and pkg/registry/customresource.

export interface CustomKinds {
  /** As clients see them: every version served. */
  served: readonly Resource[]
  /** By key, in the version in which they are stored. */
  stored: ReadonlyMap<string, Resource>
}

const shown = (value: unknown): string => (typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value))

// Models apiextensions-apiserver/pkg/registry/customresource/tableconvertor.
const cellOf = (type: string, value: unknown, now: number): string | number | boolean | null => {
  if (value === undefined || value === null) return null
  if (type === 'string') return shown(value)
  if (type === 'integer') return typeof value === 'number' ? Math.trunc(value) : null
  if (type === 'number') return typeof value === 'number' ? value : null
  if (type === 'boolean') return typeof value === 'boolean' ? value : null
  if (type !== 'date' || typeof value !== 'string') return null
  return Number.isNaN(Date.parse(value)) ? '<invalid>' : age(value, now)
}

const columnOf = ({ name, type, format, description, priority = 0, jsonPath: path }: PrinterColumn): Column => {
  const find = jsonPath(path)
  return {
    name,
    type: type as Column['type'],
    ...(format && { format }),
    description: description || `Custom resource definition column (in JSONPath format): ${path}`,
    ...(priority > 0 && { wide: true, priority }),
    cell: (object, now) => cellOf(type, find?.(object)[0], now),
  }
}

const defaultAge: Column = { ...ageColumn, type: 'date' }

const withoutStatus = ({ status, ...rest }: KubeObject): object => rest

/** What no schema stands for: everything is kept. */
const anything: Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }

const warningOf = (
  { spec }: DefinitionObject,
  { name, deprecated, deprecationWarning }: DefinitionVersion,
): string | undefined => {
  if (!deprecated) return undefined
  if (deprecationWarning) return deprecationWarning
  const better = spec.versions
    .filter(each => each.served && !each.deprecated && compareVersions(each.name, name) < 0)
    .map(each => each.name)
    .sort(compareVersions)[0]
  const { kind } = spec.names
  const text = `${spec.group}/${name} ${kind} is deprecated`
  return better ? `${text}; use ${spec.group}/${better} ${kind}` : text
}

const kindOf = (definition: DefinitionObject, version: DefinitionVersion): Resource => {
  const { spec, status, metadata } = definition
  const names = status?.acceptedNames?.kind ? status.acceptedNames : spec.names
  const schema = version.schema?.openAPIV3Schema ?? anything
  const kept = spec.preserveUnknownFields ? { ...schema, 'x-kubernetes-preserve-unknown-fields': true } : schema
  const { subresources = {} } = version
  const hasStatus = subresources.status !== undefined
  const warning = warningOf(definition, version)
  const selectable = (version.selectableFields ?? []).map(each => [each.jsonPath.slice(1), jsonPath(each.jsonPath)] as const)
  const custom: Custom = {
    schema: kept,
    message: messageOfKind(kept, names.kind),
    ...(subresources.scale && { scale: subresources.scale }),
    ...(warning && { warning }),
    isEnding: metadata.deletionTimestamp !== undefined,
    revision: `${metadata.uid} ${metadata.generation}`,
  }
  return {
    group: spec.group,
    version: version.name,
    kind: names.kind,
    listKind: names.listKind ?? `${names.kind}List`,
    plural: names.plural,
    singular: names.singular ?? names.kind.toLowerCase(),
    shortNames: names.shortNames ?? [],
    categories: names.categories ?? [],
    namespaced: spec.scope === 'Namespaced',
    subresources: [...(hasStatus ? (['status'] as const) : []), ...(subresources.scale ? (['scale'] as const) : [])],
    columns: [nameColumn, ...(version.additionalPrinterColumns?.map(columnOf) ?? [defaultAge])],
    custom,
    defaults(object) {
      fillDefaults(object, kept)
      return object
    },
    validate: object => schemaFaults(object, kept),
    ...(selectable.length > 0 && {
      fields: object => Object.fromEntries(selectable.map(([name, find]) => [name, shown(find?.(object)[0] ?? '')])),
    }),
    // Labels and annotations are no new generation; nor is a status that has a door of its own.
    isNewGeneration(object, old) {
      const [a, b] = hasStatus ? [withoutStatus(object), withoutStatus(old)] : [object, old]
      return !isEqual({ ...a, metadata: undefined }, { ...b, metadata: undefined })
    },
    beforeCreate(object) {
      if (hasStatus) delete object.status
      return object
    },
  }
}

const kindsOf = (definition: DefinitionObject): { served: Resource[]; stored: Resource } | undefined => {
  const storage = definition.spec.versions.find(each => each.storage)
  if (!storage || !isTrue(definition, 'Established')) return undefined
  const stored = kindOf(definition, storage)
  const key = `${stored.plural}.${stored.group}`
  const views = definition.spec.versions.filter(each => each.served).sort((a, b) => compareVersions(a.name, b.name))
  const served = views.map((version): Resource => {
    if (version === storage) return stored
    const view = kindOf(definition, version)
    const as = (name: string) => (object: KubeObject) => ({ ...object, apiVersion: `${stored.group}/${name}` })
    return { ...view, storedAs: { key, read: as(version.name), write: object => as(storage.name)(clone(object)) } }
  })
  return { served, stored }
}

const none: CustomKinds = { served: [], stored: new Map() }

/** Reads the custom kinds from the store; the same answer as long as the definitions are the same. */
export const customKinds = (store: Store): (() => CustomKinds) => {
  let seen: readonly KubeObject[] = []
  let kinds = none
  const made = new WeakMap<KubeObject, ReturnType<typeof kindsOf>>()
  return () => {
    const definitions = store.list(definitionsKey)
    if (definitions.length === seen.length && definitions.every((each, index) => each === seen[index])) return kinds
    seen = definitions
    const all = definitions.flatMap(each => {
      if (!made.has(each)) made.set(each, kindsOf(each as DefinitionObject))
      return made.get(each) ?? []
    })
    kinds = {
      served: all.flatMap(each => each.served),
      stored: new Map(all.map(({ stored }) => [`${stored.plural}.${stored.group}`, stored])),
    }
    return kinds
  }
}
