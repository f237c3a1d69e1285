// The story of a claim: nothing is made until a Pod wants it; the Pod goes and comes, what it wrote stays; the claim goes, and the disk with it.

import { tell, type Write } from '../story.ts'

const claim = 'PersistentVolumeClaim/notes'
const volume = 'PersistentVolume/pvc-7c9d2f4b'
const storageClass = 'StorageClass/microk8s-hostpath'
const storageClassName = 'microk8s-hostpath'
const accessModes = ['ReadWriteOnce']
const node = 'node1'

const pod = (by: Write['by'], deed: Write['deed'], more: Partial<Write> = {}): Write => ({
  by,
  deed,
  object: 'Pod/writer',
  ...more,
})
const volumes = [{ name: 'notes', persistentVolumeClaim: { claimName: 'notes' } }]
const comes = pod('kubectl', 'created', { fields: { spec: { volumes } } })

export const storageStory = tell(
  [
    {
      after: 0,
      writes: [
        {
          by: 'kubectl',
          deed: 'created',
          object: claim,
          fields: {
            spec: { storageClassName, accessModes, resources: { requests: { storage: '100Mi' } } },
            status: { phase: 'Pending' },
          },
        },
      ],
    },
    { after: 4000, writes: [comes] },
    { after: 10, writes: [{ by: 'kube-scheduler', deed: 'scheduled', object: claim, node }] },
    {
      after: 300,
      writes: [
        {
          by: 'persistentvolume-controller',
          deed: 'created',
          object: volume,
          fields: {
            spec: {
              storageClassName,
              accessModes,
              capacity: { storage: '100Mi' },
              hostPath: { path: '/var/snap/microk8s/common/default-storage' },
              persistentVolumeReclaimPolicy: 'Delete',
            },
            status: { phase: 'Bound' },
          },
        },
        { by: 'persistentvolume-controller', deed: 'bound', object: claim, fields: { spec: { volumeName: 'pvc-7c9d2f4b' } } },
      ],
    },
    { after: 10, writes: [pod('kube-scheduler', 'scheduled', { node })] },
    { after: 1500, writes: [pod(`kubelet/${node}`, 'ready', { node })] },
    { after: 5000, writes: [pod('kubectl', 'leaving', { node })] },
    { after: 1000, writes: [pod(`kubelet/${node}`, 'gone', { node })] },
    { after: 4000, writes: [comes] },
    { after: 10, writes: [pod('kube-scheduler', 'scheduled', { node })] },
    { after: 1500, writes: [pod(`kubelet/${node}`, 'ready', { node })] },
    { after: 5000, writes: [pod('kubectl', 'leaving', { node }), { by: 'kubectl', deed: 'leaving', object: claim }] },
    { after: 1000, writes: [pod(`kubelet/${node}`, 'gone', { node })] },
    {
      after: 100,
      writes: [
        { by: 'persistentvolume-controller', deed: 'gone', object: claim },
        { by: 'persistentvolume-controller', deed: 'told', object: volume, fields: { status: { phase: 'Released' } } },
      ],
    },
    { after: 300, writes: [{ by: 'persistentvolume-controller', deed: 'gone', object: volume }] },
  ],
  { step: 5, hop: 0 },
  [
    {
      by: 'kubectl',
      deed: 'created',
      object: storageClass,
      fields: { rest: { provisioner: 'microk8s.io/hostpath', volumeBindingMode: 'WaitForFirstConsumer' } },
    },
  ],
)
