// The picture of storage: which claim and volume it shows, what it reads of them, and what its story promises.

import { expect, test } from 'vitest'
import type { KubeObject } from '../../../electron/contract/cluster.ts'
import type { Words } from '../../../renderer/screens/talk/diagrams/diagram.ts'
import { clusterFacts, storyFacts } from '../../../renderer/screens/talk/diagrams/facts.ts'
import { chosenChain, storage } from '../../../renderer/screens/talk/diagrams/objects/storage.ts'
import { toldBy } from '../../../renderer/screens/talk/diagrams/story.ts'
import { kube, readyPod } from '../kube.ts'

const t = ((key: string, values: object = {}) => [key, ...Object.values(values)].join(' ')) as unknown as Words
const draw = (...objects: KubeObject[]) => {
  const facts = clusterFacts([kube('Node', 'node1'), ...objects])
  if (!facts) throw new Error('there is a node')
  return storage.draw(facts, t)
}
const born = (minute: number) => ({ creationTimestamp: `2026-11-22T08:0${minute}:00Z` })
const claim = (name: string, minute: number, spec: object = {}, phase = 'Bound', metadata: object = {}) =>
  kube('PersistentVolumeClaim', name, { metadata: { ...born(minute), ...metadata }, spec, status: { phase } })
const volume = (name: string, spec: object = {}, phase = 'Bound') => kube('PersistentVolume', name, { spec, status: { phase } })
const pod = (name: string, claimName: string, metadata: object = {}) =>
  kube('Pod', name, {
    metadata,
    spec: { volumes: [{ name: 'other' }, { name: 'data', persistentVolumeClaim: { claimName } }] },
    status: readyPod,
  })
const namesOf = ({ claim: form, volume: disk }: ReturnType<typeof chosenChain>) => [form?.metadata.name, disk?.metadata.name]

const set = kube('StatefulSet', 'redis', { spec: { volumeClaimTemplates: [{ metadata: { name: 'data' } }] } })
const ofSet = claim('data-redis-0', 9, { volumeName: 'pv-redis' })

test.each<[string, KubeObject[], (string | undefined)[]]>([
  ['nothing', [], [undefined, undefined]],
  [
    'the newest claim with its volume',
    [claim('a', 1), claim('b', 2, { volumeName: 'pv-b' }), volume('pv-a'), volume('pv-b')],
    ['b', 'pv-b'],
  ],
  ['a claim before any of a StatefulSet', [set, ofSet, claim('a', 1)], ['a', undefined]],
  [
    'a volume that was left, before any claim of a StatefulSet',
    [set, ofSet, volume('shelf', {}, 'Released')],
    [undefined, 'shelf'],
  ],
  ['a StatefulSet’s claim where there is no other', [set, ofSet, volume('pv-redis')], ['data-redis-0', 'pv-redis']],
  [
    'a claim of the same name in another namespace is no set’s',
    [set, claim('data-redis-0', 1, {}, 'Bound', { namespace: 'far' })],
    ['data-redis-0', undefined],
  ],
])('%s', (_what, objects, names) => {
  expect(namesOf(chosenChain(objects))).toEqual(names)
  const facts = clusterFacts([kube('Node', 'node1'), ...objects])
  expect(facts && storage.isIn?.(facts)).toBe(names.some(Boolean))
})

test('what is read: who mounts it, what it asks for, where the disk is and what becomes of it', () => {
  const drawing = draw(
    claim('notes', 1, {
      volumeName: 'pvc-1',
      storageClassName: 'fast',
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '50Mi' } },
    }),
    volume('pvc-1', {
      capacity: { storage: '100Mi' },
      csi: { driver: 'disk.example' },
      persistentVolumeReclaimPolicy: 'Retain',
    }),
    kube('StorageClass', 'fast', { provisioner: 'disk.example' } as Partial<KubeObject>),
    ...['a', 'b', 'c', 'd', 'e'].map(name => pod(name, 'notes')),
    pod('stranger', 'other'),
    pod('far', 'notes', { namespace: 'far' }),
  )
  expect(drawing.places.filter(({ part }) => part === 'pod').map(({ label, state }) => `${label} ${state}`)).toEqual([
    'a ready',
    'b ready',
    'c ready',
  ])
  expect(drawing.words?.map(({ text }) => text)).toEqual([
    'object.asks 50Mi',
    'ReadWriteOnce',
    'object.bound',
    'object.holds 100Mi',
    'csi disk.example',
    'object.outlivesClaim',
    'object.more 2',
  ])
  expect(drawing.places.find(({ id }) => id === 'storageclass')).toMatchObject({ note: 'fast · disk.example', isAbsent: false })
  expect(drawing.ties?.map(({ look }) => look)).toEqual(['flows', 'flows', 'flows', 'flows', 'owns', 'owns'])
})

test('a claim that waits has no line to a volume, and one made by hand no class', () => {
  const drawing = draw(claim('archive', 1, {}, 'Pending'), pod('keeper', 'archive'))
  expect(drawing.ties?.map(({ look }) => look)).toEqual(['limit', 'limit', 'limit', 'limit'])
  expect(drawing.places.find(({ id }) => id === 'persistentvolume')).toMatchObject({
    label: 'object.noVolumeThere',
    isAbsent: true,
  })
  expect(drawing.places.find(({ id }) => id === 'storageclass')).toMatchObject({ note: 'object.madeByHand', isAbsent: true })
})

test('the story: nothing is made before a Pod wants it; Pods come and go, claim and volume stay until the claim is deleted', () => {
  const { steps } = storage.story
  const moments = steps.map((_, step) => {
    const { places } = storage.draw(storyFacts(toldBy(storage.story, step)), t)
    const of = (part: string) => places.find(place => place.part === part)
    return [of('pod'), of('persistentvolumeclaim'), of('persistentvolume')].map(place => place?.state ?? '-').join(' ')
  })
  const { places } = storage.draw(storyFacts(toldBy(storage.story, steps.length)), t)
  expect(places.at(-1), 'the class is there for the next').toMatchObject({ id: 'storageclass', isAbsent: false })
  expect(moments).toEqual([
    '- pending -',
    'pending pending -',
    'pending pending -',
    'pending ready ready',
    'progressing ready ready',
    'ready ready ready',
    'leaving ready ready',
    '- ready ready',
    'pending ready ready',
    'progressing ready ready',
    'ready ready ready',
    'leaving leaving ready',
    '- leaving ready',
    '- - pending',
    '- - -',
  ])
})
