import { expect, test } from 'vitest'
import type { KubeObject } from '../../electron/contract/cluster.ts'
import { objectsOf, reduceObjects } from '../../renderer/state/objects.ts'

const object = (kind: string, name: string, version = '1'): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, uid: `${kind}/${name}`, resourceVersion: version, creationTimestamp: '2026-11-22T00:00:00Z' },
})

const first = reduceObjects(undefined, {
  type: 'snapshot',
  cluster: 'practice',
  objects: [object('Pod', 'a'), object('Node', 'n')],
})

test('changes put, replace and remove', () => {
  const next = reduceObjects(first, {
    type: 'changes',
    changes: [
      { type: 'put', object: object('Pod', 'a', '2') },
      { type: 'put', object: object('Pod', 'b') },
      { type: 'remove', object: object('Pod', 'b') },
      { type: 'put', object: object('Service', 's') },
    ],
  })
  expect(objectsOf(next, 'Pod').map(({ metadata }) => [metadata.name, metadata.resourceVersion])).toEqual([['a', '2']])
  expect(objectsOf(next, 'Service')).toHaveLength(1)
})

test('what was known is not mutated, and an untouched kind keeps its identity', () => {
  const next = reduceObjects(first, { type: 'changes', changes: [{ type: 'remove', object: object('Pod', 'a') }] })
  expect(objectsOf(first, 'Pod')).toHaveLength(1)
  expect(next?.byKind.get('Node')).toBe(first?.byKind.get('Node'))
  expect(next?.byKind.get('Pod')).not.toBe(first?.byKind.get('Pod'))
})

test('a fresh snapshot forgets the old cluster; changes before any snapshot leave nothing', () => {
  const next = reduceObjects(first, { type: 'snapshot', cluster: 'context:x', objects: [] })
  expect(next).toEqual({ cluster: 'context:x', byKind: new Map() })
  expect(reduceObjects(undefined, { type: 'changes', changes: [] })).toBeUndefined()
})
