import { diffLines } from 'diff'
import { expect, test } from 'vitest'
import { decideMerge, decideRemoval } from '../../../electron/installer/kubeconfig/decide.ts'
import { difference, redact } from '../../../electron/installer/kubeconfig/difference.ts'
import { entriesFrom } from '../../../electron/installer/kubeconfig/entries.ts'
import { defaultPath, kubeconfigPaths } from '../../../electron/installer/kubeconfig/locate.ts'
import { createKubectlFinder } from '../../../electron/platform/kubectl.ts'
import { act } from './acting.ts'
import { entries, examineMany, microk8sConfig } from './cases.ts'
import { killedAfter, killedInside, withKubectl } from './together.ts'

const mine = `apiVersion: v1
clusters: # all of them
- cluster:
    server: https://mine   # the old one
  name: mine
contexts:
  - context: { cluster: mine, user: me }
    name: mine
current-context: mine
users:
- {name: me, user: {token: hush}}
# the end`

const merged = (text: string | undefined, wantsCurrent = false): string => {
  const decision = decideMerge([{ path: '/c', text }], entries, wantsCurrent)
  if (decision.state !== 'needed') throw new Error(JSON.stringify(decision))
  return decision.after
}

test('300 generated kubeconfigs: nothing lost, nothing left, no secret shown', () => {
  const { cases, merged, refused, failures } = examineMany(300, 1)
  console.log(`${cases} texts: ${merged} merged and taken out again, ${refused} refused`)
  expect(failures).toEqual([])
  expect(merged).toBeGreaterThan(cases / 2)
  expect(refused).toBeGreaterThan(cases / 20)
}, 60_000)

test('150 generated files: links, modes, owners, locks, other writers, sudden ends', async () => {
  const wrong: string[] = []
  for (let seed = 1; seed <= 150; seed++) {
    const result = await act(seed)
    if (result.wrong !== undefined) wrong.push(`seed ${seed} (${result.what}): ${result.wrong}`)
  }
  expect(wrong).toEqual([])
}, 60_000)

test('every other byte stays: comments, order, style', () => {
  const after = merged(mine)
  expect(diffLines(mine, after).filter(({ removed }) => removed)).toEqual([])
  expect(decideRemoval('/c', after, 'mine')).toEqual({ state: 'needed', after: mine, dangling: [] })
})

test('the current context is switched where there is none, or when asked', () => {
  expect(merged(mine)).toContain('current-context: mine')
  expect(merged(mine, true)).toContain('current-context: microk8s')
  expect(merged(mine.replace('current-context: mine\n', ''))).toContain('current-context: microk8s')
  const after = merged(mine, true)
  expect(decideRemoval('/c', after, 'mine')).toMatchObject({ after: mine })
  expect(decideRemoval('/c', after, 'gone')).toMatchObject({
    after: mine.replace('current-context: mine', 'current-context: ""'),
  })
})

test('a name that is somebody else’s is never touched; the same entries by another hand are present, and not ours', () => {
  const text = `contexts:\n- name: microk8s\n  context: {cluster: other, user: other}\n`
  expect(decideMerge([{ path: '/c', text }], entries, false)).toEqual({
    state: 'refused',
    reason: 'clash',
    facts: { path: '/c', section: 'contexts', name: 'microk8s' },
  })
  const byHand = merged(undefined).replaceAll(/\n +extensions:\n.*\n.*\n.*\n.*SetupMark/g, '')
  expect(byHand).not.toContain('hello-world')
  expect(decideMerge([{ path: '/c', text: byHand }], entries, false)).toEqual({ state: 'present', path: '/c', ours: false })
  expect(decideRemoval('/c', byHand, '')).toEqual({ state: 'absent' })
})

test('new certificates replace our old ones; what the user made of our context goes with it', () => {
  const renewed = entriesFrom(microk8sConfig.replace('QUJDREVG', 'TkVX'))
  if (renewed === undefined) throw new Error('not read')
  const decision = decideMerge([{ path: '/c', text: merged(mine) }], renewed, false)
  expect(decision).toMatchObject({ state: 'needed', after: merged(mine).replace('QUJDREVG', 'TkVX') })
  const renamed = merged(mine).replace('name: microk8s\ncurrent', 'name: my-cluster\ncurrent')
  expect(decideRemoval('/c', renamed, '')).toMatchObject({ state: 'needed', after: mine })
  const pointing = merged(mine).replace('{ cluster: mine, user: me }', '{ cluster: microk8s, user: me }')
  expect(decideRemoval('/c', pointing, '')).toMatchObject({ dangling: ['mine'] })
})

test('several files: the first that sets a name or a current context wins', () => {
  const file = (path: string, text: string | undefined) => ({ path, text })
  expect(decideMerge([file('/a', undefined), file('/b', mine)], entries, false)).toMatchObject({ path: '/b', setsCurrent: false })
  expect(decideMerge([file('/a', 'kind: Config\n'), file('/b', mine)], entries, true)).toMatchObject({
    path: '/a',
    setsCurrent: false,
  })
  expect(decideMerge([file('/a', 'kind: Config\n'), file('/b', merged(mine))], entries, false)).toMatchObject({
    state: 'present',
    path: '/b',
  })
  const [users, rest] = [
    'users:\n- name: microk8s\n  user: {extensions: [{name: io.github.kubernetes-hello-world}]}\n',
    merged('kind: Config\n'),
  ]
  expect(decideMerge([file('/a', users), file('/b', rest)], entries, false)).toMatchObject({ reason: 'scattered' })
  expect(decideMerge([file('/a', mine), file('/b', 'clusters: [')], entries, false)).toMatchObject({
    reason: 'broken',
    facts: { path: '/b', line: 1 },
  })
})

test('files are found as kubectl finds them', () => {
  expect(kubeconfigPaths({}, '/home/u')).toEqual(['/home/u/.kube/config'])
  expect(kubeconfigPaths({ KUBECONFIG: '' }, '/home/u')).toEqual(['/home/u/.kube/config'])
  expect(kubeconfigPaths({ KUBECONFIG: '/a::b:/a' }, '/home/u', '/here')).toEqual(['/a', '/here/b'])
  expect(defaultPath(['/a', '/b'], path => path === '/b')).toBe('/b')
  expect(defaultPath(['/a', '/b'], () => false)).toBe('/b')
})

test('the shown difference hides every value that is not known to be harmless', () => {
  const text =
    'users:\n- name: me\n  user:\n    token: hush # hush\n    exec: {command: get, args: [--key=hush]}\nclusters:\n- cluster: {server: "https://u:hush@host/p?k=hush"}\n  name: c\n'
  expect(redact(text)).not.toContain('hush')
  expect(redact(text)).toContain('command: get')
  expect(redact(text)).toContain('https://<hidden>@host/p')
  expect(redact('a: [hush')).not.toContain('hush')
  expect(difference('/c', undefined, merged(undefined))).toMatch(/^--- \/dev\/null\n\+\+\+ \/c\n/)
  expect(difference('/c', mine, mine)).toBe('')
})

test('found by thousands of cases: an empty last list without a line end, and characters that YAML does not know', () => {
  expect(merged('clusters: [ ]\nkind: Config\ncontexts:')).toContain('name: microk8s\nusers:\n')
  expect(merged('kind: Config\ncurrent-context:')).toContain('current-context: microk8s\nclusters:\n')
  const odd = 'users:\n- {name: a, user: {token:\u0001 "hush"}}\n'
  expect(decideMerge([{ path: '/c', text: odd }], entries, false)).toMatchObject({ reason: 'broken', facts: { line: 2 } })
  expect(redact(odd)).not.toContain('hush')
})

test('what is not a kubeconfig is no source', () => {
  expect(entriesFrom('microk8s is not running')).toBeUndefined()
  expect(entriesFrom('a: [')).toBeUndefined()
  expect(entriesFrom(microk8sConfig.replace('QUJDREVG', 'none'))).toBeDefined()
  expect(entriesFrom(microk8sConfig.replace('QUJDREVG', 'not base64'))).toBeUndefined()
  expect(entriesFrom(microk8sConfig.replace(/users:[\s\S]*/, ''))).toBeUndefined()
})

test('killed while it holds the lock: the file is untouched, the next one clears the lock and goes on', async () => {
  expect(await killedInside()).toEqual({
    afterKill: 'apiVersion: v1\nkind: Config\n# mine\n',
    removal: 'absent',
    left: ['config', 'config.khw-notes'],
  })
})

test('killed at any instant: the file is as before or as after', async () => {
  const ends = new Set<string>()
  for (const ms of [0, 60, 120, 150, 180, 250]) ends.add(await killedAfter(ms))
  expect([...ends].filter(end => end !== 'before' && end !== 'after')).toEqual([])
}, 30_000)

test('kubectl and two of us write at once: nothing of kubectl’s is missing', async context => {
  const kubectl = await createKubectlFinder()()
  if (kubectl === undefined) return context.skip('skipped: no kubectl on this machine')
  const { set, missing, left } = await withKubectl(kubectl.path, 12)
  expect({ set, missing, left }).toEqual({ set: 12, missing: [], left: [] })
}, 60_000)
