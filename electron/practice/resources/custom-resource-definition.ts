// CustomResourceDefinitions: kinds that users add.

import { isEqual } from '../clone.ts'
import { cleanup, type DefinitionNames, type DefinitionObject, isTrue } from '../custom/definition.ts'
import { jsonPath } from '../custom/json-path.ts'
import { structureFaults } from '../custom/structure.ts'
import type { FieldError } from '../field-error.ts'
import type { Resource } from '../resource.ts'
import { createdColumn, nameColumn } from './columns.ts'
import { faultAt, forbiddenValue, invalidValue, label1035Fault, oneOf, required, subdomainFault, unsupported } from './faults.ts'

// Models apiextensions-apiserver/pkg/apis/apiextensions/validation/validation.go.

const nameFaults = (at: string, names: Partial<DefinitionNames>): FieldError[] => {
  const faults: FieldError[] = []
  for (const field of ['plural', 'singular', 'kind', 'listKind'] as const) {
    const name = names[field]
    if (!name) faults.push(required(`${at}.${field}`))
    else {
      const fault = label1035Fault(name.toLowerCase())
      const isKind = field === 'kind' || field === 'listKind'
      if (fault)
        faults.push(
          invalidValue(`${at}.${field}`, name, isKind ? `may have mixed case, but should otherwise match: ${fault}` : fault),
        )
      else if (!isKind) faults.push(...faultAt(`${at}.${field}`, name, label1035Fault(name)))
    }
  }
  for (const field of ['shortNames', 'categories'] as const)
    for (const [index, name] of (names[field] ?? []).entries())
      faults.push(...faultAt(`${at}.${field}[${index}]`, name, label1035Fault(name)))
  if (names.kind && names.kind === names.listKind)
    faults.push(invalidValue(`${at}.listKind`, names.listKind, 'kind and listKind may not be the same'))
  return faults
}

const columnTypes = ['boolean', 'date', 'integer', 'number', 'string']

const versionFaults = (object: DefinitionObject): FieldError[] => {
  const versions = object.spec.versions ?? []
  const faults: FieldError[] = []
  if (versions.filter(each => each.storage).length !== 1)
    faults.push(invalidValue('spec.versions', versions, 'must have exactly one version marked as storage version'))
  if (new Set(versions.map(each => each.name)).size < versions.length)
    faults.push(invalidValue('spec.versions', versions, 'must contain unique version names'))
  for (const [index, version] of versions.entries()) {
    const at = `spec.versions[${index}]`
    faults.push(...faultAt(`${at}.name`, version.name ?? '', label1035Fault(version.name ?? '')))
    if (version.deprecationWarning && !version.deprecated)
      faults.push(invalidValue(`${at}.deprecationWarning`, version.deprecationWarning, 'can only be set for deprecated versions'))
    faults.push(...structureFaults(version.schema?.openAPIV3Schema, `${at}.schema.openAPIV3Schema`))
    for (const [number, column] of (version.additionalPrinterColumns ?? []).entries()) {
      const here = `${at}.additionalPrinterColumns[${number}]`
      if (!column.name) faults.push(required(`${here}.name`))
      if (!column.type) faults.push(required(`${here}.type`, `must be one of ${columnTypes.join(',')}`))
      else if (!columnTypes.includes(column.type)) faults.push(unsupported(`${here}.type`, column.type, columnTypes))
      if (!column.jsonPath) faults.push(required(`${here}.jsonPath`))
      else if (!jsonPath(column.jsonPath) || !column.jsonPath.startsWith('.'))
        faults.push(invalidValue(`${here}.jsonPath`, column.jsonPath, 'must be a simple json path starting with .'))
    }
    const scale = version.subresources?.scale
    if (!scale) continue
    const paths = { specReplicasPath: '.spec.', statusReplicasPath: '.status.' } as const
    for (const [field, start] of Object.entries(paths) as [keyof typeof paths, string][]) {
      const here = `${at}.subresources.scale.${field}`
      if (!scale[field]) faults.push(required(here))
      else if (!/^(\.[A-Za-z0-9_-]+)+$/.test(scale[field]))
        faults.push(invalidValue(here, scale[field], 'must be a simple json path without array notation'))
      else if (!scale[field].startsWith(start)) {
        const why = `should be a json path under ${start.slice(0, -1)}`
        faults.push(invalidValue(here, scale[field], why))
      }
    }
  }
  return faults
}

const isProtected = (group: string): boolean => /(^|\.)(k8s|kubernetes)\.io$/.test(group)
const approval = 'api-approved.kubernetes.io'

const specFaults = (object: DefinitionObject): FieldError[] => {
  const { spec, metadata } = object
  const faults: FieldError[] = []
  if (metadata.name !== `${spec.names?.plural}.${spec.group}`)
    faults.push(invalidValue('metadata.name', metadata.name, 'must be spec.names.plural+"."+spec.group'))
  if (!spec.group) faults.push(required('spec.group'))
  else if (!spec.group.includes('.'))
    faults.push(invalidValue('spec.group', spec.group, 'should be a domain with at least one dot'))
  else faults.push(...faultAt('spec.group', spec.group, subdomainFault(spec.group)))
  if (spec.group && isProtected(spec.group) && !metadata.annotations?.[approval]) {
    const why =
      'protected groups must have approval annotation "api-approved.kubernetes.io", see https://github.com/kubernetes/enhancements/pull/1111'
    faults.push(required(`metadata.annotations[${approval}]`, why))
  }
  if (!spec.scope) faults.push(required('spec.scope'))
  else faults.push(...oneOf('spec.scope', spec.scope, ['Cluster', 'Namespaced']))
  faults.push(...versionFaults(object), ...nameFaults('spec.names', spec.names ?? {}))
  const strategy = spec.conversion?.strategy
  // No request ever leaves the practice cluster.
  if (strategy === 'Webhook')
    faults.push(forbiddenValue('spec.conversion.strategy', 'this cluster calls no webhooks: only None is served'))
  else faults.push(...oneOf('spec.conversion.strategy', strategy, ['None', 'Webhook']))
  if (spec.preserveUnknownFields) {
    const why = 'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead'
    faults.push(invalidValue('spec.preserveUnknownFields', true, why))
  }
  return faults
}

const updateFaults = ({ spec, status }: DefinitionObject, old: DefinitionObject): FieldError[] => {
  const faults: FieldError[] = []
  const fixed = (field: string, value: unknown, before: unknown) => {
    if (!isEqual(value, before)) faults.push(invalidValue(field, value, 'field is immutable'))
  }
  fixed('spec.group', spec.group, old.spec.group)
  fixed('spec.names.plural', spec.names.plural, old.spec.names.plural)
  if (isTrue(old, 'Established')) {
    fixed('spec.scope', spec.scope, old.spec.scope)
    fixed('spec.names.kind', spec.names.kind, old.spec.names.kind)
  }
  for (const [index, version] of (status?.storedVersions ?? []).entries())
    if (!spec.versions.some(({ name }) => name === version))
      faults.push(invalidValue(`status.storedVersions[${index}]`, version, 'must appear in spec.versions'))
  return faults
}

const addStored = (object: DefinitionObject): DefinitionObject => {
  const storage = object.spec?.versions?.find(each => each.storage)?.name
  const stored = object.status?.storedVersions ?? []
  if (!storage || stored.includes(storage)) return object
  object.status = { ...object.status, storedVersions: [...stored, storage] }
  return object
}

export const customResourceDefinition: Resource<DefinitionObject> = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  singular: 'customresourcedefinition',
  shortNames: ['crd', 'crds'],
  categories: ['api-extensions'],
  namespaced: false,
  subresources: ['status'],
  columns: [nameColumn, createdColumn],
  // Models apiextensions-apiserver/pkg/apis/apiextensions/v1/defaults.go.
  defaults(object) {
    object.spec ??= {} as DefinitionObject['spec']
    const { spec } = object
    if (spec.names?.kind) {
      spec.names.singular ||= spec.names.kind.toLowerCase()
      spec.names.listKind ||= `${spec.names.kind}List`
    }
    spec.conversion ??= { strategy: 'None' }
    if (spec.preserveUnknownFields === false) delete spec.preserveUnknownFields
    return object
  },
  validate: (object, old) => [...specFaults(object), ...(old ? updateFaults(object, old) : [])],
  isNewGeneration: (object, old) => !isEqual(object.spec, old.spec),
  beforeCreate(object) {
    object.status = { conditions: null, acceptedNames: { plural: '', kind: '' }, storedVersions: null }
    return addStored(object)
  },
  beforeUpdate: addStored,
  // Held from the first: its objects go before it.
  isHeld: object => object.metadata.deletionTimestamp === undefined,
  beforeDelete(object) {
    const finalizers = object.metadata.finalizers ?? []
    if (!finalizers.includes(cleanup)) object.metadata.finalizers = [...finalizers, cleanup]
    return object
  },
}
