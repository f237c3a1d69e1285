// Small Kubernetes objects for tables.

import { apply, emptySnapshot, replace, type Snapshot } from '../../electron/cluster/snapshot.ts'
import { type Kind, type KubeObject, kind } from '../../electron/contract/cluster.ts'
import { parseCondition } from '../../electron/lessons/condition.ts'
import type { Facts, Scene } from '../../electron/lessons/judge.ts'
import type { Check, Ref } from '../../electron/lessons/lesson.ts'
import { parseRef } from '../../electron/lessons/refs.ts'

let last = 0

interface Parts {
  uid?: string
  namespace?: string
  labels?: Record<string, string>
  owner?: KubeObject
  leaving?: boolean
  spec?: object
  status?: object
  [key: string]: unknown
}

export const object = (kind: Kind, name: string, parts: Parts = {}): KubeObject => {
  const { uid = `uid-${++last}`, namespace = 'default', labels, owner, leaving, ...rest } = parts
  return {
    apiVersion: kind === 'Deployment' || kind === 'ReplicaSet' ? 'apps/v1' : 'v1',
    kind,
    metadata: {
      name,
      namespace,
      uid,
      resourceVersion: `${++last}`,
      creationTimestamp: '2026-11-22T10:00:00Z',
      ...(labels && { labels }),
      ...(leaving && { deletionTimestamp: '2026-11-22T10:00:30Z' }),
      ...(owner && { ownerReferences: [{ kind: owner.kind, name: owner.metadata.name, uid: owner.metadata.uid }] }),
    },
    ...rest,
  }
}

const ready = { type: 'Ready', status: 'True' }

/** A running, ready Pod. */
export const pod = (name: string, parts: Parts = {}): KubeObject =>
  object('Pod', name, { status: { phase: 'Running', podIP: '10.42.0.2', conditions: [ready] }, ...parts })

/** A Pod with one container that waits. */
export const waiting = (name: string, reason: string, parts: Parts = {}): KubeObject =>
  object('Pod', name, {
    spec: { containers: [{ name: 'web', image: 'openresty/openresty:nosuch' }] },
    status: { phase: 'Pending', containerStatuses: [{ name: 'web', state: { waiting: { reason, message: `why ${reason}` } } }] },
    ...parts,
  })

export const snapshotOf = (...objects: KubeObject[]): Snapshot => {
  const empty = kind.options.reduce((snapshot, each: Kind) => replace(snapshot, each, []), emptySnapshot)
  return apply(empty, ...objects.map(each => ({ type: 'put' as const, object: each })))
}

const refOf = (words: string): Ref => {
  const ref = parseRef(words)
  if (ref === undefined) throw new Error(words)
  return ref
}

interface CheckParts extends Partial<Omit<Check, 'test'>> {
  http?: object
  exec?: { command: string[]; contains?: string; atLeast?: number }
}

/** `pod/openresty`, `condition=Ready`. */
export const check = (of: string, condition: string, parts: CheckParts = {}): Check => {
  const found = parseCondition(condition)
  const { http, exec, ...rest } = parts
  if (found === undefined && http === undefined && exec === undefined) throw new Error(condition)
  const test = http
    ? { type: 'http' as const, of: refOf(of), port: 80, path: '/', status: 200, each: false, varies: 1, ...http }
    : exec
      ? { type: 'exec' as const, of: refOf(of), ...exec }
      : { type: 'object' as const, of: refOf(of), for: found! }
  return { id: 'c', text: { 'zh-CN': '检查', en: 'check' }, test, once: false, hints: [], ...rest }
}

export const ran = (pattern: string): Check => ({
  ...check('pod/x', 'exists'),
  test: { type: 'ran', pattern: new RegExp(pattern) },
})

/** A lesson around one check, whose action makes it pass. */
export const sceneOf = (only: Check, parts: Partial<Scene> & { command?: string } = {}): Scene => {
  const { command = 'kubectl apply -f x.yaml', ...rest } = parts
  const text = { 'zh-CN': '任务', en: 'task' }
  const action = { id: 'a', kind: 'run' as const, text: command, exits: 0, passes: [only.id] }
  const task = { id: 't', title: text, say: text, actions: command === '' ? [] : [action], checks: [only] }
  return { namespace: 'default', needs: [], creates: [], tasks: [task], ...rest }
}

export const noFacts: Facts = { before: new Set(), moments: new Map(), answers: new Map(), commands: [] }
