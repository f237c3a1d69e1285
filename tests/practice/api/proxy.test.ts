// What goes through the API server to Pods and Services, and the resize of a running Pod.

import { beforeAll, describe, expect, test } from 'vitest'
import { clusterForTests } from './harness.ts'
import { kubectlAt, minor, newest } from './kubectl-at.ts'

const cluster = clusterForTests()
const { run, good, apply } = kubectlAt(cluster)

describe.skipIf(!newest)(`through the API server${newest ? '' : ' (skipped: no kubectl on this machine)'}`, () => {
  const at = (path: string) => run(['get', '--raw', `/api/v1/namespaces/default/${path}`])

  beforeAll(async () => {
    await good('create', 'deployment', 'web', '--image=openresty/openresty:alpine', '--port=80')
    await good('expose', 'deployment', 'web', '--port=8080', '--target-port=80')
    await good('rollout', 'status', 'deployment/web', '--timeout=30s')
    await good('wait', 'pod', '-l', 'app=web', '--for=condition=Ready', '--timeout=30s')
  }, 60_000)

  test('a Service answers, by number or with its only port left out; its links stay below it', async () => {
    await expect.poll(async () => (await at('services/web:8080/proxy/')).out).toContain('Welcome to OpenResty!')
    const bare = await cluster.send('GET', '/api/v1/namespaces/default/services/web:8080/proxy')
    expect([bare.code, bare.headers.location]).toEqual([301, '/api/v1/namespaces/default/services/web:8080/proxy/'])
    expect((await at('services/http:web:8080/proxy/nothing')).err).toContain('the server could not find the requested resource')
    expect((await at('services/web:81/proxy/')).err).toContain('no service port "81" found for service "web"')
    expect((await at('services/none:80/proxy/')).err).toContain('services "none" not found')
  })

  test('a Pod answers on the port that it names first, and says when nothing listens', async () => {
    const pod = (await good('get', 'pods', '-l', 'app=web', '-o', 'name')).trim().replace('pod/', '')
    expect((await at(`pods/${pod}/proxy/`)).out).toContain('Welcome to OpenResty!')
    const refused = await at(`pods/${pod}:81/proxy/`)
    expect(refused.err).toMatch(/ServiceUnavailable.*error trying to reach service: Connection refused/)
    await good('scale', 'deployment', 'web', '--replicas=0')
    await expect
      .poll(async () => (await at('services/web:8080/proxy/')).err, { timeout: 10_000 })
      .toContain('no endpoints available for service "web"')
  })

  test('bodies and headers pass, the token does not', async () => {
    const lua =
      'ngx.req.read_body() ngx.say(ngx.req.get_method(), " ", ngx.req.get_body_data(), " ", ngx.var.http_x_asked, " ", ngx.var.http_authorization)'
    const conf = `server { listen 80; location / { content_by_lua_block { ${lua} } } }`
    await good('create', 'configmap', 'mirror', `--from-literal=default.conf=${conf}`)
    await apply({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'mirror' },
      spec: {
        containers: [
          {
            name: 'mirror',
            image: 'openresty/openresty:alpine',
            volumeMounts: [{ name: 'conf', mountPath: '/etc/nginx/conf.d' }],
          },
        ],
        volumes: [{ name: 'conf', configMap: { name: 'mirror' } }],
      },
    })
    await good('wait', 'pod/mirror', '--for=condition=Ready', '--timeout=30s')
    const path = '/api/v1/namespaces/default/pods/mirror/proxy/path?a=b'
    expect((await cluster.send('POST', path, 'the body', { 'x-asked': 'yes' })).text).toBe('POST the body yes nil\n')
  })
})

describe.skipIf(minor < 32)(`resize${minor < 32 ? ' (skipped: kubectl 1.32 asks first)' : ''}`, () => {
  const resize = (requests: object, more: object = {}) =>
    run([
      'patch',
      'pod',
      'sized',
      '--subresource=resize',
      '-p',
      JSON.stringify({ spec: { containers: [{ name: 'sized', resources: { requests }, ...more }] } }),
    ])
  const told = async (path: string) => (await good('get', 'pod', 'sized', '-o', `jsonpath={${path}}`)).trim()

  test('changes what a running container asks for, and nothing else', async () => {
    const requests = { cpu: '100m', memory: '64Mi' }
    const overrides = JSON.stringify({
      spec: { containers: [{ name: 'sized', image: 'nginx:alpine', resources: { requests } }] },
    })
    await good('run', 'sized', '--image=nginx:alpine', `--overrides=${overrides}`)
    await good('wait', 'pod/sized', '--for=condition=Ready', '--timeout=30s')
    const id = await told('.status.containerStatuses[0].containerID')
    expect((await resize({ cpu: '250m' })).code).toBe(0)
    await expect.poll(() => told('.status.containerStatuses[0].resources.requests.cpu')).toBe('250m')
    expect(await told('.status.containerStatuses[0].containerID')).toBe(id)
    expect(await told('.spec.containers[0].resources.requests.memory')).toBe('64Mi')
    // Not by the front door, and nothing else by this one.
    const patch = JSON.stringify({ spec: { containers: [{ name: 'sized', resources: { requests: { cpu: '1' } } }] } })
    expect((await run(['patch', 'pod', 'sized', '-p', patch])).err).toContain('pod updates may not change fields other than')
    expect((await resize({}, { image: 'nginx:1' })).err).toContain(
      'only cpu and memory resources for non-sidecar containers are mutable',
    )
    const guaranteed = { resources: { requests: { cpu: '1', memory: '1Gi' }, limits: { cpu: '1', memory: '1Gi' } } }
    expect((await resize({}, guaranteed)).err).toContain('Pod QOS Class may not change as a result of resizing')
  }, 60_000)
})
