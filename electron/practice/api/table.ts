// Tables: what `kubectl get` prints, made by the server from each kind's columns.

import type { KubeObject } from '../object.ts'
import type { Resource } from '../resource.ts'
import { jsonOf } from './exchange.ts'
import { withManagers } from './ownership.ts'

export interface TableOptions {
  version: 'v1' | 'v1beta1'
  /** What each row carries beside its cells. */
  include: 'None' | 'Metadata' | 'Object'
  now: number
  /** Watches tell the columns once. */
  headers: boolean
  metadata: { resourceVersion?: string; continue?: string; remainingItemCount?: number }
}

const metadataTexts = new WeakMap<object, string>()

const metadataOf = (object: KubeObject, version: string): string => {
  const { metadata } = withManagers(object)
  let text = metadataTexts.get(metadata)
  if (text === undefined) {
    text = JSON.stringify(metadata)
    metadataTexts.set(metadata, text)
  }
  return `{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/${version}","metadata":${text}}`
}

/** JSON of a PartialObjectMetadata. */
export const partialText = metadataOf

const definitions = new WeakMap<Pick<Resource, 'columns'>, string>()

const definitionsOf = (resource: Pick<Resource, 'columns'>): string => {
  let text = definitions.get(resource)
  if (text === undefined) {
    text = JSON.stringify(
      resource.columns.map(({ name, type, format = '', description, wide, priority }) => ({
        name,
        type,
        format,
        description,
        priority: priority ?? (wide ? 1 : 0),
      })),
    )
    definitions.set(resource, text)
  }
  return text
}

const rowObject = (object: KubeObject, { include, version }: TableOptions): string => {
  if (include === 'None') return ''
  return `,"object":${include === 'Object' ? jsonOf(withManagers(object)) : metadataOf(object, version)}`
}

/** JSON of a meta.k8s.io Table of these objects. */
export const tableText = (resource: Pick<Resource, 'columns'>, objects: readonly KubeObject[], options: TableOptions): string => {
  const rows = objects.map(object => {
    const cells = resource.columns.map(column => column.cell(object, options.now))
    return `{"cells":${JSON.stringify(cells)}${rowObject(object, options)}}`
  })
  const columns = options.headers ? definitionsOf(resource) : 'null'
  const metadata = JSON.stringify(options.metadata)
  const head = `"kind":"Table","apiVersion":"meta.k8s.io/${options.version}","metadata":${metadata}`
  return `{${head},"columnDefinitions":${columns},"rows":[${rows.join(',')}]}\n`
}
