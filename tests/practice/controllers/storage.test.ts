// Golden pairs of StatefulSets, claims and volumes; and both alive in a cluster.

import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { Pod } from '../../../electron/practice/controllers/kinds.ts'
import { type ClaimInput, decideClaim, decideVolume } from '../../../electron/practice/controllers/persistent-volume-decision.ts'
import { type ClaimsInput, decideClaims } from '../../../electron/practice/controllers/pod-claims.ts'
import { decideStatefulSet } from '../../../electron/practice/controllers/stateful-set-decision.ts'
import { historyOf } from '../../../electron/practice/controllers/stateful-set-revision.ts'
import type { ControllerRevisionObject } from '../../../electron/practice/resources/controller-revision.ts'
import type { PersistentVolumeObject } from '../../../electron/practice/resources/persistent-volume.ts'
import type { PersistentVolumeClaimObject } from '../../../electron/practice/resources/persistent-volume-claim.ts'
import type { FullStatefulSetSpec, StatefulSetObject } from '../../../electron/practice/resources/stateful-set.ts'
import { goldenTests, NOW } from '../golden.ts'
import { startCluster, type TestCluster } from '../kubelet/cluster.ts'

interface Situation {
  /** Beside the selector and the template of `image`. */
  spec?: Partial<FullStatefulSetSpec>
  image: string
  /** Images of the revisions that there are, oldest first; the first is the one that Pods came from. */
  history?: string[]
  /** By number: the image of its template, and `ready`, `starting`, `failed` or `leaving`. */
  pods?: Record<string, [image: string, state: string]>
}

const setOf = (image: string, spec: Situation['spec'] = {}): StatefulSetObject =>
  ({
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'web', namespace: 'default', uid: 'web-uid', generation: 2 },
    spec: {
      replicas: 3,
      podManagementPolicy: 'OrderedReady',
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
      ...spec,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image }] } },
    },
  }) as unknown as StatefulSetObject

const decide = ({ image, spec, history = [], pods = {} }: Situation) => {
  const revisions = history.map((old, index): ControllerRevisionObject => {
    const made = historyOf(setOf(old), []).create!
    return { ...made, revision: index + 1 }
  })
  const nameOf = (old: string) => historyOf(setOf(old), []).update.metadata.name
  const statefulSet = setOf(image, spec)
  if (history[0]) statefulSet.status = { currentRevision: nameOf(history[0]) } as NonNullable<StatefulSetObject['status']>
  const given = Object.entries(pods).map(([ordinal, [old, state]]) => ({
    metadata: {
      name: `web-${ordinal}`,
      labels: { app: 'web', 'controller-revision-hash': nameOf(old) },
      ...(state === 'leaving' && { deletionTimestamp: '2026-11-22T14:18:00Z' }),
    },
    status: {
      phase: state === 'failed' ? 'Failed' : state === 'starting' ? 'Pending' : 'Running',
      conditions: [{ type: 'Ready', status: state === 'ready' ? 'True' : 'False', lastTransitionTime: '2026-11-22T14:00:00Z' }],
    },
  }))
  const decision = decideStatefulSet({ statefulSet, pods: given as unknown as Pod[], revisions, now: NOW })
  const { create, renumber } = decision.history
  return {
    history: { ...(create && { create }), ...(renumber && { renumber: [renumber.metadata.name, renumber.revision] }) },
    create: decision.create,
    remove: decision.remove.map(({ pod, because }) => [pod.metadata.name, because]),
    forget: decision.forget.map(({ metadata }) => metadata.name),
    status: decision.status,
  }
}

goldenTests(join(import.meta.dirname, 'golden'), {
  'stateful-set': decide,
  'persistent-volume-claim': (input: ClaimInput) => decideClaim(input, NOW),
  'persistent-volume': ({ volume, claim }: { volume: PersistentVolumeObject; claim?: PersistentVolumeClaimObject }) =>
    decideVolume(volume, claim, 'kubernetes.io/pv-protection', NOW),
  'pod-claims': (input: ClaimsInput) => decideClaims(input),
})

describe('in a cluster', () => {
  let cluster: TestCluster
  afterEach(() => {
    cluster.stop()
    expect(cluster.errors).toEqual([])
  })
  const claimNamed = (name: string) =>
    cluster.registry.store.get('persistentvolumeclaims', 'default', name) as PersistentVolumeClaimObject | undefined
  const volumes = () => cluster.registry.store.list('persistentvolumes')

  test('Pods come in order with claims of their own, roll from the last, and go from the last', async () => {
    cluster = startCluster()
    cluster.registry.create('storageclasses.storage.k8s.io', {
      metadata: { name: 'local', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } } as never,
      provisioner: 'kubernetes.io/host-path',
    })
    const spec = {
      ...setOf('app:1').spec,
      volumeClaimTemplates: [
        { metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } },
      ],
    }
    const made: string[] = []
    const gone: string[] = []
    cluster.registry.store.watch('pods', undefined, ({ type, object }) => {
      if (type === 'ADDED') made.push(object.metadata.name)
      if (type === 'DELETED') gone.push(object.metadata.name)
    })
    cluster.create('statefulsets.apps', 'web', { spec })
    const status = () => (cluster.registry.store.get('statefulsets.apps', 'default', 'web') as StatefulSetObject).status
    await cluster.until('all are ready', () => status()?.readyReplicas === 3, 20_000)
    expect(made).toEqual(['web-0', 'web-1', 'web-2'])
    expect([0, 1, 2].map(number => claimNamed(`data-web-${number}`)?.status?.phase)).toEqual(['Bound', 'Bound', 'Bound'])
    const change = (act: (spec: FullStatefulSetSpec) => void) =>
      cluster.registry.modify('statefulsets.apps', 'default', 'web', copy => {
        act((copy as StatefulSetObject).spec)
        return copy
      })
    change(given => {
      given.template.spec!.containers[0]!.image = 'app:2'
    })
    const isRolled = () => status()?.updatedReplicas === 3 && status()?.readyReplicas === 3
    await cluster.until(
      'all are of the new template',
      () => gone.length === 3 && isRolled() && status()?.currentRevision === status()?.updateRevision,
      30_000,
    )
    expect(gone).toEqual(['web-2', 'web-1', 'web-0'])
    expect(cluster.registry.store.list('controllerrevisions.apps')).toHaveLength(2)
    change(given => {
      given.replicas = 1
    })
    await cluster.until('one is left', () => cluster.pods().length === 1, 20_000)
    expect(gone.slice(3)).toEqual(['web-2', 'web-1'])
    expect(volumes()).toHaveLength(3)
  }, 90_000)

  test('claims go with the Pods that are scaled away, and with the set, where it says so', async () => {
    cluster = startCluster()
    cluster.registry.create('storageclasses.storage.k8s.io', {
      metadata: { name: 'local', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } } as never,
      provisioner: 'kubernetes.io/host-path',
    })
    const template = {
      metadata: { name: 'd' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    }
    const claims = () => cluster.registry.store.list('persistentvolumeclaims', 'default').map(({ metadata }) => metadata.name)
    const change = (name: string, act: (spec: FullStatefulSetSpec) => void) =>
      cluster.registry.modify('statefulsets.apps', 'default', name, copy => {
        act((copy as StatefulSetObject).spec)
        return copy
      })
    const start = (whenDeleted: string, whenScaled: string) =>
      cluster.create('statefulsets.apps', 'web', {
        spec: {
          ...setOf('app:1').spec,
          replicas: 2,
          podManagementPolicy: 'Parallel',
          volumeClaimTemplates: [template],
          persistentVolumeClaimRetentionPolicy: { whenDeleted, whenScaled },
        },
      })
    const isReady = () =>
      (cluster.registry.store.get('statefulsets.apps', 'default', 'web') as StatefulSetObject | undefined)?.status?.readyReplicas
    start('Retain', 'Delete')
    await cluster.until('both are ready', () => isReady() === 2)
    change('web', spec => {
      spec.replicas = 1
    })
    await cluster.until('one claim is gone', () => claims().join() === 'd-web-0')
    cluster.registry.delete('statefulsets.apps', 'default', 'web')
    await cluster.until('the Pods are gone', () => cluster.pods().length === 0)
    expect(claims()).toEqual(['d-web-0'])
    start('Delete', 'Retain')
    await cluster.until('both are ready again', () => isReady() === 2)
    expect(claimNamed('d-web-0')?.metadata.ownerReferences).toMatchObject([{ kind: 'StatefulSet', name: 'web' }])
    change('web', spec => {
      spec.replicas = 1
    })
    await cluster.until('one Pod is left', () => cluster.pods().length === 1)
    expect(claims()).toEqual(['d-web-0', 'd-web-1'])
    cluster.registry.delete('statefulsets.apps', 'default', 'web')
    await cluster.until('the claims are gone', () => claims().length === 0)
  }, 60_000)

  test('a set that is made again takes in the Pods and revisions that were left to themselves', async () => {
    cluster = startCluster()
    const spec = { ...setOf('app:1').spec, replicas: 1 }
    cluster.create('statefulsets.apps', 'web', { spec })
    await cluster.until('it runs', () => cluster.pods()[0]?.status?.phase === 'Running')
    const uid = cluster.pod('web-0').metadata.uid
    const revisions = () => cluster.registry.store.list('controllerrevisions.apps')
    const [first] = revisions()
    cluster.registry.delete('statefulsets.apps', 'default', 'web', { propagationPolicy: 'Orphan' })
    await cluster.until(
      'nobody owns them',
      () => !revisions()[0]?.metadata.ownerReferences?.length && !cluster.pod('web-0').metadata.ownerReferences?.length,
    )
    await cluster.until('the set is gone', () => !cluster.registry.store.get('statefulsets.apps', 'default', 'web'))
    const again = cluster.create('statefulsets.apps', 'web', { spec })
    await cluster.until('they are owned', () => revisions()[0]?.metadata.ownerReferences?.[0]?.uid === again.metadata.uid)
    expect(revisions().map(({ metadata }) => metadata.uid)).toEqual([first?.metadata.uid])
    await cluster.until('the Pod is owned', () => cluster.pod('web-0').metadata.ownerReferences?.[0]?.uid === again.metadata.uid)
    expect(cluster.pod('web-0').metadata.uid).toBe(uid)
  }, 60_000)

  test('a DaemonSet that is made again goes on with its history', async () => {
    cluster = startCluster({ nodes: 1 })
    const spec = (image: string) => ({
      selector: { matchLabels: { app: 'd' } },
      template: { metadata: { labels: { app: 'd' } }, spec: { containers: [{ name: 'd', image, imagePullPolicy: 'Never' }] } },
    })
    const revisions = () => cluster.registry.store.list('controllerrevisions.apps') as readonly ControllerRevisionObject[]
    const owners = () => revisions().map(({ metadata }) => metadata.ownerReferences?.[0]?.uid)
    cluster.create('daemonsets.apps', 'd', { spec: spec('app:1') })
    await cluster.until('it has a history', () => revisions().length === 1)
    const [first] = revisions()
    cluster.registry.delete('daemonsets.apps', 'default', 'd', { propagationPolicy: 'Orphan' })
    await cluster.until('the set is gone', () => !cluster.registry.store.get('daemonsets.apps', 'default', 'd'))
    const again = cluster.create('daemonsets.apps', 'd', { spec: spec('app:2') })
    await cluster.until('both revisions are its own', () => owners().join() === [again.metadata.uid, again.metadata.uid].join())
    expect(revisions().map(({ metadata }) => metadata.uid)).toContain(first?.metadata.uid)
    expect(revisions().map(({ revision }) => revision)).toEqual(expect.arrayContaining([1, 2]))
  }, 60_000)

  test('volumes made by hand are found on the node where they are, and a Pod says where there is none', async () => {
    cluster = startCluster({ nodes: 3 })
    cluster.registry.create('storageclasses.storage.k8s.io', {
      metadata: { name: 'local' } as never,
      provisioner: 'kubernetes.io/no-provisioner',
      volumeBindingMode: 'WaitForFirstConsumer',
    })
    for (const name of ['a', 'b'])
      cluster.create('persistentvolumeclaims', name, {
        spec: { storageClassName: 'local', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      })
    cluster.create('pods', 'p', {
      spec: {
        containers: [{ name: 'a', image: 'app' }],
        volumes: ['a', 'b'].map(claimName => ({ name: claimName, persistentVolumeClaim: { claimName } })),
      },
    })
    const said = () => cluster.pod('p').status?.conditions?.find(({ type }) => type === 'PodScheduled')?.message
    const noVolume = "3 node(s) didn't find available persistent volumes to bind"
    await cluster.until('it says why', () => said()?.includes(noVolume))
    const volume = (name: string, node: string) =>
      cluster.create(
        'persistentvolumes',
        name,
        {
          spec: {
            storageClassName: 'local',
            accessModes: ['ReadWriteOnce'],
            capacity: { storage: '2Gi' },
            local: { path: `/mnt/${name}` },
            nodeAffinity: {
              required: {
                nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [node] }] }],
              },
            },
          },
        },
        '',
      )
    volume('one', 'node2')
    volume('elsewhere', 'node1')
    await cluster.until('both are there', () =>
      volumes().every(({ status }) => (status as { phase?: string })?.phase === 'Available'),
    )
    // One for each claim, but never both on one node.
    expect(said()).toContain(noVolume)
    expect(cluster.pod('p').spec.nodeName).toBeUndefined()
    volume('two', 'node2')
    await cluster.until('it runs', () => cluster.pod('p').status?.phase === 'Running')
    expect(cluster.pod('p').spec.nodeName).toBe('node2')
    expect(['a', 'b'].map(name => claimNamed(name)?.spec.volumeName).sort()).toEqual(['one', 'two'])
  }, 60_000)

  test('a Pod waits for its claim, the claim for its Pod, and the volume goes with the claim', async () => {
    cluster = startCluster()
    cluster.create('pods', 'p', {
      spec: {
        terminationGracePeriodSeconds: 0,
        containers: [{ name: 'a', image: 'app' }],
        volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }],
      },
    })
    const said = () => cluster.pod('p').status?.conditions?.find(({ type }) => type === 'PodScheduled')?.message
    await cluster.until('it is refused', () => said()?.includes('persistentvolumeclaim "c" not found'))
    cluster.create('persistentvolumeclaims', 'c', {
      spec: { storageClassName: 'late', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    })
    await cluster.until('it is unbound', () => said()?.includes('pod has unbound immediate PersistentVolumeClaims'))
    cluster.registry.create('storageclasses.storage.k8s.io', {
      metadata: { name: 'late' } as never,
      provisioner: 'kubernetes.io/host-path',
      volumeBindingMode: 'WaitForFirstConsumer',
    })
    cluster.registry.modify('persistentvolumeclaims', 'default', 'c', copy => {
      copy.metadata.annotations = { seen: 'now' }
      return copy
    })
    await cluster.until('it runs', () => cluster.pod('p').status?.phase === 'Running')
    expect(claimNamed('c')?.metadata.annotations?.['volume.kubernetes.io/selected-node']).toBe(cluster.pod('p').spec.nodeName)
    cluster.registry.delete('persistentvolumeclaims', 'default', 'c')
    expect(claimNamed('c')?.metadata.deletionTimestamp, 'protected while it is used').toBeDefined()
    cluster.registry.delete('pods', 'default', 'p')
    await cluster.until('claim and volume are gone', () => !claimNamed('c') && volumes().length === 0)
  }, 60_000)
})
