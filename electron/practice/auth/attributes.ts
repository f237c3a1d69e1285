// What a request would do, as authorizers see it: a verb on a resource, or on a path that is none.

// Models apiserver/pkg/endpoints/request/requestinfo.go

export interface ResourceAttributes {
  verb: string
  /** Empty for the core group. */
  group: string
  resource: string
  /** Empty where there is none. */
  subresource: string
  /** Empty for all. */
  namespace: string
  /** Empty for all. */
  name: string
}

export interface PathAttributes {
  verb: string
  path: string
}

export type Attributes = ResourceAttributes | PathAttributes

export const isOnResource = (attributes: Attributes): attributes is ResourceAttributes => 'resource' in attributes

const verbs: Readonly<Record<string, string>> = { POST: 'create', GET: 'get', PUT: 'update', PATCH: 'patch', DELETE: 'delete' }

const isTrue = (text: string | null): boolean => text === 'true' || text === '1'

/** @param path decoded, without empty parts */
export const attributesOf = (method: string, path: readonly string[], query: URLSearchParams): Attributes => {
  const isCore = path[0] === 'api'
  const start = isCore ? 2 : 3
  if ((!isCore && path[0] !== 'apis') || path.length <= start) return { verb: method.toLowerCase(), path: `/${path.join('/')}` }
  const group = isCore ? '' : path[1]!
  let rest = path.slice(start)
  let namespace = ''
  if (rest[0] === 'namespaces' && rest[1] !== undefined) {
    namespace = rest[1]
    if (rest.length > 2 && rest[2] !== 'status' && rest[2] !== 'finalize') rest = rest.slice(2)
  }
  const [resource = '', named, subresource = ''] = rest
  const verb = verbs[method] ?? method.toLowerCase()
  if (named !== undefined) return { verb, group, resource, subresource, namespace, name: named }
  // One object asked for by its name may be allowed where the others are not.
  const name = /^metadata\.name==?([^,]+)$/.exec(query.get('fieldSelector') ?? '')?.[1] ?? ''
  const many: Readonly<Record<string, string>> = {
    get: isTrue(query.get('watch')) ? 'watch' : 'list',
    delete: 'deletecollection',
  }
  return { verb: many[verb] ?? verb, group, resource, subresource, namespace, name: verb === 'create' ? '' : name }
}
