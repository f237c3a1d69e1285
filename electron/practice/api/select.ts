// Which objects a list or a watch is about: a namespace, label and field selectors.

import type { KubeObject } from '../object.ts'
import { apiVersionOf } from '../registry.ts'
import type { Resource } from '../resource.ts'
import { parseFieldSelector, parseLabelSelector } from '../selectors.ts'
import { badRequest } from '../status-error.ts'
import type { Target } from './target.ts'

const fieldsOf = (resource: Resource, object: KubeObject): Record<string, string> => ({
  'metadata.name': object.metadata.name,
  'metadata.namespace': object.metadata.namespace ?? '',
  ...resource.fields?.(object),
})

// Kinds tell their fields from an object only, so an empty one tells which names they know.
const knownFields = (resource: Resource): ReadonlySet<string> => {
  const metadata = { name: '', uid: '', resourceVersion: '', creationTimestamp: '' }
  const empty = { apiVersion: '', kind: resource.kind, metadata, spec: {}, status: {} }
  return new Set(Object.keys(fieldsOf(resource, empty)))
}

export interface Selection {
  matches(object: KubeObject): boolean
  /** Whether a selector narrows it. */
  isNarrow: boolean
}

/** Reads labelSelector and fieldSelector. @throws StatusError 400 */
export const selectionOf = ({ resource, name }: Target, query: URLSearchParams): Selection => {
  const labels = query.get('labelSelector') ?? ''
  const byLabels = labels ? parseLabelSelector(labels) : undefined
  const terms = parseFieldSelector(query.get('fieldSelector') ?? '')
  if (name !== undefined) terms.push({ field: 'metadata.name', equal: true, value: name })
  const known = knownFields(resource)
  for (const { field } of terms) {
    if (!known.has(field)) {
      const why = `field label not supported: ${field}`
      throw badRequest(
        `Unable to find ${JSON.stringify(apiVersionOf(resource))} ${JSON.stringify(resource.kind)} that match field selector: ${why}`,
      )
    }
  }
  const matches = (object: KubeObject): boolean => {
    if (byLabels && !byLabels(object.metadata.labels ?? {})) return false
    if (terms.length === 0) return true
    const fields = fieldsOf(resource, object)
    return terms.every(({ field, equal, value }) => (fields[field] === value) === equal)
  }
  return { matches, isNarrow: byLabels !== undefined || terms.length > 0 }
}
