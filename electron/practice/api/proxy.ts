// HTTP through the API server to a port of a Pod or Service: `.../services/NAME:PORT/proxy/...`, as `kubectl get --raw` and `kubectl proxy` ask it.

import type { IncomingMessage } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { Endpoints, Pod, V1Service } from '../controllers/kinds.ts'
import { sendRequest } from '../images/http-client.ts'
import { badRequest, notFound, StatusError } from '../status-error.ts'
import type { Exchange } from './exchange.ts'
import type { Backend } from './target.ts'

// Models apimachinery/pkg/util/proxy/upgradeaware.go and kubernetes/pkg/registry/core/{pod,service}: ResourceLocation.

/** Of one hop, or for the API server itself. */
const unheard = new Set(['authorization', 'connection', 'host', 'keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade'])
const heard = (headers: IncomingMessage['headers']) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !unheard.has(name) && !name.startsWith('impersonate-')))

const pattern = /^(\/api\/v1\/namespaces\/([^/]+)\/(pods|services)\/([^/?]+)\/proxy)(\/[^?]*)?(\?.*)?$/

const unavailable = (message: string) => new StatusError(503, 'ServiceUnavailable', message)

interface Place {
  pod: string
  port: number
}

/** `[SCHEME:]NAME[:PORT]`. */
const splitName = (text: string): { name: string; port: string } => {
  const parts = decodeURIComponent(text).split(':')
  if (parts.length > 3) throw badRequest(`invalid service request ${JSON.stringify(text)}`)
  const [name = '', port = ''] = parts.length === 3 ? parts.slice(1) : parts
  return { name, port }
}

const placeOfPod = ({ registry }: Backend, namespace: string, { name, port }: { name: string; port: string }): Place => {
  const pod = registry.store.get('pods', namespace, name) as Pod | undefined
  if (!pod) throw notFound('pods', name)
  const [first] = pod.spec.containers.flatMap(({ ports = [] }) => ports)
  return { pod: name, port: Number(port || (first?.containerPort ?? 80)) }
}

const placeOfService = (backend: Backend, namespace: string, { name, port }: { name: string; port: string }): Place => {
  const { store } = backend.registry
  const service = store.get('services', namespace, name) as V1Service | undefined
  if (!service) throw notFound('services', name)
  const ports = service.spec.ports ?? []
  const wanted = ports.find(each => (each.name ?? '') === port || String(each.port) === port)
  if (!wanted) throw unavailable(`no service port ${JSON.stringify(port)} found for service ${JSON.stringify(name)}`)
  const { subsets = [] } = (store.get('endpoints', namespace, name) as Endpoints | undefined) ?? {}
  const places = subsets.flatMap(({ addresses = [], ports: open = [] }) =>
    addresses.flatMap(({ targetRef }) =>
      open
        .filter(each => (each.name ?? '') === (wanted.name ?? '') && targetRef?.name)
        .map(each => ({ pod: targetRef?.name ?? '', port: each.port })),
    ),
  )
  const place = places[Math.floor(backend.random() * places.length)]
  if (!place) throw unavailable(`no endpoints available for service ${JSON.stringify(name)}`)
  return place
}

/** Answers whatever goes through a `proxy`; false for other paths. @throws StatusError 404, 503 */
export const serveProxy = async (backend: Backend, exchange: Exchange): Promise<boolean> => {
  const { request, response } = exchange
  const [, root, namespace = '', kind, named = '', path, query = ''] = pattern.exec(request.url ?? '') ?? []
  if (!root) return false
  if (path === undefined) {
    // So that links of a page lead below it.
    response.writeHead(301, { location: `${root}/${query}` }).end()
    return true
  }
  const { pod, port } = (kind === 'pods' ? placeOfPod : placeOfService)(backend, namespace, splitName(named))
  const gone = new AbortController()
  response.once('close', () => gone.abort(new Error('the client is gone')))
  let answer: IncomingMessage
  try {
    const socket = await backend.access.dial(namespace, pod, port)
    const headers = { ...heard(request.headers), host: `${pod}:${port}`, connection: 'close' }
    const hasBody = request.headers['content-length'] !== undefined || request.headers['transfer-encoding'] !== undefined
    const sent = { method: request.method ?? 'GET', path: `${path}${query}`, headers, ...(hasBody && { body: request }) }
    answer = await sendRequest(socket, sent, gone.signal)
  } catch (error) {
    if (error instanceof StatusError) throw error
    throw unavailable(`error trying to reach service: ${error instanceof Error ? error.message : String(error)}`)
  }
  const told = heard(answer.headers)
  const { location } = answer.headers
  const back = location?.startsWith('/') ? `${root}${location}` : location
  response.writeHead(answer.statusCode ?? 502, { ...told, ...(back !== undefined && { location: back }) })
  await pipeline(answer, response)
  return true
}
