// OpenAPI v2 for older kubectl, which reads it as protobuf only: which kinds take dryRun and fieldValidation. It holds no
// definitions, so that kubectl merges patches by the types it was built with.

import { apiVersionOf } from '../registry.ts'
import type { Resource } from '../resource.ts'

// Field numbers of github.com/google/gnostic-models/openapiv2.

const field = (number: number, ...parts: (Uint8Array | string)[]): Buffer => {
  const content = Buffer.concat(parts.map(part => (typeof part === 'string' ? Buffer.from(part) : part)))
  const varint: number[] = []
  for (let left = content.length; ; left >>>= 7) {
    varint.push(left < 128 ? left : (left & 127) | 128)
    if (left < 128) break
  }
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...varint]), content])
}

/** Operation.parameters > Parameter > NonBodyParameter > QueryParameterSubSchema, of which in and name are set. */
const queryParameter = (name: string): Buffer => field(8, field(1, field(2, field(3, field(2, 'query'), field(4, name)))))

const pathItem = (resource: Resource): Buffer => {
  const { group, version, kind, plural, namespaced } = resource
  const root = group ? `/apis/${apiVersionOf(resource)}` : `/api/${version}`
  const path = namespaced ? `${root}/namespaces/{namespace}/${plural}/{name}` : `${root}/${plural}/{name}`
  const names = `group: "${group}"\nkind: ${kind}\nversion: ${version}\n`
  // NamedAny > Any > google.protobuf.Any, whose value is YAML.
  const extension = field(13, field(1, 'x-kubernetes-group-version-kind'), field(2, field(1, field(2, names)), field(2, names)))
  const operation = field(8, queryParameter('dryRun'), queryParameter('fieldValidation'), extension)
  return field(2, field(1, path), field(2, operation))
}

/** The document. */
export const openapiProtobuf = (resources: readonly Resource[]): Buffer =>
  Buffer.concat([field(1, '2.0'), field(2, field(1, 'Kubernetes'), field(2, 'v1.36.2')), field(8, ...resources.map(pathItem))])
