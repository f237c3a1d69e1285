import { beforeEach, expect, test } from 'vitest'
import { createTokens } from '../../../electron/practice/auth/tokens.ts'
import type { KubeObject } from '../../../electron/practice/object.ts'
import { createStore, type Store } from '../../../electron/practice/store.ts'

let store: Store
let now = 0
const put = (key: string, name: string, uid: string) =>
  store.put(key, { apiVersion: 'v1', kind: 'X', metadata: { name, namespace: 'a', uid } } as unknown as KubeObject)
const tokens = (secret = 'ours') => createTokens({ secret, store, now: () => now })
const bob = { name: 'bob', uid: 'u1' }

beforeEach(() => {
  store = createStore()
  now = Date.UTC(2030, 0, 1)
  put('serviceaccounts', 'bob', 'u1')
})

test('a token is its account, in its groups, until it is old', () => {
  const { token, expires } = tokens().issue({ namespace: 'a', account: bob, seconds: 600 })
  expect(expires).toBe(now / 1000 + 600)
  expect(tokens().read(token)).toMatchObject({
    name: 'system:serviceaccount:a:bob',
    uid: 'u1',
    groups: ['system:serviceaccounts', 'system:serviceaccounts:a', 'system:authenticated'],
  })
  now += 600_000
  expect(tokens().read(token)).toBeUndefined()
})

test('a token ends with what it is bound to', () => {
  put('pods', 'web', 'p1')
  const { token } = tokens().issue({ namespace: 'a', account: bob, bound: { kind: 'Pod', name: 'web', uid: 'p1' } })
  expect(tokens().read(token)?.extra?.['authentication.kubernetes.io/pod-name']).toEqual(['web'])
  store.remove('pods', 'a', 'web')
  put('pods', 'web', 'p2')
  expect(tokens().read(token)).toBeUndefined()
})

test('an account of the same name that was made anew is another', () => {
  const { token } = tokens().issue({ namespace: 'a', account: bob, seconds: 600 })
  store.remove('serviceaccounts', 'a', 'bob')
  put('serviceaccounts', 'bob', 'u2')
  expect(tokens().read(token)).toBeUndefined()
})

test('nothing but what this cluster signed for itself is read', () => {
  const { token } = tokens().issue({ namespace: 'a', account: bob, seconds: 600 })
  const [head = '', body = '', signature = ''] = token.split('.')
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString())
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const forged = encode({ ...claims, sub: 'system:serviceaccount:kube-system:admin' })
  const others = tokens('theirs').issue({ namespace: 'a', account: bob, seconds: 600 }).token
  const elsewhere = tokens().issue({ namespace: 'a', account: bob, audiences: ['vault'] }).token
  const bad = [
    '',
    'x',
    '..',
    `${head}.${forged}.${signature}`,
    `${encode({ alg: 'none' })}.${body}.`,
    `${encode({ alg: 'none' })}.${body}.${signature}`,
    `${token}.x`,
    `${head}.${body}.`,
    others,
    elsewhere,
  ]
  for (const each of bad) expect(tokens().read(each), each).toBeUndefined()
})
