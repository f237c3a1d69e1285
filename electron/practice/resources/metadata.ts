// What is checked of every object's metadata, whatever its kind.

import type { FieldError } from '../field-error.ts'
import type { KubeObject, ObjectMeta } from '../object.ts'
import type { Resource } from '../resource.ts'
import {
  faultAt,
  forbiddenValue,
  invalidValue,
  labelFault,
  labelsFaults,
  qualifiedNameFault,
  required,
  subdomainFault,
} from './faults.ts'

// Annotations together may have this many bytes.
const annotationsLimit = 256 * 1024

// Models apimachinery/pkg/api/validation/objectmeta.go.

const annotationFaults = (field: string, annotations: Readonly<Record<string, string>>): FieldError[] => {
  let size = 0
  const faults = Object.entries(annotations).flatMap(([key, value]) => {
    size += Buffer.byteLength(key) + Buffer.byteLength(value)
    return faultAt(field, key, qualifiedNameFault(key.toLowerCase()))
  })
  if (size <= annotationsLimit) return faults
  return [...faults, { field, reason: 'FieldValueTooLong', message: `Too long: may not be more than ${annotationsLimit} bytes` }]
}

const finalizerFaults = (field: string, finalizers: readonly string[], old: ObjectMeta | undefined): FieldError[] => {
  const faults = finalizers.flatMap(finalizer => faultAt(field, finalizer, qualifiedNameFault(finalizer)))
  if (old?.deletionTimestamp) {
    const added = finalizers.filter(finalizer => !old.finalizers?.includes(finalizer))
    if (added.length > 0) {
      const list = `[]string{${added.map(name => JSON.stringify(name)).join(', ')}}`
      const why = `no new finalizers can be added if the object is being deleted, found new finalizers ${list}`
      faults.push(forbiddenValue(field, why))
    }
  }
  return faults
}

const ownerFaults = (field: string, meta: ObjectMeta): FieldError[] => {
  const faults: FieldError[] = []
  for (const owner of meta.ownerReferences ?? []) {
    if (!owner.apiVersion) faults.push(invalidValue(`${field}.apiVersion`, '', 'version must not be empty'))
    for (const part of ['kind', 'name', 'uid'] as const) {
      if (!owner[part]) faults.push(invalidValue(`${field}.${part}`, '', 'must not be empty'))
    }
  }
  const managing = (meta.ownerReferences ?? []).filter(owner => owner.controller)
  if (managing.length > 1) {
    const [first, second] = managing.map(owner => `${owner.kind}/${owner.name}`)
    const why = `Only one reference can have Controller set to true. Found "true" in references for ${first} and ${second}`
    faults.push(invalidValue(field, meta.ownerReferences, why))
  }
  return faults
}

/** Faults of an object's metadata, on creation or, with `old`, on update. */
export const metadataFaults = (object: KubeObject, resource: Resource, old?: KubeObject): FieldError[] => {
  const meta = object.metadata
  const faults: FieldError[] = []
  if (!old) {
    if (!meta.name) faults.push(required('metadata.name', 'name or generateName is required'))
    else faults.push(...faultAt('metadata.name', meta.name, (resource.nameFault ?? subdomainFault)(meta.name)))
    if (resource.namespaced) {
      if (!meta.namespace) faults.push(required('metadata.namespace'))
      else faults.push(...faultAt('metadata.namespace', meta.namespace, labelFault(meta.namespace)))
    }
  }
  if (meta.labels) faults.push(...labelsFaults('metadata.labels', meta.labels))
  if (meta.annotations) faults.push(...annotationFaults('metadata.annotations', meta.annotations))
  if (meta.ownerReferences) faults.push(...ownerFaults('metadata.ownerReferences', meta))
  if (meta.finalizers) faults.push(...finalizerFaults('metadata.finalizers', meta.finalizers, old?.metadata))
  return faults
}
