// The story of a bare Pod: placed, started, a container that falls and is restarted where it is; deleted, it stays away.

import { type Fields, tell, type Write } from '../story.ts'

const object = 'Pod/openresty'
const node = 'node1'
const containers = (restartCount: number, state: object, ready: boolean): Fields['status'] => ({
  containerStatuses: [
    { name: 'openresty', restartCount, state, ready },
    { name: 'log-shipper', restartCount: 0, state: { running: {} }, ready: true },
  ],
})
const running = { running: {} }
const kubelet = (deed: Write['deed'], status: Fields['status'], more: Fields = {}): Write => ({
  by: `kubelet/${node}`,
  deed,
  object,
  node,
  fields: { status, ...more },
})

export const podStory = tell(
  [
    {
      after: 0,
      writes: [
        {
          by: 'kubectl',
          deed: 'created',
          object,
          fields: { spec: { containers: [{ name: 'openresty' }, { name: 'log-shipper' }], volumes: [{ name: 'logs' }] } },
        },
      ],
    },
    { after: 10, writes: [{ by: 'kube-scheduler', deed: 'scheduled', object, node }] },
    { after: 900, writes: [kubelet('started', { ...containers(0, running, false), podIP: '10.1.77.5' })] },
    { after: 600, writes: [kubelet('ready', containers(0, running, true))] },
    { after: 5000, writes: [kubelet('unready', containers(0, { terminated: { reason: 'Error' } }, false))] },
    { after: 1200, writes: [kubelet('ready', containers(1, running, true))] },
    { after: 5000, writes: [{ by: 'kubectl', deed: 'leaving', object, node }] },
    { after: 1500, writes: [kubelet('gone', {})] },
  ],
  { step: 1, hop: 1 },
)
