// Request bodies: read within a limit, then decoded from JSON, YAML or protobuf.

import { isRecord } from '../is-record.ts'
import type { KubeObject } from '../object.ts'
import { badRequest, StatusError } from '../status-error.ts'
import type { Exchange } from './exchange.ts'
import { decodeEnvelope, isEnvelope } from './protobuf.ts'

// Models apiserver/pkg/server/config.go: MaxRequestBodyBytes.
const limit = 3 * 1024 * 1024
/** Nesting beyond this can only be meant to exhaust the stack. */
const depthLimit = 200

/** The whole body. @throws StatusError 413 */
export const readBody = ({ request, response }: Exchange): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    let size = 0
    request.on('data', (part: Buffer) => {
      size += part.length
      if (size <= limit) parts.push(part)
      else if (!response.headersSent) {
        // The answer comes now, and the connection ends with it: nobody reads the rest.
        response.setHeader('Connection', 'close')
        reject(new StatusError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${limit}`))
      }
    })
    request.on('end', () => resolve(Buffer.concat(parts)))
    request.on('error', reject)
    request.on('close', () => reject(badRequest('the request was cut off')))
  })

const isTooDeep = (value: unknown): boolean => {
  let level: unknown[] = [value]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > depthLimit) return true
    level = level.flatMap(each => (typeof each === 'object' && each !== null ? Object.values(each) : []))
  }
  return false
}

const unreadable = (why: string) =>
  badRequest(
    `the object provided is unrecognized (must be of type metav1.Object): couldn't get version/kind; json parse error: ${why}`,
  )

/** Parses JSON. @throws StatusError 400 */
export const parseJson = (body: Buffer): unknown => {
  let value: unknown
  try {
    value = JSON.parse(body.toString('utf8'))
  } catch (error) {
    throw unreadable(error instanceof Error ? error.message : String(error))
  }
  if (isTooDeep(value)) throw badRequest('exceeded max depth')
  return value
}

/** Parses YAML, of which JSON is a part. @throws StatusError 400 */
export const parseYaml = async (body: Buffer): Promise<unknown> => {
  const text = body.toString('utf8')
  if (/^\s*[{[]/.test(text)) return parseJson(body)
  // Loaded when first needed: kubectl itself sends JSON.
  const { parse } = await import('yaml')
  let value: unknown
  try {
    value = parse(text, { maxAliasCount: 100 })
  } catch (error) {
    throw badRequest(`error converting YAML to JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
  if (isTooDeep(value)) throw badRequest('exceeded max depth')
  return value
}

/** The media type without parameters. */
export const mediaType = ({ request }: Exchange): string =>
  (request.headers['content-type'] ?? '').split(';', 1)[0]!.trim().toLowerCase()

/** Decodes an object of any kind, or undefined for an empty body. @throws StatusError 400, 413, 415 */
export const readObject = async (exchange: Exchange): Promise<Partial<KubeObject> | undefined> => {
  const type = mediaType(exchange)
  const body = await readBody(exchange)
  if (body.length === 0) return undefined
  let value: unknown
  if (type === 'application/vnd.kubernetes.protobuf' || isEnvelope(body)) value = decodeEnvelope(body)
  else if (type === 'application/yaml') value = await parseYaml(body)
  else if (type === '' || type === 'application/json') value = parseJson(body)
  else {
    const known = 'application/json, application/yaml, application/vnd.kubernetes.protobuf'
    const why = 'the body of the request was in an unknown format - accepted media types include'
    throw new StatusError(415, 'UnsupportedMediaType', `${why}: ${known}`)
  }
  return objectOf(value)
}

/** A value as an object with proper names of its kind. @throws StatusError 400 */
export const objectOf = (value: unknown): Partial<KubeObject> => {
  if (!isRecord(value)) throw unreadable('cannot unmarshal into Go value of type struct { APIVersion string; Kind string }')
  if (value.metadata !== undefined && value.metadata !== null && !isRecord(value.metadata)) {
    throw badRequest('json: cannot unmarshal into Go struct field .metadata of type v1.ObjectMeta')
  }
  for (const name of ['apiVersion', 'kind'] as const) {
    if (value[name] === null) delete value[name]
    else if (value[name] !== undefined && typeof value[name] !== 'string') {
      throw unreadable(`cannot unmarshal into Go struct field .${name} of type string`)
    }
  }
  if (value.metadata === null) delete value.metadata
  return value as Partial<KubeObject>
}
