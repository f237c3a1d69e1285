import { describe, expect, test } from 'vitest'
import type { PlannedStep, SetupRun, SetupState, StepId } from '../../electron/contract/setup.ts'
import { countCommands, phaseOf, rulerOf, stepInFocus, stepRows, stopWatch } from '../../renderer/screens/setup/view.ts'

const root = (text: string) => ({ text, as: 'root' as const, why: 'x', touches: [] })
const planned = (id: StepId, state: PlannedStep['state'], seconds: number): PlannedStep => ({
  id,
  state,
  facts: {},
  commands: state === 'needed' ? [root(id), { ...root(`${id} too`), as: 'user' }] : [],
  undo: [],
  seconds,
})
const plan = [planned('bundle', 'done', 5), planned('forwarding', 'needed', 10), planned('microk8s', 'needed', 60)]

const run = (over: Partial<SetupRun> = {}): SetupRun => ({
  id: 'r1',
  kind: 'apply',
  terminal: 't1',
  startedAt: 1000,
  steps: [
    { id: 'bundle', state: 'done', startedAt: 1000, ms: 4000 },
    { id: 'forwarding', state: 'now', startedAt: 5000 },
    { id: 'microk8s', state: 'waiting' },
  ],
  stopping: false,
  ...over,
})

const state = (over: Partial<SetupState> = {}): SetupState => ({
  checking: false,
  checkedAt: 1,
  checks: [],
  plan,
  choices: [],
  bundles: { found: [] },
  run: null,
  interrupted: false,
  ledger: [],
  ...over,
})
const change = (made: SetupState['ledger'][number]['state']): SetupState['ledger'][number] => ({
  id: 'c1',
  step: 'forwarding',
  what: 'forwarding',
  facts: {},
  before: '0',
  after: '1',
  at: 1,
  state: made,
})
const blocker = { id: 'memory', state: 'blocker' as const, facts: {} }
const ok = { at: 9000, ok: true }
const bad = { at: 9000, ok: false }

describe('phaseOf', () => {
  test.each<[string, Partial<SetupState>]>([
    ['looking', { checking: true, checkedAt: null, plan: [] }],
    ['fresh', {}],
    ['blocked', { checks: [blocker] }],
    ['fresh', { choices: [{ id: 'alias', kept: false }], plan: [...plan, planned('alias', 'needed', 1)] }],
    ['installing', { run: run() }],
    ['undoing', { run: run({ kind: 'undo' }) }],
    ['interrupted', { run: run(), interrupted: true }],
    ['failed', { run: run({ ended: bad }) }],
    ['undoFailed', { run: run({ kind: 'undo', ended: bad }) }],
    ['done', { run: run({ ended: ok }) }],
    [
      'adding',
      { run: run({ ended: ok }), choices: [{ id: 'alias', kept: false }], plan: [...plan, planned('alias', 'needed', 1)] },
    ],
    ['done', { run: run({ ended: ok }), choices: [{ id: 'alias', kept: true }], plan: [...plan, planned('alias', 'done', 1)] }],
    ['done', { plan: plan.map(step => ({ ...step, state: 'done' as const })) }],
    ['undone', { run: run({ kind: 'undo', ended: ok }), ledger: [change('undone')] }],
    ['fresh', { run: run({ kind: 'undo', ended: ok }), ledger: [change('made')] }],
  ])('%s', (phase, over) => expect(phaseOf(state(over))).toBe(phase))
})

test('before a run the rows are the plan, and what is there costs no time', () => {
  const rows = stepRows(plan, null, 0)
  expect(rows.map(row => [row.id, row.state, row.expected])).toEqual([
    ['bundle', 'ready', 0],
    ['forwarding', 'pending', 10],
    ['microk8s', 'pending', 60],
  ])
  expect(stepInFocus(rows)).toBe('forwarding')
  expect(rulerOf(rows)).toEqual({
    pieces: [
      { id: 'forwarding', kind: 'todo', ms: 10_000 },
      { id: 'microk8s', kind: 'todo', ms: 60_000 },
    ],
    elapsed: 0,
    rest: 70_000,
    late: 0,
  })
})

test('the present step fills its usual time', () => {
  const ruler = rulerOf(stepRows(plan, run(), 8000))
  expect(ruler.pieces).toEqual([
    { id: 'bundle', kind: 'done', ms: 4000 },
    { id: 'forwarding', kind: 'now', ms: 3000 },
    { id: 'forwarding', kind: 'todo', ms: 7000 },
    { id: 'microk8s', kind: 'todo', ms: 60_000 },
  ])
  expect(ruler).toMatchObject({ elapsed: 7000, rest: 67_000, late: 0 })
})

test('over its usual time it is late by what is over', () => {
  const ruler = rulerOf(stepRows(plan, run(), 18_000))
  expect(ruler.pieces.slice(1, 3)).toEqual([
    { id: 'forwarding', kind: 'now', ms: 10_000 },
    { id: 'forwarding', kind: 'late', ms: 3000 },
  ])
  expect(ruler).toMatchObject({ elapsed: 17_000, rest: 60_000, late: 3000 })
})

test('a step that waits for something asks for attention and stays in focus', () => {
  const rows = stepRows(plan, run({ wait: { code: 'image', facts: {}, since: 1 } }), 8000)
  expect(rows[1]?.state).toBe('attention')
  expect(stepInFocus(rows)).toBe('forwarding')
})

test('a failed step is in focus and is not called late', () => {
  const steps: SetupRun['steps'] = [
    { id: 'bundle', state: 'done', ms: 4000 },
    { id: 'forwarding', state: 'failed', startedAt: 5000, ms: 12_000 },
    { id: 'microk8s', state: 'waiting' },
  ]
  const rows = stepRows(plan, run({ steps, ended: bad }), 99_000)
  expect(stepInFocus(rows)).toBe('forwarding')
  expect(rulerOf(rows)).toMatchObject({ elapsed: 16_000, late: 0 })
})

test('commands are counted where something is still to do', () => {
  expect(countCommands(plan)).toEqual({ all: 4, root: 2 })
})

test.each([
  [0, '0:00'],
  [59_400, '0:59'],
  [61_000, '1:01'],
  [3_600_000, '60:00'],
])('%d ms on the watch', (ms, words) => expect(stopWatch(ms)).toBe(words))
