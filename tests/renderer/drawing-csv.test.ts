import { expect, test } from 'vitest'
import { csvOf } from '../../renderer/screens/labs/drawing/csv.ts'
import type { Timeline } from '../../renderer/state/timeline.ts'

const pod = { uid: 'p', name: '=web', namespace: 'd', node: 'a,b', created: 1500, made: 2000, ready: 3000, isReady: true }
const samples = [{ at: 1000, wanted: 1, ready: 0, available: 0 }]
const workload = { uid: 'd', kind: 'Deployment', name: 'web', namespace: 'd', samples }
const episode: Timeline = { cluster: 'practice', pods: new Map([['p', pod]]), workloads: new Map([['d', workload]]) }

test('each happening is a line, in order, with seconds from the first; words stay words', () => {
  expect(
    csvOf(episode, new Map([['p', 7]]), 5_000)
      .trimEnd()
      .split('\r\n'),
  ).toEqual([
    'time,seconds,kind,name,what,value',
    '1970-01-01T00:00:01.000Z,0.000,Deployment,web,wanted,1',
    '1970-01-01T00:00:01.000Z,0.000,Deployment,web,ready,0',
    '1970-01-01T00:00:01.000Z,0.000,Deployment,web,available,0',
    '1970-01-01T00:00:01.500Z,0.500,Pod,\'=web,created,"a,b"',
    '1970-01-01T00:00:02.000Z,1.000,Pod,\'=web,container created,"a,b"',
    '1970-01-01T00:00:03.000Z,2.000,Pod,\'=web,ready,"a,b"',
    "1970-01-01T00:00:05.000Z,4.000,Pod,'=web,requests,7",
  ])
})
