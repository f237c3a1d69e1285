// The story of a StatefulSet: one after the other, each with its claim; then one dies and comes back to its name and its volume.

import { tell, type Write } from '../story.ts'

const owner = 'StatefulSet/redis'
const storageClassName = 'microk8s-hostpath'
const pod = (index: number, by: Write['by'], deed: Write['deed']): Write => ({ by, deed, object: `Pod/redis-${index}`, owner })
const claim = (index: number): `PersistentVolumeClaim/${string}` => `PersistentVolumeClaim/data-redis-${index}`

/** Claim and Pod are written together, and the volume is found before the Pod can start. */
const arrives = (index: number) => [
  {
    after: 300,
    writes: [
      {
        by: 'statefulset-controller',
        deed: 'created',
        object: claim(index),
        fields: { spec: { storageClassName }, status: { phase: 'Pending' } },
      },
      pod(index, 'statefulset-controller', 'created'),
    ] satisfies Write[],
  },
  {
    after: 300,
    writes: [
      { by: 'persistentvolume-controller', deed: 'created', object: `PersistentVolume/pvc-${index}` },
      {
        by: 'persistentvolume-controller',
        deed: 'bound',
        object: claim(index),
        fields: { spec: { volumeName: `pvc-${index}` }, status: { capacity: { storage: '100Mi' } } },
      },
    ] satisfies Write[],
  },
  { after: 1500, writes: [pod(index, 'kubelet', 'ready')] },
]

export const statefulSetStory = tell(
  [
    {
      after: 0,
      writes: [
        {
          by: 'kubectl',
          deed: 'created',
          object: owner,
          wanted: 3,
          fields: { spec: { volumeClaimTemplates: [{ metadata: { name: 'data' } }] } },
        },
      ],
    },
    ...[0, 1, 2].flatMap(arrives),
    { after: 5000, writes: [pod(1, 'kubectl', 'leaving')] },
    { after: 1000, writes: [pod(1, 'kubelet', 'gone')] },
    { after: 100, writes: [pod(1, 'statefulset-controller', 'created')] },
    { after: 1500, writes: [pod(1, 'kubelet', 'ready')] },
  ],
  { step: 12, hop: 0 },
)
