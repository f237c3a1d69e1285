import { expect, test } from 'vitest'
import type { Actor } from '../../../electron/contract/trace.ts'
import { routeOf } from '../../../renderer/screens/talk/diagrams/route.ts'
import { tell, type Write } from '../../../renderer/screens/talk/diagrams/story.ts'

const name = ({ role, node }: Actor): string => (node ? `${role}/${node}` : role)
const routeFor = (write: Write): string[] => {
  const [[journey] = []] = tell([{ after: 0, writes: [write] }]).steps
  if (!journey) throw new Error('a story of one write has one journey')
  return routeOf(journey).map(legs => legs.map(({ from, to }) => `${name(from)} > ${name(to)}`).join(' + '))
}

test.each<[string, Write, string]>([
  ['kubectl apply', { by: 'kubectl', deed: 'created', object: 'Deployment/a' }, 'deployment-controller'],
  [
    'a ReplicaSet',
    { by: 'deployment-controller', deed: 'created', object: 'ReplicaSet/a', owner: 'Deployment/a' },
    'replicaset-controller',
  ],
  ['a Pod', { by: 'replicaset-controller', deed: 'created', object: 'Pod/a', owner: 'ReplicaSet/a' }, 'kube-scheduler'],
  ['a Pod with a node', { by: 'kube-scheduler', deed: 'scheduled', object: 'Pod/a', node: 'node2' }, 'kubelet/node2'],
  ['a Pod that runs', { by: 'kubelet/node2', deed: 'started', object: 'Pod/a', node: 'node2' }, ''],
  [
    'a ready Pod',
    { by: 'kubelet/node2', deed: 'ready', object: 'Pod/a', owner: 'ReplicaSet/a', node: 'node2' },
    'endpointslice-controller + replicaset-controller',
  ],
  [
    'a StatefulSet’s Pod',
    { by: 'kubelet/node2', deed: 'gone', object: 'Pod/a', owner: 'StatefulSet/a', node: 'node2' },
    'statefulset-controller',
  ],
  [
    'a Pod to be ended',
    { by: 'kubectl', deed: 'leaving', object: 'Pod/a', node: 'node1' },
    'kubelet/node1 + endpointslice-controller',
  ],
  [
    'a ReplicaSet’s count',
    { by: 'replicaset-controller', deed: 'ready', object: 'ReplicaSet/a', owner: 'Deployment/a' },
    'deployment-controller',
  ],
  ['a Deployment’s count', { by: 'deployment-controller', deed: 'ready', object: 'Deployment/a' }, ''],
  ['the new list of addresses', { by: 'endpointslice-controller', deed: 'changed', object: 'EndpointSlice/a' }, 'kube-proxy'],
  ['a Service', { by: 'kubectl', deed: 'created', object: 'Service/a' }, 'endpointslice-controller + kube-proxy'],
  ['a Service that is gone', { by: 'kubectl', deed: 'gone', object: 'Service/a' }, 'endpointslice-controller + kube-proxy'],
  [
    'a Job of a CronJob that is done',
    { by: 'job-controller', deed: 'told', object: 'Job/a', owner: 'CronJob/a' },
    'cronjob-controller',
  ],
  ['a deleted Deployment', { by: 'kubectl', deed: 'gone', object: 'Deployment/a' }, 'garbage-collector'],
  [
    'a new size by the autoscaler',
    { by: 'horizontal-pod-autoscaler', deed: 'changed', object: 'Deployment/a' },
    'deployment-controller',
  ],
  ['a silent node', { by: 'node-controller', deed: 'unready', object: 'Node/a' }, 'kube-scheduler'],
])('%s goes in, is kept, and is told to those whose turn it is', (_what, write, watchers) => {
  const out =
    watchers === ''
      ? []
      : [
          watchers
            .split(' + ')
            .map(to => `kube-apiserver > ${to}`)
            .join(' + '),
        ]
  const [kubelet] = watchers.match(/^kubelet\/node\d/) ?? []
  if (kubelet) out.push(`${kubelet} > ${kubelet.replace('kubelet', 'containerd')}`)
  expect(routeFor(write)).toEqual([`${write.by} > kube-apiserver`, 'kube-apiserver > etcd', ...out])
})

test('what the API server writes itself needs no way in', () => {
  expect(routeFor({ by: 'kube-apiserver', deed: 'created', object: 'EndpointSlice/kubernetes' })[0]).toBe('kube-apiserver > etcd')
})
