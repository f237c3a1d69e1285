import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { KubeObject } from '../../electron/contract/cluster.ts'
import type { Diagnosis } from '../../electron/contract/diagnosis.ts'
import { evaluate } from '../../electron/lessons/evaluate.ts'
import { isSimilar } from '../../electron/lessons/hints-objects.ts'
import type { Facts, Scene } from '../../electron/lessons/judge.ts'
import type { Check } from '../../electron/lessons/lesson.ts'
import { hintText, whyText } from '../../electron/lessons/words.ts'
import { check, noFacts, object, pod, ran, sceneOf, snapshotOf, waiting } from './objects.ts'

const web = { labels: { app: 'web' } }
const isReady = check('pod/web', 'condition=Ready')
const five = check('pod -l app=web', 'count=5')
const ten = check('deployment/web', 'jsonpath={.status.readyReplicas}=10')
const gone = check('pod/web', 'delete', { since: 'm' })
const fresh = check('pod -l app=web', 'replaced', { since: 'm' })
const page = check('pod/web', '', { http: { contains: 'Hello' } })
const entry = check('service/web', '', { http: { varies: 2 } })
const value = check('pod/web', '', { exec: { command: ['redis-cli', 'get', 'x'], contains: 'Hello' } })
const counted = check('pod/web', '', { exec: { command: ['redis-cli', 'get', 'count'], atLeast: 20 } })
const service = (app: string) => object('Service', 'web', { uid: 'w', spec: { selector: { app } } })
const w = pod('web', { ...web, uid: 'w' })
const unready = object('Pod', 'web-1', { ...web, status: { phase: 'Running' } })
const deployment = (replicas: number, ready = 0) =>
  object('Deployment', 'web', { uid: 'd', spec: { replicas }, status: { readyReplicas: ready } })
const set = object('ReplicaSet', 'web-1', { uid: 'rs', owner: deployment(10) })
const owned = (each: KubeObject): KubeObject => ({
  ...each,
  metadata: { ...each.metadata, ownerReferences: [{ kind: 'ReplicaSet', name: 'web-1', uid: 'rs' }] },
})
const moment: Partial<Facts> = { moments: new Map([['m', new Set(['old'])]]) }
const answered = (answer: object): Partial<Facts> => ({ answers: new Map([['c', [{ pod: 'web', uid: 'w', ...answer }]]]) })
const ref = { kind: 'Pod', name: 'web' } as const
const event = object('Event', 'e', { reason: 'FailedMount', message: 'configmap "x" not found', involvedObject: { uid: 'w' } })
const pending = (status: object) => object('Pod', 'web', { uid: 'w', status: { phase: 'Pending', ...status } })
const unscheduled = { conditions: [{ type: 'PodScheduled', status: 'False', message: '0/2 nodes are available' }] }

/** Each rule, in a state where it fires: check, objects, facts, the hint's key and some of its facts. */
const firing: [string, Check, KubeObject[], Partial<Facts>, object, Partial<Scene> & { command?: string }][] = [
  ['needs', isReady, [], {}, { object: 'pod/other' }, { needs: [{ kind: 'Pod', name: 'other' }] }],
  ['notRun', ran('^ls'), [], {}, { command: 'kubectl apply -f x.yaml' }, {}],
  ['ranBadly', ran('^ls'), [], { commands: [{ line: 'ls x', exitCode: 2 }] }, { command: 'ls x', exitCode: 2 }, {}],
  ['stillThere', gone, [pod('web')], moment, { object: 'pod/web' }, {}],
  ['leaving', gone, [pod('web', { leaving: true })], moment, { name: 'web' }, {}],
  ['preexisting', isReady, [pod('web', { uid: 'x' })], { before: new Set(['x']) }, { object: 'pod/web' }, { creates: [ref] }],
  ['otherNamespace', isReady, [pod('web', { namespace: 'dev' })], {}, { found: 'dev', wanted: 'default' }, {}],
  ['similarName', isReady, [pod('wbe')], {}, { found: 'wbe', wanted: 'web' }, {}],
  [
    'selectorEmpty',
    check('pod -l app=web', 'condition=Ready'),
    [pod('x', { labels: { app: 'wbe' } })],
    {},
    { selector: 'app=web', labels: 'app=wbe' },
    {},
  ],
  ['notFoundRun', isReady, [], {}, { object: 'pod/web', command: 'kubectl apply -f x.yaml' }, {}],
  ['notFound', isReady, [], {}, { object: 'pod/web' }, { command: '' }],
  ['leavingMany', five, [pod('a', { ...web, leaving: true })], {}, { count: 1 }, {}],
  ['tooFew', five, [pod('a', web)], {}, { seen: 1, wanted: 5 }, {}],
  ['tooMany', check('pod -l app=web', 'count=1'), [pod('a', web), pod('b', web)], {}, { seen: 2, wanted: 1 }, {}],
  ['wrongReplicas', ten, [deployment(1, 1)], {}, { seen: 1, wanted: 10 }, {}],
  ['progress', ten, [deployment(10, 4)], {}, { ready: 4, wanted: 10 }, {}],
  ['sameObjectRun', fresh, [pod('a', { ...web, uid: 'old' })], moment, { name: 'a' }, {}],
  ['sameObject', fresh, [pod('a', { ...web, uid: 'old' })], moment, { name: 'a' }, { command: '' }],
  ['starting', isReady, [waiting('web', 'ContainerCreating')], {}, { status: 'ContainerCreating' }, {}],
  ['notReady', isReady, [object('Pod', 'web', { status: { phase: 'Running' } })], {}, { name: 'web' }, {}],
  ['asking', page, [pod('web', { uid: 'w' })], {}, { path: '/' }, {}],
  ['noAnswer', page, [pod('web', { uid: 'w' })], answered({ error: 'refused' }), { port: 80, error: 'refused' }, {}],
  ['httpStatusRun', page, [pod('web', { uid: 'w' })], answered({ status: 404 }), { seen: 404, wanted: 200 }, {}],
  ['httpStatus', page, [pod('web', { uid: 'w' })], answered({ status: 404 }), { seen: 404 }, { command: '' }],
  ['httpBodyRun', page, [pod('web', { uid: 'w' })], answered({ status: 200, body: 'Bye' }), { wanted: 'Hello' }, {}],
  ['httpBody', page, [pod('web', { uid: 'w' })], answered({ status: 200, body: 'Bye' }), { wanted: 'Hello' }, { command: '' }],
  ['serviceUnready', entry, [service('web'), unready], {}, { selector: 'app=web', count: 1 }, {}],
  ['serviceSilent', entry, [service('web'), pod('x', web)], answered({ error: 'refused' }), { error: 'refused', port: 80 }, {}],
  [
    'httpSame',
    entry,
    [service('web'), pod('x', web)],
    answered({ status: 200, body: 'a', bodies: ['a'] }),
    { seen: 1, wanted: 2 },
    {},
  ],
  ['execAsking', value, [w], {}, { name: 'web', command: 'redis-cli get x' }, {}],
  ['execError', value, [w], answered({ error: 'not found' }), { error: 'not found' }, {}],
  ['execExit', value, [w], answered({ status: 1, body: '' }), { exitCode: 1 }, {}],
  ['execOther', value, [w], answered({ status: 0, body: 'Bye\n' }), { seen: 'Bye', wanted: 'Hello' }, { command: '' }],
  ['execOtherRun', value, [w], answered({ status: 0, body: 'Bye' }), { next: 'kubectl apply -f x.yaml' }, {}],
  ['execTooFew', counted, [w], answered({ status: 0, body: '7\n' }), { seen: '7', wanted: 20 }, { command: '' }],
  ['execTooFewRun', counted, [w], answered({ status: 0, body: '7' }), { seen: '7', wanted: 20 }, {}],
  [
    'tryCommand',
    check('pod/web', 'jsonpath={.spec.hostNetwork}=true'),
    [pod('web')],
    {},
    { object: 'pod/web', command: 'kubectl apply -f x.yaml' },
    {},
  ],
  ['wait', check('pod/web', 'jsonpath={.spec.hostNetwork}=true'), [pod('web')], {}, {}, { command: '' }],
]

test.each(firing)('%s fires', (key, one, objects, facts, values, scene) => {
  const { passed, hint } = evaluate(one, sceneOf(one, scene), snapshotOf(...objects), { ...noFacts, ...facts })
  expect(passed).toBe(false)
  expect(hint).toMatchObject({ key, values })
})

/** States next to the ones above, in which the rule has to keep still: the check passes, or another rule speaks. */
const still: [string, Check, KubeObject[], Partial<Facts>, Partial<Scene> & { command?: string }][] = [
  ['notRun', ran('^ls'), [], { commands: [{ line: 'ls', exitCode: 2 }] }, {}],
  ['leaving', gone, [pod('web')], moment, {}],
  ['otherNamespace', isReady, [pod('other', { namespace: 'dev' })], {}, {}],
  ['selectorEmpty', check('pod -l app=web', 'condition=Ready'), [waiting('x', 'ContainerCreating', web)], {}, {}],
  ['notFound', isReady, [waiting('web', 'ContainerCreating')], {}, { command: '' }],
  ['notFoundRun', isReady, [waiting('web', 'ContainerCreating')], {}, {}],
  ['leavingMany', five, [pod('a', web)], {}, {}],
  ['tooFew', check('pod -l app=web', 'count=1'), [pod('a', web), pod('b', web)], {}, {}],
  ['tooMany', five, [pod('a', web)], {}, {}],
  ['progress', ten, [deployment(1, 1)], {}, {}],
  ['sameObject', fresh, [waiting('a', 'ContainerCreating', { ...web, uid: 'new' })], moment, { command: '' }],
  ['starting', isReady, [object('Pod', 'web', { status: { phase: 'Running' } })], {}, {}],
  ['notReady', isReady, [waiting('web', 'ContainerCreating')], {}, {}],
  ['noAnswer', page, [w], answered({ status: 404 }), {}],
  ['httpStatus', page, [w], answered({ status: 200, body: 'Bye' }), { command: '' }],
  ['httpStatusRun', page, [w], answered({ status: 200, body: 'Bye' }), {}],
  ['httpBody', page, [w], answered({ status: 200, body: 'Hello World!' }), { command: '' }],
  ['httpBodyRun', page, [w], answered({ status: 200, body: 'Hello World!' }), {}],
  ['execOther', value, [w], answered({ status: 0, body: 'Hello World!' }), { command: '' }],
  ['execTooFew', counted, [w], answered({ status: 0, body: '21\n' }), { command: '' }],
  ['tryCommand', check('pod/web', 'jsonpath={.spec.hostNetwork}=true'), [pod('web', { spec: { hostNetwork: true } })], {}, {}],
  ['wait', isReady, [], {}, { command: '' }],
  ['needs', isReady, [pod('other')], {}, { needs: [{ kind: 'Pod', name: 'other' }] }],
  ['ranBadly', ran('^ls'), [], { commands: [{ line: 'ls x', exitCode: 0 }] }, {}],
  ['stillThere', gone, [pod('web', { leaving: true })], moment, {}],
  ['preexisting', isReady, [pod('web', { uid: 'x' })], {}, { creates: [ref] }],
  ['preexisting', isReady, [pod('web', { uid: 'x' })], { before: new Set(['x']) }, {}],
  ['similarName', isReady, [pod('redis')], {}, {}],
  ['similarName', isReady, [pod('wbe', { namespace: 'dev' })], {}, {}],
  ['wrongReplicas', ten, [deployment(10, 10)], {}, {}],
  ['sameObjectRun', fresh, [pod('a', { ...web, uid: 'new' })], moment, {}],
  ['asking', page, [pod('web', { uid: 'w' })], answered({ status: 200, body: 'Hello' }), {}],
  ['serviceUnready', entry, [service('web'), unready, w], {}, {}],
  ['serviceSilent', entry, [service('web'), w], answered({ status: 503 }), {}],
  ['serviceSilent', page, [w], answered({ error: 'refused' }), {}],
  ['httpSame', entry, [service('web'), w], answered({ status: 200, body: 'a', bodies: ['a', 'b'] }), {}],
  ['execAsking', value, [w], answered({ status: 0, body: 'Hello' }), {}],
  ['execError', value, [w], answered({ status: 1 }), {}],
  ['execExit', value, [w], answered({ status: 0, body: 'Bye' }), {}],
  ['execOtherRun', value, [w], answered({ status: 0, body: 'Hello World!' }), {}],
  ['execTooFewRun', counted, [w], answered({ status: 0, body: '20\n' }), {}],
]

test.each(still)('%s keeps still', (key, one, objects, facts, scene) => {
  const { hint } = evaluate(one, sceneOf(one, scene), snapshotOf(...objects), { ...noFacts, ...facts })
  expect(hint).not.toMatchObject({ key })
})

const node = object('Node', 'node1', {})
const stuck = (reason: string, message: string) => {
  const state = { waiting: { reason, message } }
  const containers = [{ name: 'web', image: 'openresty/openresty:nosuch', imageID: '', ready: false, restartCount: 0, state }]
  return object('Pod', 'web', {
    spec: { containers: [{ name: 'web', image: 'openresty/openresty:nosuch' }] },
    status: { phase: 'Pending', containerStatuses: containers },
  })
}
const unpullable = stuck('ImagePullBackOff', 'openresty/openresty:nosuch: not found')
const unlabelled = object('Pod', 'x', { labels: { app: 'web' }, spec: { containers: [] }, status: { phase: 'Running' } })

/** States in which something keeps an object of the check from getting there: its cause is the hint, and the line under the check. */
const troubling: [string, Check, KubeObject[]][] = [
  ['image.notFound', isReady, [unpullable]],
  ['image.other', ten, [deployment(10), set, owned(waiting('web-1-x', 'ErrImagePull'))]],
  ['crash.exitCode', isReady, [waiting('web', 'CrashLoopBackOff')]],
  [
    'crash.exitCode',
    isReady,
    [pending({ containerStatuses: [{ name: 'web', restartCount: 0, state: { terminated: { reason: 'Error', exitCode: 3 } } }] })],
  ],
  ['scheduling.other', isReady, [pending(unscheduled), node]],
  ['config.missing', isReady, [pending({}), event]],
  ['service.noMatch', entry, [service('wbe'), w]],
  ['image.other', entry, [service('web'), { ...waiting('x', 'ErrImagePull'), metadata: { ...unlabelled.metadata, uid: 'x' } }]],
]

test.each(troubling)('%s is named as the cause', (cause, one, objects) => {
  const { passed, hint, why } = evaluate(one, sceneOf(one), snapshotOf(...objects), noFacts)
  expect(passed).toBe(false)
  expect(why).toMatchObject({ cause })
  expect(hint).toMatchObject({ trouble: { cause } })
})

const untroubled: [string, Check, KubeObject[]][] = [
  ['another Pod', isReady, [waiting('other', 'ImagePullBackOff')]],
  ['a Pod on its way out', isReady, [waiting('web', 'ImagePullBackOff', { leaving: true })]],
  ['a Pod of somebody else', ten, [deployment(10), set, waiting('stranger', 'ErrImagePull')]],
  ['a Pod that has its volume by now', isReady, [pod('web', { uid: 'w' }), event]],
  ['a Service that finds its Pod', entry, [service('web'), w]],
  ['a Service whose Pod is just starting', entry, [service('web'), unready]],
]

test.each(untroubled)('%s is no trouble', (_, one, objects) => {
  const { hint, why } = evaluate(one, sceneOf(one), snapshotOf(...objects), noFacts)
  expect(why).toBeUndefined()
  expect(hint ?? {}).not.toHaveProperty('trouble')
})

test('a cause is told in the reader’s language with its id, and the next command', () => {
  const one = isReady
  const objects = [unpullable]
  const { hint, why } = evaluate(one, sceneOf(one), snapshotOf(...objects), noFacts)
  const sentences = (language: string, key: string, facts: Readonly<Record<string, string | number>>): string => {
    const [file, path = ''] = key.split(':')
    const words = JSON.parse(readFileSync(`resources/locales/${language}/${file}.json`, 'utf8'))
    const text: string = path.split('.').reduce((place, part) => place[part], words)
    return text.replace(/\{\{(\w+)\}\}/g, (_, name) => String(facts[name] ?? ''))
  }
  expect(whyText(why!, sentences, 'en')).toMatchObject({ id: 'KHW-301', title: expect.stringContaining('no tag nosuch') })
  expect(hintText(hint!, sentences, 'en', 'default')).toMatch(/no tag nosuch\. .+ Try: `kubectl set image pod\/web /)
  expect(hintText(hint!, sentences, 'zh-CN', 'default')).toMatch(/nosuch.+试试：`kubectl set image pod\/web /)
})

test('a cause without a command to type next is told without one', () => {
  const { hint } = evaluate(isReady, sceneOf(isReady), snapshotOf(unpullable), noFacts)
  const { trouble } = hint as { trouble: Diagnosis }
  const key = (next: Diagnosis['next']) => hintText({ trouble: { ...trouble, next } }, (_, name) => name, 'en', 'default')
  expect(key([])).toBe('lessons:hint.troubleBare')
  expect(key(trouble.next)).toBe('lessons:hint.trouble')
})

test('what a lesson says itself comes first, and the cause still stands under the check', () => {
  const own = { when: { of: ref, for: { type: 'exists' as const } }, say: { 'zh-CN': '先删除', en: 'delete first' } }
  const one = check('pod/web', 'condition=Ready', { hints: [own] })
  const { hint, why } = evaluate(one, sceneOf(one), snapshotOf(waiting('web', 'ErrImagePull')), noFacts)
  expect(hint).toMatchObject({ say: own.say })
  expect(why).toMatchObject({ cause: 'image.other' })
})

test('a check that waits for another names it', () => {
  const first = { ...check('pod/a', 'exists'), id: 'first', text: { 'zh-CN': '先做这个', en: 'this first' } }
  const second = check('pod/web', 'exists', { after: 'first' })
  const scene = sceneOf(second)
  const both = { ...scene, tasks: [{ ...scene.tasks[0]!, checks: [first, second] }] }
  const { passed, hint } = evaluate(second, both, snapshotOf(pod('web')), noFacts)
  expect(passed).toBe(false)
  expect(hintText(hint!, (_, key, facts) => `${key}: ${facts.check} ${facts.kubectl}`, 'zh-CN', 'default')).toBe(
    'lessons:hint.first: 先做这个 kubectl',
  )
  expect(hintText(hint!, (_, __, facts) => `${facts.kubectl}`, 'en', 'lab-job')).toBe('kubectl -n lab-job')
  const after = { ...noFacts, moments: new Map([['first', new Set<string>()]]) }
  expect(evaluate(second, both, snapshotOf(pod('web')), after).passed).toBe(true)
})

test("the lesson's own hint comes before the general ones", () => {
  const own = { when: { of: ref, for: { type: 'exists' as const } }, say: { 'zh-CN': '先删除', en: 'delete first' } }
  const one = check('pod/web', 'jsonpath={.spec.hostNetwork}=true', { hints: [own] })
  const { hint } = evaluate(one, sceneOf(one), snapshotOf(pod('web')), noFacts)
  expect(hintText(hint!, () => '', 'en', 'default')).toBe('delete first')
  expect(evaluate(one, sceneOf(one), snapshotOf(), noFacts).hint).toMatchObject({ key: 'notFoundRun' })
})

test.each([
  ['openresty', 'openrestry', true],
  ['openresty', 'openresty', false],
  ['openresty', 'redis', false],
  ['web', 'wbe', true],
  ['openresty', 'openresty-pod', false],
])('%s and %s: similar %s', (a, b, expected) => expect(isSimilar(a, b)).toBe(expected))

test('every hint has a state in which it fires, and one beside it in which it keeps still', () => {
  // those that a test of their own makes speak and be silent: the order of checks, and causes
  const elsewhere = ['first', 'trouble', 'troubleBare']
  const { hint } = JSON.parse(readFileSync('resources/locales/en/lessons.json', 'utf8')) as { hint: object }
  const wanted = Object.keys(hint).filter(key => !elsewhere.includes(key))
  expect(wanted.filter(key => !firing.some(([name]) => name === key))).toEqual([])
  expect(wanted.filter(key => !still.some(([name]) => name === key))).toEqual([])
})

test('every hint has its sentence in both languages, with the facts it names, and none is left over', () => {
  const keys = new Set([...firing.map(([key]) => key), 'first', 'trouble', 'troubleBare'])
  for (const language of ['zh-CN', 'en']) {
    const { hint } = JSON.parse(readFileSync(`resources/locales/${language}/lessons.json`, 'utf8')) as {
      hint: Record<string, string>
    }
    expect(new Set(Object.keys(hint))).toEqual(keys)
    for (const [key, one, objects, facts, , scene] of firing) {
      const { hint: given } = evaluate(one, sceneOf(one, scene), snapshotOf(...objects), { ...noFacts, ...facts })
      const named = [...(hint[key] ?? '').matchAll(/\{\{(\w+)\}\}/g)].map(match => match[1])
      if (given !== undefined && 'values' in given)
        expect([...Object.keys(given.values), 'kubectl']).toEqual(expect.arrayContaining(named))
    }
  }
})
