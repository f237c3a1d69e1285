import { describe, expect, test } from 'vitest'
import { clusterForTests } from '../api/harness.ts'
import { kubectlAt, newest } from '../api/kubectl-at.ts'

const cluster = clusterForTests()
const { run, good, apply } = kubectlAt(cluster)

describe('over HTTP', () => {
  test('who brings no token, or a wrong one, is nobody', async () => {
    for (const authorization of [undefined, 'Bearer x', 'Basic eDp5', 'Bearer '])
      expect(await cluster.send('GET', '/api/v1/pods', undefined, { authorization })).toMatchObject({
        code: 401,
        body: { reason: 'Unauthorized' },
      })
  })

  test('groups cannot be borrowed without a user', async () => {
    const { code, body } = await cluster.send('GET', '/api/v1/pods', undefined, { 'impersonate-group': 'system:masters' })
    expect([code, body.message]).toEqual([400, 'requested impersonation without impersonating a user'])
  })

  test('who may not act as others, cannot', async () => {
    const as = { 'impersonate-user': 'system:serviceaccount:default:default' }
    const { body } = await cluster.send('POST', '/api/v1/namespaces/default/serviceaccounts/default/token', { spec: {} })
    const { token } = (body as { status: { token: string } }).status
    const mine = { authorization: `Bearer ${token}` }
    expect(await cluster.send('GET', '/api/v1/pods', undefined, { ...as, ...mine })).toMatchObject({
      code: 403,
      body: {
        message:
          'serviceaccounts "default" is forbidden: User "system:serviceaccount:default:default" cannot impersonate resource "serviceaccounts" in API group "" in the namespace "default"',
      },
    })
    expect(await cluster.send('GET', '/practice/clock', undefined, mine)).toMatchObject({
      code: 403,
      body: {
        message: 'forbidden: User "system:serviceaccount:default:default" cannot get path "/practice/clock"',
        details: {},
      },
    })
  })

  test('a TokenRequest is bounded', async () => {
    const at = '/api/v1/namespaces/default/serviceaccounts/default/token'
    expect((await cluster.send('POST', at, { spec: { expirationSeconds: 60 } })).body.message).toBe(
      'TokenRequest.authentication.k8s.io "default" is invalid: spec.expirationSeconds: Invalid value: 60: may not specify a duration less than 10 minutes',
    )
    const bound = { spec: { boundObjectRef: { kind: 'Pod', name: 'nosuch' } } }
    expect((await cluster.send('POST', at, bound)).code).toBe(404)
    expect((await cluster.send('POST', at.replace('/default/token', '/nosuch/token'), { spec: {} })).code).toBe(404)
  })

  test('a token is reviewed', async () => {
    const given = await cluster.send('POST', '/api/v1/namespaces/default/serviceaccounts/default/token', { spec: {} })
    const { token } = (given.body as { status: { token: string } }).status
    const reviewed = async (each: string) =>
      (await cluster.send('POST', '/apis/authentication.k8s.io/v1/tokenreviews', { spec: { token: each } })).body.status
    expect(await reviewed(token)).toMatchObject({
      authenticated: true,
      user: { username: 'system:serviceaccount:default:default' },
    })
    expect(await reviewed('x')).toEqual({ authenticated: false, error: 'invalid bearer token' })
  })
})

describe.skipIf(!newest)(`kubectl${newest ? '' : ' (skipped: none on this machine)'}`, () => {
  test('a Role and its binding give an account just what they say', async () => {
    await good('create', 'serviceaccount', 'bob')
    await good('create', 'role', 'reader', '--verb=get,list', '--resource=pods')
    await good('create', 'rolebinding', 'bob-reads', '--role=reader', '--serviceaccount=default:bob')
    const as = '--as=system:serviceaccount:default:bob'
    expect(await good('auth', 'can-i', 'list', 'pods', as)).toBe('yes\n')
    expect(await run(['auth', 'can-i', 'delete', 'pods', as])).toMatchObject({ code: 1, out: 'no\n' })
    expect(await run(['auth', 'can-i', 'list', 'pods', '-n', 'kube-system', as])).toMatchObject({ code: 1, out: 'no\n' })
    expect((await run(['get', 'pods', as])).err).toBe('No resources found in default namespace.\n')
    expect((await run(['get', 'pods', '-n', 'kube-system', as])).err).toBe(
      'Error from server (Forbidden): pods is forbidden: User "system:serviceaccount:default:bob" cannot list resource "pods" in API group "" in the namespace "kube-system"\n',
    )
    expect((await run(['delete', 'deployment', 'web', as])).err).toBe(
      'Error from server (Forbidden): deployments.apps "web" is forbidden: User "system:serviceaccount:default:bob" cannot delete resource "deployments" in API group "apps" in the namespace "default"\n',
    )
    const spec = {
      user: 'system:serviceaccount:default:bob',
      resourceAttributes: { verb: 'list', resource: 'pods', namespace: 'default' },
    }
    const asked = { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec }
    const { out } = await run(['create', '-o', 'json', '-f', '-'], JSON.stringify(asked))
    expect(JSON.parse(out).status).toEqual({
      allowed: true,
      reason: 'RBAC: allowed by RoleBinding "bob-reads/default" of Role "reader" to ServiceAccount "bob/default"',
    })
  })

  test('the Roles for people: who views cannot enter or change, who edits cannot give rights', async () => {
    await good('create', 'rolebinding', 'ann-views', '--clusterrole=view', '--user=ann')
    await good('create', 'rolebinding', 'eve-edits', '--clusterrole=edit', '--user=eve')
    await good('create', 'rolebinding', 'amy-administers', '--clusterrole=admin', '--user=amy')
    const may = async (user: string, ...what: string[]) => (await run(['auth', 'can-i', ...what, `--as=${user}`])).out.trim()
    const answers = async (...what: string[]) => Promise.all(['ann', 'eve', 'amy', 'nobody'].map(user => may(user, ...what)))
    expect(await answers('list', 'deployments')).toEqual(['yes', 'yes', 'yes', 'no'])
    expect(await answers('get', 'secrets')).toEqual(['no', 'yes', 'yes', 'no'])
    expect(await answers('create', 'pods/exec')).toEqual(['no', 'yes', 'yes', 'no'])
    expect(await answers('patch', 'deployments', '--subresource=scale')).toEqual(['no', 'yes', 'yes', 'no'])
    expect(await answers('create', 'rolebindings')).toEqual(['no', 'no', 'yes', 'no'])
    expect(await answers('get', '/apis')).toEqual(['yes', 'yes', 'yes', 'yes'])
    expect(await answers('list', 'nodes')).toEqual(['no', 'no', 'no', 'no'])
  })

  test('nobody gives more than they have', async () => {
    const as = '--as=amy'
    const refused = async (...args: string[]) => (await run([...args, as])).err
    await good('create', 'role', 'sees-pods', '--verb=get,list', '--resource=pods', as)
    await good('create', 'rolebinding', 'kim-sees-pods', '--role=sees-pods', '--user=kim', as)
    const sentence = (what: string, missing: string) =>
      `roles.rbac.authorization.k8s.io "${what}" is forbidden: user "amy" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n${missing}\n`
    expect(await refused('create', 'role', 'sees-more', '--verb=get,list', '--resource=nodes,pods')).toContain(
      sentence('sees-more', '{APIGroups:[""], Resources:["nodes"], Verbs:["get" "list"]}'),
    )
    const more = { rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }] }
    const all = sentence('sees-pods', '{APIGroups:["*"], Resources:["*"], Verbs:["*"]}')
    for (const type of ['merge', 'json'])
      expect(
        await refused(
          'patch',
          'role',
          'sees-pods',
          `--type=${type}`,
          '-p',
          JSON.stringify(type === 'json' ? [{ op: 'replace', path: '/rules', value: more.rules }] : more),
        ),
      ).toContain(all)
    const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name: 'sees-pods' }, ...more }
    for (const way of [['replace'], ['apply'], ['apply', '--server-side', '--force-conflicts']])
      expect((await run([...way, '-f', '-', as], JSON.stringify(role))).err).toContain('permissions not currently held')
    await good('label', 'role', 'sees-pods', 'team=a', as)

    const toAdmin = ['create', 'rolebinding', 'amy-rules', '--clusterrole=cluster-admin', '--user=amy']
    expect(await refused(...toAdmin)).toContain('{NonResourceURLs:["*"], Verbs:["*"]}')
    expect(await refused('create', 'rolebinding', 'lost', '--clusterrole=nosuch', '--user=amy')).toContain(
      'clusterroles.rbac.authorization.k8s.io "nosuch" not found',
    )
    await good('create', 'role', 'binder', '--verb=bind', '--resource=clusterroles', '--resource-name=cluster-admin')
    await good('create', 'rolebinding', 'amy-binds', '--role=binder', '--user=amy')
    await good(...toAdmin, as)
    await good('create', 'role', 'sees-everything', '--verb=*', '--resource=*.*', as)
  })

  test('who one is, and a token that is somebody else', async () => {
    expect(await good('auth', 'whoami')).toMatch(/Username +learner\nGroups +\[system:masters system:authenticated\]/)
    const token = (await good('create', 'token', 'bob', '--duration=10m')).trim()
    const mine = [`--token=${token}`]
    expect(await good('auth', 'whoami', ...mine)).toMatch(/Username +system:serviceaccount:default:bob\n/)
    await good('get', 'pods', ...mine)
    expect((await run(['get', 'secrets', ...mine])).err).toContain('cannot list resource "secrets"')
    await good('delete', 'serviceaccount', 'bob')
    expect((await run(['get', 'pods', ...mine])).err).toContain('Unauthorized')
  })

  test('rights that come and go are felt at once, in exec too', async () => {
    const spec = {
      containers: [{ name: 'main', image: 'busybox:1.36', command: ['sleep', '86400'] }],
      terminationGracePeriodSeconds: 0,
    }
    await apply({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'box' }, spec })
    await good('wait', '--for=condition=Ready', 'pod/box')
    const enter = () => run(['exec', 'box', '--as=zoe', '--', 'echo', 'in'])
    expect((await enter()).err).toContain('pods "box" is forbidden: User "zoe" cannot get resource "pods"')
    await good('create', 'role', 'enterer', '--verb=get,create', '--resource=pods,pods/exec')
    await good('create', 'rolebinding', 'zoe-enters', '--role=enterer', '--user=zoe')
    expect(await enter()).toMatchObject({ code: 0, out: 'in\n' })
    await good('delete', 'rolebinding', 'zoe-enters')
    expect((await enter()).code).toBe(1)
  })

  test('a Pod finds a token that is its own account, and a Secret that asks for one gets it', async () => {
    const folder = '/var/run/secrets/kubernetes.io/serviceaccount'
    const token = (await good('exec', 'box', '--', 'cat', `${folder}/token`)).trim()
    expect(await good('auth', 'whoami', `--token=${token}`)).toContain('system:serviceaccount:default:default')
    await apply({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'lasting', annotations: { 'kubernetes.io/service-account.name': 'default' } },
      type: 'kubernetes.io/service-account-token',
    })
    await good('wait', '--for=jsonpath={.data.token}', 'secret/lasting', '--timeout=10s')
    const encoded = await good('get', 'secret', 'lasting', '-o', 'jsonpath={.data.token}')
    const lasting = Buffer.from(encoded, 'base64').toString()
    expect(await good('auth', 'whoami', `--token=${lasting}`)).toContain('system:serviceaccount:default:default')
    await good('delete', 'pod', 'box')
    expect((await run(['auth', 'whoami', `--token=${token}`])).code).toBe(1)
  })

  test('a ClusterRole that is made of others follows them', async () => {
    const label = 'rbac.authorization.k8s.io/aggregate-to-view'
    await good('create', 'clusterrole', 'sees-nodes', '--verb=list', '--resource=nodes')
    expect((await run(['auth', 'can-i', 'list', 'nodes', '--as=ann'])).out).toBe('no\n')
    await good('create', 'clusterrolebinding', 'ann-views-all', '--clusterrole=view', '--user=ann')
    await good('label', 'clusterrole', 'sees-nodes', `${label}=true`)
    await expect.poll(async () => (await run(['auth', 'can-i', 'list', 'nodes', '--as=ann'])).out).toBe('yes\n')
    expect(await good('get', 'clusterrole', 'admin', '-o', 'yaml')).toContain('- nodes\n')
  })
})
