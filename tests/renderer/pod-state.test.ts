import { expect, test } from 'vitest'
import { podState } from '../../renderer/state/pod-state.ts'
import { kube, readyPod, waitingPod } from './kube.ts'

const unscheduled = (reason?: string) => ({
  phase: 'Pending',
  conditions: [{ type: 'PodScheduled', status: 'False', reason, message: '0/2 nodes are available' }],
})
const running = { ...readyPod, conditions: waitingPod('').conditions }

test.each([
  ['a ready Pod', readyPod, 'ready', 'ready'],
  ['no status yet', {}, 'pending', 'waiting'],
  ['not yet scheduled', unscheduled(), 'pending', 'waiting'],
  ['fits nowhere', unscheduled('Unschedulable'), 'attention', 'unschedulable'],
  ['a container being created', waitingPod('ContainerCreating'), 'progressing', 'starting'],
  ['running but not ready', running, 'progressing', 'notReady'],
  ['image cannot be pulled', waitingPod('ErrImagePull', 'not found'), 'failed', 'image'],
  ['image pull backs off', waitingPod('ImagePullBackOff'), 'failed', 'image'],
  ['crash loop', waitingPod('CrashLoopBackOff'), 'failed', 'crash'],
  ['a ConfigMap is missing', waitingPod('CreateContainerConfigError'), 'failed', 'config'],
  ['evicted', { phase: 'Failed', message: 'evicted' }, 'failed', 'failed'],
  ['completed', { phase: 'Succeeded' }, 'ready', 'completed'],
])('%s', (_, status, state, word) => {
  expect(podState(kube('Pod', 'p', { status }))).toMatchObject({ state, word })
})

test('a Pod that is being deleted is leaving, even while ready', () => {
  const pod = kube('Pod', 'p', { status: readyPod, metadata: { deletionTimestamp: '2026-11-22T08:00:00Z' } })
  expect(podState(pod)).toMatchObject({ state: 'leaving', word: 'leaving' })
})

test('the proof is in Kubernetes own words, and restarts are summed', () => {
  expect(podState(kube('Pod', 'p', { status: waitingPod('ErrImagePull', 'not found') })).proof).toBe('not found')
  expect(podState(kube('Pod', 'p', { status: unscheduled('Unschedulable') })).proof).toBe('0/2 nodes are available')
  const containerStatuses = [{ restartCount: 2 }, { restartCount: 3 }]
  expect(podState(kube('Pod', 'p', { status: { ...readyPod, containerStatuses } })).restarts).toBe(5)
})
