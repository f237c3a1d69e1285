// Kinds that are stored in the words of another version: from the store to the client, and back.

import { clone } from '../clone.ts'
import { schemaFaults } from '../custom/validate.ts'
import type { KubeObject } from '../object.ts'
import { apiVersionOf } from '../registry.ts'
import type { Resource } from '../resource.ts'
import { invalid, StatusError } from '../status-error.ts'
import type { Target } from './target.ts'

const views = new WeakMap<KubeObject, Map<string, KubeObject>>()

/** An object in the version asked for, made once for each. */
export const shown = (resource: Resource, object: KubeObject): KubeObject => {
  const version = apiVersionOf(resource)
  if (!resource.storedAs || object.apiVersion === version) return object
  const made = views.get(object) ?? new Map<string, KubeObject>()
  views.set(object, made)
  const view = made.get(version) ?? resource.storedAs.read(object)
  made.set(version, view)
  return view
}

/** An object as it is stored, checked where the registry does not look. @throws StatusError 422 */
export const storable = <T extends Partial<KubeObject>>({ resource, subresource }: Target, object: T, old?: KubeObject): T => {
  const { custom, storedAs } = resource
  const isStatus = subresource === 'status'
  // The registry checks the stored version of what is no status.
  if (!custom || (!storedAs && !isStatus))
    return storedAs ? (storedAs.write(object as unknown as KubeObject) as unknown as T) : object
  const whole = isStatus ? { ...old, ...object, spec: old?.spec } : object
  const filled = resource.defaults(clone(whole) as unknown as KubeObject)
  const faults = schemaFaults(filled, custom.schema)
  if (faults.length > 0) throw invalid(`${resource.kind}.${resource.group}`, object.metadata?.name ?? '', faults)
  return (storedAs ? storedAs.write(filled) : filled) as unknown as T
}

// Models apiextensions-apiserver/pkg/apiserver/customresource_handler.go.
/** Takes nothing new for a kind that is going. @throws StatusError 405 */
export const refuseEnding = ({ resource, name }: Target, method: string): void => {
  if (!resource.custom?.isEnding || method !== 'POST' || name !== undefined) return
  throw new StatusError(405, 'MethodNotAllowed', 'create not allowed while custom resource definition is terminating', {})
}
