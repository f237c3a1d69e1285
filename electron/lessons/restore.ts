// A step's beginning: what is kept of the lesson's objects then, and what leads back to it. Pure.

import type { Snapshot } from '../cluster/snapshot.ts'
import type { KubeObject } from '../contract/cluster.ts'
import type { Lesson } from './lesson.ts'
import { foreignObjects, ownObjects } from './ownership.ts'
import type { Kept, LessonRecord } from './record.ts'

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}

const without = (value: unknown, ...keys: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(record(value)).filter(([key]) => !keys.includes(key)))

const list = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.map(record) : [])

/** The token's volume, which admission adds to every Pod. */
const isToken = ({ name }: Record<string, unknown>): boolean => String(name).startsWith('kube-api-access-')

const barePod = (spec: unknown): Record<string, unknown> => ({
  ...without(spec, 'nodeName', 'priority'),
  volumes: list(record(spec).volumes).filter(volume => !isToken(volume)),
  ...Object.fromEntries(
    (['initContainers', 'containers'] as const)
      .filter(key => Array.isArray(record(spec)[key]))
      .map(key => [
        key,
        list(record(spec)[key]).map(container => ({
          ...container,
          volumeMounts: list(container.volumeMounts).filter(mount => !isToken(mount)),
        })),
      ]),
  ),
})

const bareJob = (spec: unknown): Record<string, unknown> => {
  if (record(spec).manualSelector === true) return record(spec)
  const template = record(record(spec).template)
  const metadata = record(template.metadata)
  const labels = Object.entries(record(metadata.labels)).filter(([key]) => !/(^|\/)(controller-uid|job-name)$/.test(key))
  return {
    ...without(spec, 'selector'),
    template: { ...template, metadata: { ...metadata, labels: Object.fromEntries(labels) } },
  }
}

const bareSpec = (kind: string, spec: unknown): unknown => {
  if (kind === 'Pod') return barePod(spec)
  if (kind === 'Job') return bareJob(spec)
  return kind === 'PersistentVolumeClaim' ? without(spec, 'volumeName') : spec
}

/** Written by controllers, about one life of the object. */
const isBookkeeping = (key: string): boolean =>
  /^(pv\.kubernetes\.io|volume\.(beta\.)?kubernetes\.io|deployment\.kubernetes\.io|autoscaling\.alpha\.kubernetes\.io)\//.test(
    key,
  )

export const bare = (object: KubeObject): Kept => {
  const { name, namespace, labels, annotations = {} } = object.metadata
  const kept = Object.entries(annotations).filter(([key]) => !isBookkeeping(key))
  const spec = object.spec === undefined ? {} : { spec: bareSpec(object.kind, object.spec) }
  return {
    ...without(object, 'status', 'metadata', 'spec'),
    kind: object.kind,
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      ...(labels && { labels }),
      ...(kept.length > 0 && { annotations: Object.fromEntries(kept) }),
    },
    ...spec,
  }
}

/** Of what the lesson made: objects that no controller makes anew by itself, and that are not on their way out. */
export const keepsake = (lesson: Lesson, record: LessonRecord, snapshot: Snapshot): Kept[] =>
  ownObjects(lesson, record, snapshot)
    .filter(({ metadata }) => !metadata.deletionTimestamp && !metadata.ownerReferences?.some(owner => owner.controller === true))
    .map(bare)

export interface WayBack {
  /** Made since: to be deleted. */
  remove: KubeObject[]
  /** Deleted since: to be made again. */
  make: Kept[]
  /** Changed since: the object as it is, and as it was. */
  change: { now: KubeObject; was: Kept }[]
}

const keyOf = ({ kind, metadata }: { kind: string; metadata: { name: string; namespace?: string } }): string =>
  `${kind}/${metadata.namespace ?? ''}/${metadata.name}`

/** What differs between now and a step's beginning, among the lesson's own objects. A stranger's stays as it is. */
export const wayBack = (lesson: Lesson, record: LessonRecord, snapshot: Snapshot, kept: readonly Kept[]): WayBack => {
  const own = ownObjects(lesson, record, snapshot).filter(
    ({ metadata }) => !metadata.ownerReferences?.some(owner => owner.controller === true),
  )
  const strange = new Set(foreignObjects(lesson, record, snapshot).map(keyOf))
  const wanted = new Map(kept.filter(each => !strange.has(keyOf(each))).map(each => [keyOf(each), each]))
  const staying = own.filter(object => wanted.has(keyOf(object)) && !object.metadata.deletionTimestamp)
  const there = new Set(staying.map(keyOf))
  return {
    remove: own.filter(object => !wanted.has(keyOf(object))),
    make: [...wanted.values()].filter(each => !there.has(keyOf(each))),
    change: staying
      .map(now => ({ now, was: wanted.get(keyOf(now))! }))
      .filter(({ now, was }) => JSON.stringify(sorted(bare(now))) !== JSON.stringify(sorted(was))),
  }
}

/** With keys in order, so that what says the same reads the same. */
const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  )
}
