// componentstatuses: what the control plane once told of its health, still asked for in old lessons.
// Models kubernetes/pkg/registry/core/componentstatus

import type { KubeObject } from '../object.ts'
import type { Resource } from '../resource.ts'
import { nameColumn } from '../resources/columns.ts'
import { notFound, StatusError } from '../status-error.ts'
import { type Exchange, formOf, sendObject, sendText, warn } from './exchange.ts'
import { includeOf } from './read.ts'
import { partialText, tableText } from './table.ts'

interface ComponentStatus extends KubeObject {
  conditions: { type: string; status: string; message: string; error?: string }[]
}

const statusOf = (name: string): ComponentStatus => ({
  kind: 'ComponentStatus',
  apiVersion: 'v1',
  metadata: { name } as KubeObject['metadata'],
  conditions: [{ type: 'Healthy', status: 'True', message: 'ok' }],
})
const components = ['controller-manager', 'scheduler', 'etcd-0'].map(statusOf)

const condition = (object: KubeObject) => (object as ComponentStatus).conditions[0]

const kind: Pick<Resource, 'columns'> = {
  columns: [
    nameColumn,
    { name: 'Status', type: 'string', description: 'Whether it is healthy.', cell: () => 'Healthy' },
    { name: 'Message', type: 'string', description: 'What it says.', cell: object => condition(object)?.message ?? '' },
    { name: 'Error', type: 'string', description: 'What went wrong.', cell: object => condition(object)?.error ?? '' },
  ],
}

/** Answers /api/v1/componentstatuses and what is below it; false for other paths. @throws StatusError 404, 405 */
export const serveComponentStatuses = (exchange: Exchange, now: number): boolean => {
  const [root, version, plural, name, more] = exchange.path
  if (root !== 'api' || version !== 'v1' || plural !== 'componentstatuses' || more !== undefined) return false
  if (exchange.method !== 'GET' || ['true', '1'].includes(exchange.query.get('watch') ?? ''))
    throw new StatusError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {})
  warn(exchange, 'v1 ComponentStatus is deprecated in v1.19+')
  const found = components.filter(({ metadata }) => name === undefined || metadata.name === name)
  if (name !== undefined && found.length === 0) throw notFound('componentstatuses', name)
  const form = formOf(exchange)
  if (form.as === 'Table') {
    const options = { version: form.version, include: includeOf(exchange.query), now, headers: true, metadata: {} }
    sendText(exchange, 200, tableText(kind, found, options))
  } else if (form.as === 'PartialObjectMetadata') {
    const items = found.map(object => partialText(object, form.version))
    const head = `"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/${form.version}","metadata":{}`
    sendText(exchange, 200, name === undefined ? `{${head},"items":[${items.join(',')}]}\n` : items[0]!)
  } else if (name !== undefined) sendObject(exchange, 200, found[0])
  else {
    const items = found.map(({ kind: _kind, apiVersion: _version, ...item }) => item)
    sendObject(exchange, 200, { kind: 'ComponentStatusList', apiVersion: 'v1', metadata: {}, items })
  }
  return true
}
