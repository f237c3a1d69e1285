// What a path of the API names: a kind, and perhaps a namespace, a name and a subresource.

import type { Clock } from '../../platform/clock.ts'
import type { Auth } from '../auth/auth.ts'
import type { PodAccess } from '../kubelet/access.ts'
import type { Registry } from '../registry.ts'
import { apiVersionOf } from '../registry.ts'
import { type Resource, resourceKey } from '../resource.ts'

/** What every handler works on. */
export interface Backend {
  registry: Registry
  clock: Clock
  random: () => number
  access: PodAccess
  auth: Auth
}

export interface Target {
  resource: Resource
  /** Of what is stored. */
  key: string
  /** Empty for all namespaces and for kinds without. */
  namespace: string
  name?: string
  subresource?: string
}

// Models apiserver/pkg/endpoints/request/requestinfo.go.

/** Undefined where the path names no kind that is served. */
export const targetOf = (path: readonly string[], resources: readonly Resource[]): Target | undefined => {
  const isCore = path[0] === 'api'
  const apiVersion = isCore ? path[1] : `${path[1]}/${path[2]}`
  let rest = path.slice(isCore ? 2 : 3)
  let namespace = ''
  // /namespaces/NAME/status is a subresource of the Namespace; /namespaces/NAME/pods lies in it.
  if (rest[0] === 'namespaces' && rest.length > 2 && rest[2] !== 'status' && rest[2] !== 'finalize') {
    namespace = rest[1]!
    rest = rest.slice(2)
  }
  const [plural, name, subresource, more] = rest
  const resource = resources.find(each => each.plural === plural && apiVersionOf(each) === apiVersion)
  if (!resource || more !== undefined || (namespace && !resource.namespaced)) return undefined
  if (resource.namespaced && name !== undefined && !namespace) return undefined
  return {
    resource,
    key: resource.storedAs?.key ?? resourceKey(resource),
    namespace,
    ...(name !== undefined && { name }),
    ...(subresource !== undefined && { subresource }),
  }
}
