// The objects that a cluster would have after a story's journeys: so that a picture is drawn from the same in both. Pure.

import type { KubeObject } from '../../../../electron/contract/cluster.ts'
import type { Journey } from '../../../../electron/contract/trace.ts'
import type { Told } from './story.ts'

/** When every story happens. */
const dawn = Date.parse('2026-11-22T08:00:00Z')
const timeAt = (at: number): string => new Date(dawn + at).toISOString()

const conditions = (isScheduled: boolean, isReady: boolean) => [
  { type: 'PodScheduled', status: isScheduled ? 'True' : 'False' },
  { type: 'Ready', status: isReady ? 'True' : 'False' },
]
const running = { phase: 'Running', containerStatuses: [{ restartCount: 0, state: { running: {} } }] }

const podStatus: Partial<Record<Journey['deed'], object>> = {
  created: { phase: 'Pending', conditions: [] },
  scheduled: { phase: 'Pending', conditions: conditions(true, false) },
  started: { ...running, conditions: conditions(true, false) },
  ready: { ...running, conditions: conditions(true, true) },
  unready: { conditions: conditions(true, false) },
  finished: { phase: 'Succeeded', conditions: conditions(true, false) },
}

/** What a deed alone tells of its object's status. */
const statusAfter = ({ kind, deed }: Journey): object | undefined => {
  if (kind === 'Pod') return podStatus[deed]
  if (kind === 'Node') return { conditions: [{ type: 'Ready', status: deed === 'unready' ? 'False' : 'True' }] }
  if (deed === 'bound') return { phase: 'Bound' }
  return undefined
}

const ownersOf = ({ owner }: Journey) =>
  owner && { ownerReferences: [{ ...owner, name: owner.uid.slice(owner.kind.length + 1), controller: true }] }

const next = (known: KubeObject | undefined, told: Told, revision: number): KubeObject => {
  const { kind, name, namespace, uid, at, node, wanted, deed, fields = {} } = told
  const { labels, annotations, spec, status, rest } = fields
  return {
    apiVersion: 'v1',
    ...known,
    ...rest,
    kind,
    metadata: {
      name,
      namespace,
      uid,
      creationTimestamp: timeAt(at),
      ...known?.metadata,
      ...ownersOf(told),
      resourceVersion: String(revision),
      labels: { ...known?.metadata.labels, ...labels },
      annotations: { ...known?.metadata.annotations, ...annotations },
      ...(deed === 'leaving' && { deletionTimestamp: timeAt(at) }),
    },
    spec: {
      ...(known?.spec as object),
      ...(node !== undefined && { nodeName: node }),
      ...(wanted !== undefined && { replicas: wanted }),
      ...spec,
    },
    status: { ...(known?.status as object), ...statusAfter(told), ...status },
  }
}

/** The two machines of every story. */
const machines: readonly KubeObject[] = ['node1', 'node2'].map(name => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, uid: `Node/${name}`, resourceVersion: '0', creationTimestamp: timeAt(0) },
  status: { conditions: [{ type: 'Ready', status: 'True' }] },
}))

/** On two nodes that were empty before. */
export const toldObjects = (journeys: readonly Told[]): KubeObject[] => {
  const objects = new Map(machines.map(node => [node.metadata.uid, node]))
  for (const [index, told] of journeys.entries())
    if (told.deed === 'gone') objects.delete(told.uid)
    else objects.set(told.uid, next(objects.get(told.uid), told, index + 1))
  return [...objects.values()]
}
