import { describe, expect, test } from 'vitest'
import { type Attributes, attributesOf } from '../../../electron/practice/auth/attributes.ts'
import { allows, isSubject } from '../../../electron/practice/auth/rules.ts'
import { accountGroups } from '../../../electron/practice/auth/user.ts'

const asked = (method: string, url: string): Attributes => {
  const [path = '', query] = url.split('?')
  return attributesOf(method, path.split('/').filter(Boolean), new URLSearchParams(query))
}

describe('what a request would do', () => {
  test.each([
    ['GET', '/api/v1/namespaces/a/pods', 'list pods in a'],
    ['GET', '/api/v1/pods?watch=1', 'watch pods in '],
    ['GET', '/api/v1/namespaces/a/pods/x', 'get pods in a x'],
    ['GET', '/api/v1/namespaces/a/pods?fieldSelector=metadata.name=x', 'list pods in a x'],
    ['POST', '/api/v1/namespaces/a/pods', 'create pods in a'],
    ['DELETE', '/api/v1/namespaces/a/pods', 'deletecollection pods in a'],
    ['POST', '/api/v1/namespaces/a/pods/x/exec', 'create pods/exec in a x'],
    ['PATCH', '/apis/apps/v1/namespaces/a/deployments/d/scale', 'patch apps:deployments/scale in a d'],
    ['GET', '/api/v1/namespaces/a', 'get namespaces in a a'],
    ['PUT', '/api/v1/namespaces/a/finalize', 'update namespaces/finalize in a a'],
    ['GET', '/apis/storage.k8s.io/v1/storageclasses', 'list storage.k8s.io:storageclasses in '],
    ['GET', '/apis/apps/v1', 'get /apis/apps/v1'],
    ['GET', '/', 'get /'],
    ['PUT', '/practice/clock', 'put /practice/clock'],
  ])('%s %s', (method, url, wanted) => {
    const is = asked(method, url)
    const words =
      'path' in is
        ? `${is.verb} ${is.path}`
        : `${is.verb} ${is.group ? `${is.group}:` : ''}${is.resource}${is.subresource ? `/${is.subresource}` : ''} in ${is.namespace}${is.name ? ` ${is.name}` : ''}`
    expect(words).toBe(wanted)
  })
})

describe('what a rule allows', () => {
  const rule = { apiGroups: [''], resources: ['pods', '*/scale'], verbs: ['get', 'list'] }
  test.each([
    [rule, 'GET', '/api/v1/namespaces/a/pods', true],
    [rule, 'DELETE', '/api/v1/namespaces/a/pods/x', false],
    [rule, 'GET', '/api/v1/namespaces/a/pods/x/log', false],
    [rule, 'GET', '/api/v1/namespaces/a/replicationcontrollers/x/scale', true],
    [rule, 'GET', '/apis/apps/v1/namespaces/a/deployments/x/scale', false],
    [{ ...rule, resourceNames: ['x'] }, 'GET', '/api/v1/namespaces/a/pods/x', true],
    [{ ...rule, resourceNames: ['x'] }, 'GET', '/api/v1/namespaces/a/pods/y', false],
    [{ ...rule, resourceNames: ['x'] }, 'GET', '/api/v1/namespaces/a/pods', false],
    [{ ...rule, apiGroups: ['*'], resources: ['*'] }, 'GET', '/apis/apps/v1/namespaces/a/deployments/x/scale', true],
    [{ nonResourceURLs: ['/apis/*'], verbs: ['get'] }, 'GET', '/apis/apps', true],
    [{ nonResourceURLs: ['/apis/*'], verbs: ['get'] }, 'GET', '/openapi', false],
    [{ nonResourceURLs: ['*'], verbs: ['get'] }, 'GET', '/api/v1/pods', false],
  ])('%j, %s %s: %s', (given, method, url, is) => expect(allows(given, asked(method, url))).toBe(is))
})

test('who a subject is', () => {
  const bob = { name: 'system:serviceaccount:a:bob', groups: accountGroups('system:serviceaccount:a:bob') }
  expect(bob.groups).toEqual(['system:serviceaccounts', 'system:serviceaccounts:a'])
  expect(isSubject(bob, { kind: 'ServiceAccount', name: 'bob', namespace: 'a' }, '')).toBe(true)
  expect(isSubject(bob, { kind: 'ServiceAccount', name: 'bob' }, 'a')).toBe(true)
  expect(isSubject(bob, { kind: 'ServiceAccount', name: 'bob' }, 'b')).toBe(false)
  expect(isSubject(bob, { kind: 'Group', name: 'system:serviceaccounts:a' }, '')).toBe(true)
  expect(isSubject(bob, { kind: 'User', name: 'bob' }, 'a')).toBe(false)
  expect(accountGroups('system:serviceaccount:a')).toEqual([])
  expect(accountGroups('system:serviceaccount:a:b:c')).toEqual([])
})
