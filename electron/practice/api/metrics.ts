// metrics.k8s.io: what `kubectl top` and autoscalers read. Only ever looked at: get and list, of nodes and Pods.
// Models metrics-server/pkg/api

import type { NodeObject, Pod } from '../controllers/kinds.ts'
import type { Metrics, Sample, Usage } from '../metrics.ts'
import { type KubeObject, timestamp } from '../object.ts'
import type { Resource } from '../resource.ts'
import { nameColumn } from '../resources/columns.ts'
import { notFound, StatusError } from '../status-error.ts'
import { type Exchange, formOf, sendObject, sendText } from './exchange.ts'
import { found, includeOf, selected } from './read.ts'
import { partialText, tableText } from './table.ts'
import { type Backend, targetOf } from './target.ts'

const apiVersion = 'metrics.k8s.io/v1beta1'

interface Measured extends KubeObject {
  timestamp: string
  window: string
  /** Of a node. */
  usage?: Record<string, string>
  /** Of a Pod. */
  containers?: { name: string; usage: Record<string, string> }[]
}

const usageText = ({ cpu, memory }: Usage) => ({
  cpu: cpu === 0 ? '0' : `${Math.round(cpu * 1e9)}n`,
  memory: `${Math.round(memory / 1024)}Ki`,
})

const measured = (kind: string, { metadata }: KubeObject, { at, windowMs }: Sample, now: number): Measured => ({
  kind,
  apiVersion,
  metadata: {
    name: metadata.name,
    ...(metadata.namespace && { namespace: metadata.namespace }),
    creationTimestamp: timestamp(now),
    ...(metadata.labels && { labels: metadata.labels }),
  } as KubeObject['metadata'],
  timestamp: timestamp(at),
  window: `${windowMs / 1000}s`,
})

/** The sum of a resource over what is measured, as metrics-server's Tables show it. */
const cell = (name: 'cpu' | 'memory') => (object: KubeObject) => {
  const { usage, containers = [] } = object as Measured
  if (usage) return usage[name] ?? ''
  const total = containers.reduce((sum, each) => sum + Number.parseInt(each.usage[name] ?? '0', 10), 0)
  return `${total}${name === 'cpu' ? 'n' : 'Ki'}`
}

const kindOf = (kind: string, plural: string, namespaced: boolean): Resource => ({
  group: 'metrics.k8s.io',
  version: 'v1beta1',
  kind,
  plural,
  singular: '',
  shortNames: [],
  categories: [],
  namespaced,
  subresources: [],
  columns: [
    { ...nameColumn, description: 'Name of the resource' },
    { name: 'cpu', type: 'string', description: '', cell: cell('cpu') },
    { name: 'memory', type: 'string', description: '', cell: cell('memory') },
    { name: 'Window', type: 'string', description: '', cell: object => (object as Measured).window },
  ],
  defaults: object => object,
  validate: () => [],
})

const kinds: Record<string, Resource> = {
  nodes: kindOf('NodeMetrics', 'nodes', false),
  pods: kindOf('PodMetrics', 'pods', true),
}

/** Answers everything below /apis/metrics.k8s.io/v1beta1; false for other paths. @throws StatusError 404, 405 */
export const serveMetrics = (backend: Backend, exchange: Exchange, metrics: Metrics): boolean => {
  const [root, group, version, ...rest] = exchange.path
  if (root !== 'apis' || `${group}/${version}` !== apiVersion || rest.length === 0) return false
  // The same path in the core group names what is measured.
  const target = targetOf(['api', 'v1', ...rest], backend.registry.resources)
  const kind = target && kinds[target.key]
  if (!target || !kind || target.subresource)
    throw new StatusError(404, 'NotFound', 'the server could not find the requested resource', {})
  const { query, method } = exchange
  if (method !== 'GET' || ['true', '1'].includes(query.get('watch') ?? '')) {
    throw new StatusError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {})
  }
  const now = backend.clock.now()
  const measure = (object: KubeObject): Measured | undefined => {
    if (target.key === 'nodes') {
      const sample = metrics.node(object as NodeObject)
      return sample && { ...measured(kind.kind, object, sample, now), usage: usageText(sample.usage) }
    }
    const sample = metrics.pod(object as Pod)
    const containers = sample?.containers.map(({ name, ...usage }) => ({ name, usage: usageText(usage) }))
    return sample && containers && { ...measured(kind.kind, object, sample, now), containers }
  }
  const form = formOf(exchange)
  const table = (objects: readonly Measured[]) =>
    tableText(kind, objects, { version: form.version, include: includeOf(query), now, headers: true, metadata: {} })
  if (target.name !== undefined) {
    const object = found(backend, target)
    const one = measure(object)
    const full = object.metadata.namespace ? `${object.metadata.namespace}/${target.name}` : target.name
    if (!one) throw notFound(`${kind.kind.toLowerCase()}.metrics.k8s.io`, full)
    sendText(exchange, 200, form.as === 'Table' ? table([one]) : JSON.stringify(one))
    return true
  }
  const items = selected(backend, target, query).flatMap(object => measure(object) ?? [])
  if (form.as === 'Table') sendText(exchange, 200, table(items))
  else if (form.as === 'object') {
    const plain = items.map(({ kind: _kind, apiVersion: _version, ...item }) => item)
    sendObject(exchange, 200, { kind: `${kind.kind}List`, apiVersion, metadata: {}, items: plain })
  } else {
    const head = `"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/${form.version}","metadata":{}`
    sendText(exchange, 200, `{${head},"items":[${items.map(item => partialText(item, form.version)).join(',')}]}\n`)
  }
  return true
}
