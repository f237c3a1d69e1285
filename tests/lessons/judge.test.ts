import { expect, test } from 'vitest'
import type { KubeObject } from '../../electron/contract/cluster.ts'
import { type Answer, type Facts, judge } from '../../electron/lessons/judge.ts'
import type { Check, Condition, Test } from '../../electron/lessons/lesson.ts'
import { check, noFacts, object, pod, ran, sceneOf, snapshotOf, waiting } from './objects.ts'

const deployment = (ready: number): KubeObject => object('Deployment', 'web', { status: { readyReplicas: ready } })
const agents = (numberReady: number, wanted: number): KubeObject => object('DaemonSet', 'a', { status: { numberReady, wanted } })
const web = { labels: { app: 'web' } }

test.each<[string, string, string, KubeObject[], boolean, string | undefined]>([
  ['exists', 'pod/web', 'exists', [pod('web')], true, 'web'],
  ['exists, not there', 'pod/web', 'exists', [], false, undefined],
  ['exists, other namespace', 'pod/web', 'exists', [pod('web', { namespace: 'other' })], false, undefined],
  ['condition', 'pod/web', 'condition=Ready', [pod('web')], true, 'Running'],
  ['condition, not yet', 'pod/web', 'condition=Ready', [waiting('web', 'ErrImagePull')], false, 'ErrImagePull'],
  ['condition, absent', 'pod/web', 'condition=Ready', [], false, undefined],
  ['condition false wanted', 'pod/web', 'condition=Ready=False', [pod('web')], false, 'Running'],
  ['condition of all', 'pod -l app=web', 'condition=Ready', [pod('a', web), waiting('b', 'X', web)], false, 'Running'],
  ['jsonpath figure', 'deployment/web', 'jsonpath={.status.readyReplicas}=10', [deployment(10)], true, '10'],
  ['jsonpath figure, not yet', 'deployment/web', 'jsonpath={.status.readyReplicas}=10', [deployment(3)], false, '3 / 10'],
  ['jsonpath, field absent', 'deployment/web', 'jsonpath={.status.nothing}=1', [deployment(3)], false, '0 / 1'],
  ['jsonpath, any value', 'deployment/web', 'jsonpath={.status.readyReplicas}', [deployment(3)], true, '3'],
  ['jsonpath, no value', 'deployment/web', 'jsonpath={.status.nothing}', [deployment(3)], false, undefined],
  ['jsonpath, another field', 'daemonset/a', 'jsonpath={.status.numberReady}={.status.wanted}', [agents(2, 2)], true, '2'],
  [
    'jsonpath, another field, not yet',
    'daemonset/a',
    'jsonpath={.status.numberReady}={.status.wanted}',
    [agents(1, 2)],
    false,
    '1',
  ],
  ['jsonpath, none of none', 'daemonset/a', 'jsonpath={.status.numberReady}={.status.wanted}', [agents(0, 0)], false, '0'],
  ['elsewhere', 'pod/web -n other', 'condition=Ready', [pod('web', { namespace: 'other' })], true, 'Running'],
  ['elsewhere, only here', 'pod/web -n other', 'condition=Ready', [pod('web')], false, undefined],
  ['count', 'pod -l app=web', 'count=2', [pod('a', web), pod('b', web), pod('c')], true, '2'],
  ['count, too many', 'pod -l app=web', 'count=1', [pod('a', web), pod('b', web)], false, '2 / 1'],
  [
    'count, leaving ones count',
    'pod -l app=web',
    'count=1',
    [pod('a', web), pod('b', { ...web, leaving: true })],
    false,
    '2 / 1',
  ],
  ['count at least', 'pod -l app=web', 'count>=1', [pod('a', web), pod('b', web)], true, '2'],
  ['count none', 'pod -l app=web', 'count=0', [], true, '0'],
  ['delete', 'pod/web', 'delete', [], true, undefined],
  ['delete, still there', 'pod/web', 'delete', [pod('web', { leaving: true })], false, 'Terminating'],
])('%s', (_, of, condition, objects, passed, seen) => {
  const one = check(of, condition)
  expect(judge(one, sceneOf(one), snapshotOf(...objects), noFacts)).toEqual({ passed, seen })
})

test.each<[string, KubeObject[], boolean]>([
  ['the old one', [pod('a', { ...web, uid: 'old' })], false],
  ['a new one', [pod('a', { ...web, uid: 'new' })], true],
  ['old and new', [pod('a', { ...web, uid: 'old' }), pod('b', { ...web, uid: 'new' })], true],
  ['a new one that is not ready', [waiting('a', 'ContainerCreating', { ...web, uid: 'new' })], false],
  ['none', [], false],
])('replaced: %s', (_, objects, passed) => {
  const one = check('pod -l app=web', 'replaced', { since: 'before' })
  const facts = { ...noFacts, moments: new Map([['before', new Set(['old'])]]) }
  expect(judge(one, sceneOf(one), snapshotOf(...objects), facts).passed).toBe(passed)
})

const answer = (uid: string, status: number, body = ''): Answer => ({ pod: uid, uid, status, body })
const two = [
  pod('a', { ...web, uid: 'a', status: { podIP: '10.42.0.2' } }),
  pod('b', { ...web, uid: 'b', status: { podIP: '10.42.0.3' } }),
]

test.each<[string, object, Answer[], boolean, string | undefined]>([
  ['one is enough', {}, [answer('a', 200)], true, '10.42.0.2'],
  ['none asked yet', {}, [], false, '10.42.0.2'],
  ['another status', {}, [answer('a', 404)], false, 'HTTP 404'],
  ['404 wanted', { status: 404 }, [answer('a', 404)], true, '10.42.0.2'],
  ['each, one lacks', { each: true }, [answer('a', 200)], false, '1 / 2'],
  ['each', { each: true }, [answer('a', 200), answer('b', 200)], true, '2 / 2'],
  ['text', { contains: 'Hello' }, [answer('a', 200, 'Hello World!')], true, '10.42.0.2'],
  ['text lacks', { contains: 'Hello' }, [answer('a', 200, 'Bye')], false, 'HTTP 200'],
  [
    'own address',
    { each: true, contains: '{.status.podIP}' },
    [answer('a', 200, 'from 10.42.0.2'), answer('b', 200, 'from 10.42.0.3')],
    true,
    '2 / 2',
  ],
  [
    "a neighbour's address",
    { each: true, contains: '{.status.podIP}' },
    [answer('a', 200, 'from 10.42.0.3'), answer('b', 200, 'from 10.42.0.3')],
    false,
    '1 / 2',
  ],
  ['an answer of a Pod that is gone', {}, [answer('z', 200)], false, '10.42.0.2'],
  ['no answer', {}, [{ pod: 'a', uid: 'a', error: 'refused' }], false, '10.42.0.2'],
])('http: %s', (_, http, answers, passed, seen) => {
  const one = check('pod -l app=web', '', { http })
  expect(judge(one, sceneOf(one), snapshotOf(...two), { ...noFacts, answers: new Map([['c', answers]]) })).toEqual({
    passed,
    seen,
  })
})

const services = [object('Service', 'web', { uid: 's', spec: { clusterIP: '10.43.0.7' } })]

test.each<[string, object, Answer[], boolean, string | undefined]>([
  ['one answer', {}, [answer('s', 200)], true, '10.43.0.7'],
  ['no answer', {}, [{ pod: 'web', uid: 's', error: 'refused' }], false, '10.43.0.7'],
  ['all the same', { varies: 2 }, [{ ...answer('s', 200, 'a'), bodies: ['a'] }], false, '1 / 2'],
  ['two of them', { varies: 2 }, [{ ...answer('s', 200, 'a'), bodies: ['a', 'b'] }], true, '2 / 2'],
  ['two, of another status', { varies: 2 }, [{ ...answer('s', 502, 'a'), bodies: ['a', 'b'] }], false, '2 / 2'],
])('http of a Service: %s', (_, http, answers, passed, seen) => {
  const one = check('service/web', '', { http })
  const facts = { ...noFacts, answers: new Map([['c', answers]]) }
  expect(judge(one, sceneOf(one), snapshotOf(...services), facts)).toEqual({ passed, seen })
})

test.each<[string, { contains?: string; atLeast?: number }, Answer[], boolean, string | undefined]>([
  ['text', { contains: 'Hello' }, [answer('a', 0, 'Hello World!\n')], true, 'Hello World!'],
  ['text lacks', { contains: 'Hello' }, [answer('a', 0, '(nil)\n')], false, '(nil)'],
  ['text, but it failed', { contains: 'Hello' }, [answer('a', 1, 'Hello')], false, 'Hello'],
  ['not run yet', { contains: 'Hello' }, [], false, undefined],
  ['could not run', { contains: 'Hello' }, [{ pod: 'a', uid: 'a', error: 'refused' }], false, undefined],
  ['a Pod that is gone', { contains: 'Hello' }, [answer('z', 0, 'Hello')], false, undefined],
  ['enough', { atLeast: 20 }, [answer('a', 0, '21\n')], true, '21'],
  ['too few', { atLeast: 20 }, [answer('a', 0, '19\n')], false, '19 / 20'],
  ['no figure', { atLeast: 20 }, [answer('a', 0, '\n')], false, '0 / 20'],
  ['a figure among words', { atLeast: 20 }, [answer('a', 0, 'ERR 99')], false, '0 / 20'],
])('exec: %s', (_, exec, answers, passed, seen) => {
  const one = check('pod -l app=web', '', { exec: { command: ['get'], ...exec } })
  const facts = { ...noFacts, answers: new Map([['c', answers]]) }
  expect(judge(one, sceneOf(one), snapshotOf(...two), facts)).toEqual({ passed, seen })
})

test('exec with since looks at new Pods only', () => {
  const one = check('pod -l app=web', '', { exec: { command: ['get'] }, since: 'x' })
  const facts = { ...noFacts, moments: new Map([['x', new Set(['a', 'b'])]]), answers: new Map([['c', [answer('a', 0)]]]) }
  expect(judge(one, sceneOf(one), snapshotOf(...two), facts).passed).toBe(false)
})

test('http with since looks at new Pods only', () => {
  const one = check('pod -l app=web', '', { http: {}, since: 'x' })
  const facts = (old: string[]) => ({
    ...noFacts,
    moments: new Map([['x', new Set(old)]]),
    answers: new Map([['c', [answer('a', 200)]]]),
  })
  expect(judge(one, sceneOf(one), snapshotOf(...two), facts(['a', 'b'])).passed).toBe(false)
  expect(judge(one, sceneOf(one), snapshotOf(...two), facts(['b'])).passed).toBe(true)
})

test.each<[string, number, boolean]>([
  ['kubectl get pod -owide', 0, true],
  ['kubectl get pods -o wide', 0, true],
  ['  kubectl   get  po --output=wide', 0, true],
  ['k get pod -owide', 0, true],
  ['microk8s kubectl get pod -owide', 0, true],
  ['kubectl get pod -owide', 1, false],
  ['kubectl get pod', 0, false],
  ['echo kubectl get pod -owide', 0, false],
])('ran: %s, exit code %d', (line, exitCode, passed) => {
  const one = ran('^kubectl get (po|pod|pods)\\b.*(-o ?=?wide|--output[ =]wide)')
  expect(judge(one, sceneOf(one), snapshotOf(), { ...noFacts, commands: [{ line, exitCode }] }).passed).toBe(passed)
})

test("what was there before the lesson does not count as the lesson's own", () => {
  const one = check('pod/web', 'exists')
  const snapshot = snapshotOf(pod('web', { uid: 'theirs' }))
  const facts = { ...noFacts, before: new Set(['theirs']) }
  const test = one.test.type === 'object' ? one.test.of : undefined
  expect(judge(one, sceneOf(one, { creates: [test!] }), snapshot, facts).passed).toBe(false)
  expect(judge(one, sceneOf(one), snapshot, facts).passed).toBe(true)
})

type Kinds = Condition['type'] | Exclude<Test['type'], 'object'>
const old: Partial<Facts> = { moments: new Map([['m', new Set(['old'])]]) }
const said = (answers: Answer[]): Partial<Facts> => ({ answers: new Map([['c', answers]]) })
const [first] = two as [KubeObject]

/** Every kind of check there is, in a state where it holds and in one beside it where it does not. */
const every: Readonly<Record<Kinds, [Check, holds: [KubeObject[], Partial<Facts>?], fails: [KubeObject[], Partial<Facts>?]]>> = {
  exists: [check('pod/web', 'exists'), [[pod('web')]], [[pod('wbe')]]],
  delete: [check('pod/web', 'delete', { since: 'm' }), [[], old], [[pod('web')], old]],
  replaced: [
    check('pod/web', 'replaced', { since: 'm' }),
    [[pod('web', { uid: 'new' })], old],
    [[pod('web', { uid: 'old' })], old],
  ],
  count: [check('pod -l app=web', 'count=2'), [[pod('a', web), pod('b', web)]], [[pod('a', web)]]],
  condition: [check('pod/web', 'condition=Ready'), [[pod('web')]], [[waiting('web', 'ErrImagePull')]]],
  jsonpath: [check('deployment/web', 'jsonpath={.status.readyReplicas}=3'), [[deployment(3)]], [[deployment(2)]]],
  http: [check('pod/a', '', { http: {} }), [[first], said([answer('a', 200)])], [[first], said([answer('a', 500)])]],
  exec: [
    check('pod/a', '', { exec: { command: ['get'], contains: 'x' } }),
    [[first], said([answer('a', 0, 'x')])],
    [[first], said([answer('a', 0, 'y')])],
  ],
  ran: [ran('^ls'), [[], { commands: [{ line: 'ls', exitCode: 0 }] }], [[], { commands: [{ line: 'ls', exitCode: 1 }] }]],
}

test.each(Object.entries(every))('%s holds, and does not beside it', (_, [one, holds, fails]) => {
  const passed = ([objects, facts]: [KubeObject[], Partial<Facts>?]) =>
    judge(one, sceneOf(one), snapshotOf(...objects), { ...noFacts, ...facts }).passed
  expect([passed(holds), passed(fails)]).toEqual([true, false])
})
