import { beforeEach, describe, expect, test } from 'vitest'
import type { KubeObject, ObjectMeta } from '../../electron/practice/object.ts'
import { createRandom } from '../../electron/practice/random.ts'
import { createRegistry, type Registry } from '../../electron/practice/registry.ts'
import { resources } from '../../electron/practice/resources/index.ts'
import { StatusError } from '../../electron/practice/status-error.ts'
import { createStore } from '../../electron/practice/store.ts'

let now = Date.parse('2026-05-01T10:00:00Z')
const clock = { now: () => now, sleep: async () => {} }
let registry: Registry

const meta = (name: string, more: Partial<ObjectMeta> = {}) => ({ name, namespace: 'default', ...more }) as ObjectMeta
const podSpec = { containers: [{ name: 'web', image: 'nginx:1.27', ports: [{ containerPort: 80 }] }] }
const labels = { app: 'web' }
const deployment = { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: podSpec } }
const failure = (act: () => unknown): StatusError['status'] => {
  try {
    act()
  } catch (error) {
    if (error instanceof StatusError) return error.status
    throw error
  }
  throw new Error('nothing was thrown')
}

beforeEach(() => {
  now = Date.parse('2026-05-01T10:00:00Z')
  registry = createRegistry({ store: createStore(), resources, clock, random: createRandom(1) })
  registry.create('namespaces', { metadata: { name: 'default' } as ObjectMeta })
})

describe('create', () => {
  test('fills what the server gives', () => {
    const { metadata } = registry.create('configmaps', {
      metadata: { generateName: 'c-', namespace: 'default' } as ObjectMeta,
      data: { a: 'b' },
    })
    expect(metadata.name).toMatch(/^c-[bcdfghjklmnpqrstvwxz2456789]{5}$/)
    expect(metadata.uid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(metadata.creationTimestamp).toBe('2026-05-01T10:00:00Z')
    expect(metadata.generation).toBeUndefined()
  })

  test('refuses a name that exists, a namespace that does not, a version that is set', () => {
    registry.create('configmaps', { metadata: meta('a') })
    expect(failure(() => registry.create('configmaps', { metadata: meta('a') }))).toMatchObject({
      code: 409,
      reason: 'AlreadyExists',
    })
    const nowhere = failure(() => registry.create('configmaps', { metadata: meta('a', { namespace: 'nosuch' }) }))
    expect(nowhere).toMatchObject({ code: 404, message: 'namespaces "nosuch" not found' })
    expect(failure(() => registry.create('configmaps', { metadata: meta('b', { resourceVersion: '1' }) })).code).toBe(400)
  })

  test('names every fault with its field, in one Status', () => {
    const spec = { containers: [{ name: 'Web', imagePullPolicy: 'Sometimes', ports: [{ containerPort: 0 }] }] }
    const status = failure(() => registry.create('pods', { metadata: meta('My_Pod'), spec }))
    expect(status).toMatchObject({ code: 422, reason: 'Invalid', details: { name: 'My_Pod', kind: 'Pod' } })
    expect(status.details?.causes?.map(({ field }) => field)).toEqual([
      'metadata.name',
      'spec.containers[0].name',
      'spec.containers[0].image',
      'spec.containers[0].imagePullPolicy',
      'spec.containers[0].ports[0].containerPort',
    ])
    expect(status.details?.causes?.[3]?.message).toBe(
      'Unsupported value: "Sometimes": supported values: "Always", "IfNotPresent", "Never"',
    )
  })

  test('does not keep the object given, and a dry run stores nothing', () => {
    const given = { metadata: meta('a'), data: { k: 'v' } }
    registry.create('configmaps', given, { dryRun: true })
    expect(registry.store.get('configmaps', 'default', 'a')).toBeUndefined()
    registry.create('configmaps', given)
    given.data.k = 'changed'
    expect(registry.store.get('configmaps', 'default', 'a')?.data).toEqual({ k: 'v' })
  })
})

describe('update', () => {
  test('bumps the generation with the spec, not with the status or labels; a no-op stores nothing', () => {
    const made = registry.create('deployments.apps', { metadata: meta('d'), spec: deployment })
    expect(made.metadata.generation).toBe(1)
    const scaled = registry.modify('deployments.apps', 'default', 'd', copy => ({
      ...copy,
      spec: { ...(copy.spec as object), replicas: 3 },
    }))
    expect(scaled?.metadata.generation).toBe(2)
    const change = (copy: KubeObject) => ({ ...copy, status: { replicas: 3 } })
    expect(registry.modify('deployments.apps', 'default', 'd', change)?.status).toEqual({})
    const told = registry.modify('deployments.apps', 'default', 'd', change, { subresource: 'status' })
    expect(told).toMatchObject({ status: { replicas: 3 }, metadata: { generation: 2 } })
    const { revision } = registry.store
    registry.modify('deployments.apps', 'default', 'd', change, { subresource: 'status' })
    expect(registry.store.revision).toBe(revision)
  })

  test('an old version conflicts; immutable fields stay', () => {
    const made = registry.create('deployments.apps', { metadata: meta('d'), spec: deployment })
    registry.modify('deployments.apps', 'default', 'd', copy => ({ ...copy, spec: { ...(copy.spec as object), replicas: 3 } }))
    expect(failure(() => registry.update('deployments.apps', made)).reason).toBe('Conflict')
    const other = { matchLabels: { app: 'other' } }
    const status = failure(() =>
      registry.modify('deployments.apps', 'default', 'd', copy => ({
        ...copy,
        spec: { ...(copy.spec as object), selector: other, template: { metadata: { labels: { app: 'other' } }, spec: podSpec } },
      })),
    )
    expect(status.message).toContain('spec.selector: Invalid value: {"matchLabels":{"app":"other"}}: field is immutable')
    registry.create('pods', { metadata: meta('p'), spec: podSpec })
    const renamed = { containers: [{ name: 'web', image: 'nginx:1.28', command: ['sh'] }] }
    const why = failure(() => registry.modify('pods', 'default', 'p', copy => ({ ...copy, spec: renamed })))
    expect(why.message).toContain('spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`')
  })
})

describe('delete', () => {
  test('a Pod on a node waits for its kubelet, one without goes at once', () => {
    registry.create('pods', { metadata: meta('free'), spec: podSpec })
    expect(registry.delete('pods', 'default', 'free')).toMatchObject({ kind: 'Status', status: 'Success' })
    registry.create('pods', { metadata: meta('bound'), spec: { ...podSpec, nodeName: 'node1' } })
    const marked = registry.delete('pods', 'default', 'bound')
    expect(marked.metadata).toMatchObject({ deletionTimestamp: '2026-05-01T10:00:30Z', deletionGracePeriodSeconds: 30 })
    registry.delete('pods', 'default', 'bound', { gracePeriodSeconds: 5 })
    expect(registry.store.get('pods', 'default', 'bound')?.metadata).toMatchObject({ deletionTimestamp: '2026-05-01T10:00:05Z' })
    registry.delete('pods', 'default', 'bound', { gracePeriodSeconds: 0 })
    expect(registry.store.get('pods', 'default', 'bound')).toBeUndefined()
  })

  test('finalizers hold an object until the last is gone', () => {
    registry.create('configmaps', { metadata: meta('held', { finalizers: ['example.com/hold'] }) })
    registry.delete('configmaps', 'default', 'held', { propagationPolicy: 'Foreground' })
    const held = registry.store.get('configmaps', 'default', 'held')
    expect(held?.metadata.finalizers).toEqual(['example.com/hold', 'foregroundDeletion'])
    registry.modify(
      'configmaps',
      'default',
      'held',
      ({ metadata, ...rest }) => ({ ...rest, metadata: { ...metadata, finalizers: [] } }) as KubeObject,
    )
    expect(registry.store.get('configmaps', 'default', 'held')).toBeUndefined()
  })

  test('a Namespace that is going takes nothing new, and goes with its own finalizer', () => {
    registry.create('namespaces', { metadata: { name: 'lab' } as ObjectMeta })
    expect(registry.delete('namespaces', '', 'lab')).toMatchObject({ status: { phase: 'Terminating' } })
    const status = failure(() => registry.create('configmaps', { metadata: meta('late', { namespace: 'lab' }) }))
    expect(status.message).toBe(
      'configmaps "late" is forbidden: unable to create new content in namespace lab because it is being terminated',
    )
    registry.modify('namespaces', '', 'lab', copy => ({ ...copy, spec: { finalizers: [] } }))
    expect(registry.store.get('namespaces', '', 'lab')).toBeUndefined()
  })

  test('preconditions protect a successor of the same name', () => {
    registry.create('configmaps', { metadata: meta('a') })
    expect(failure(() => registry.delete('configmaps', 'default', 'a', { preconditions: { uid: 'other' } })).code).toBe(409)
    expect(failure(() => registry.delete('configmaps', 'default', 'b')).code).toBe(404)
  })
})
