// The scale of what has replicas: one shape for all kinds, custom ones by the paths that their definitions name.

import type { LabelSelector } from 'kubernetes-types/meta/v1.js'
import { clone } from '../clone.ts'
import type { ScalePaths } from '../custom/definition.ts'
import { jsonPath, setAt } from '../custom/json-path.ts'
import { isRecord } from '../is-record.ts'
import type { KubeObject } from '../object.ts'
import { none, selectorText } from '../resources/columns.ts'
import { badRequest, invalid, StatusError } from '../status-error.ts'
import { checkFields, isDryRun } from './admit.ts'
import { readObject } from './body.ts'
import { type Exchange, sendObject } from './exchange.ts'
import { owned } from './managed-fields.ts'
import { readPatch } from './patch.ts'
import { found } from './read.ts'
import type { Backend, Target } from './target.ts'
import { shown, storable } from './versions.ts'

interface Scalable extends KubeObject {
  spec: { replicas?: number; selector?: LabelSelector | Record<string, string> }
  status?: { replicas?: number }
}

const scaleKind = { group: 'autoscaling', version: 'v1', kind: 'Scale' }

// Models kubernetes/pkg/registry/apps/deployment/storage, scaleFromDeployment, and
// apiextensions-apiserver/pkg/registry/customresource/etcd.go, scaleFromCustomResource.

/** The numbers of a kind of ours. */
const knownNumbers = ({ kind, spec, status }: Scalable) => {
  // A ReplicationController selects by a plain map of labels.
  const asked = (kind === 'ReplicationController' ? { matchLabels: spec.selector } : spec.selector) as LabelSelector | undefined
  return {
    wanted: spec.replicas ?? 0,
    present: status?.replicas ?? 0,
    selector: asked ? selectorText(asked).replace(none, '') : '',
  }
}

const customNumbers = (object: KubeObject, paths: ScalePaths) => {
  const at = (path: string | undefined) => (path ? jsonPath(path)?.(object)[0] : undefined)
  const wanted = at(paths.specReplicasPath)
  const present = at(paths.statusReplicasPath)
  const selector = at(paths.labelSelectorPath)
  if (typeof wanted !== 'number') {
    const text = `the spec replicas field ${JSON.stringify(paths.specReplicasPath)} does not exist`
    throw new StatusError(500, 'InternalError', `Internal error occurred: ${text}`, { causes: [{ message: text }] })
  }
  return {
    wanted,
    present: typeof present === 'number' ? present : 0,
    selector: typeof selector === 'string' ? selector : '',
  }
}

const scaleOf = (object: KubeObject, paths: ScalePaths | undefined) => {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata
  const { wanted, present, selector } = paths ? customNumbers(object, paths) : knownNumbers(object as Scalable)
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, ...(namespace && { namespace }), uid, resourceVersion, creationTimestamp },
    spec: { replicas: wanted },
    status: { replicas: present, ...(selector && { selector }) },
  }
}

/** Answers GET, PUT and PATCH of `scale`. */
export const scale = async (backend: Backend, exchange: Exchange, target: Target): Promise<void> => {
  const { resource, key, name = '' } = target
  const paths = resource.custom?.scale
  const object = found(backend, target)
  if (exchange.method === 'GET') return sendObject(exchange, 200, scaleOf(object, paths))
  const dryRun = isDryRun(exchange.query.getAll('dryRun'))
  const wanted =
    exchange.method === 'PUT'
      ? await readObject(exchange)
      : clone((await readPatch(exchange, scaleKind)).change(scaleOf(object, paths)))
  if (!isRecord(wanted)) throw badRequest('the request body is empty')
  checkFields(exchange, scaleKind, wanted)
  const spec = isRecord(wanted.spec) ? wanted.spec : {}
  const replicas = typeof spec.replicas === 'number' ? spec.replicas : 0
  if (replicas < 0) {
    const message = `Invalid value: ${replicas}: must be greater than or equal to 0`
    throw invalid('Scale.autoscaling', name, [{ field: 'spec.replicas', reason: 'FieldValueInvalid', message }])
  }
  const copy = clone(object)
  setAt(copy, paths?.specReplicasPath ?? '.spec.replicas', replicas)
  const asked = isRecord(wanted.metadata) ? wanted.metadata.resourceVersion : undefined
  copy.metadata.resourceVersion = typeof asked === 'string' && asked ? asked : found(backend, target).metadata.resourceVersion
  const named = owned(backend, exchange, target, object, copy) as KubeObject
  const stored = backend.registry.update(key, storable(target, named, object), { dryRun })
  sendObject(exchange, 200, scaleOf(shown(resource, stored), paths))
}
