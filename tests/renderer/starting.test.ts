import { expect, test } from 'vitest'
import type { Target } from '../../electron/contract/cluster.ts'
import { isStarted, startSteps } from '../../renderer/screens/welcome/starting.ts'
import { kube } from './kube.ts'

const practice = (state: Target['state']): Target => ({ id: 'practice', kind: 'practice', name: 'practice', state })
const node = (status: string) => kube('Node', 'node1', { status: { conditions: [{ type: 'Ready', status }] } })

test.each([
  ['nothing is known', false, undefined, [], 'now later later later'],
  ['asked, not yet seen', true, practice('stopped'), [], 'done now later later'],
  ['its process runs', false, practice('starting'), [], 'done now later later'],
  ['it answers, no node yet', true, practice('ready'), [], 'done done now later'],
  ['a node is not ready', true, practice('ready'), [node('False')], 'done done now later'],
  ['all is there', true, practice('ready'), [node('True')], 'done done done now'],
  ['nodes of a cluster that has stopped prove nothing', true, practice('stopped'), [node('True')], 'done now later later'],
])('%s', (_, isAsked, target, nodes, states) => {
  const steps = startSteps(isAsked, target, nodes)
  expect(steps.map(({ state }) => state).join(' ')).toBe(states)
  expect(isStarted(steps)).toBe(states.endsWith('now'))
})
