import { expect, test } from 'vitest'
import { isRequest, podsServed } from '../../electron/services/lesson-requests.ts'
import { object, pod, snapshotOf } from '../lessons/objects.ts'

const line = (agent: string, request = 'GET /hello-world HTTP/1.1', status = 200) =>
  `10.42.0.1 - - [22/Nov/2026:14:18:00 +0000] "${request}" ${status} 106 "-" "${agent}"`

test.each([
  ['a learner’s curl', line('curl/7.88.1'), true],
  ['one that failed', line('Wget', 'GET /x HTTP/1.1', 404), true],
  ['another method', line('curl/8', 'POST / HTTP/2.0'), true],
  ['the common format', '10.0.0.1 - - [22/Nov/2026:14:18:00 +0000] "GET / HTTP/1.0" 200 5', true],
  ['the kubelet’s probe', line('kube-probe/1.36'), false],
  ['our own check', line('kubernetes-hello-world'), false],
  ['another line of a log', '2026/11/22 14:18:00 [notice] 1#1: start worker process 30', false],
])('%s counts: %s', (_, text, counts) => {
  expect(isRequest(text)).toBe(counts)
})

test('Pods behind a Service of the lesson, and no others', () => {
  const labels = { app: 'web' }
  const deployment = object('Deployment', 'web', { uid: 'own' })
  const mine = pod('web-1', { uid: 'mine', owner: deployment, labels })
  const alone = pod('web-2', { uid: 'alone', owner: deployment, labels: { app: 'other' } })
  const theirs = pod('theirs', { uid: 'theirs', labels })
  const unready = pod('web-3', { uid: 'unready', owner: deployment, labels, status: { phase: 'Pending' } })
  const service = object('Service', 'web', { uid: 'service', spec: { selector: labels } })
  const snapshot = snapshotOf(deployment, mine, alone, theirs, unready, service)
  const uids = (own: string[]) => podsServed(own, snapshot).map(({ metadata }) => metadata.uid)
  expect(uids(['own', 'service'])).toEqual(['mine'])
  expect(uids(['own'])).toEqual([])
})
