import { beforeAll, describe, expect, test } from 'vitest'
import { clusterForTests } from '../api/harness.ts'
import { kubectlAt, newest } from '../api/kubectl-at.ts'

const cluster = clusterForTests()
const { run, good, apply } = kubectlAt(cluster)

describe.skipIf(!newest)(`cluster DNS, asked in a busybox${newest ? '' : ' (skipped: no kubectl on this machine)'}`, () => {
  const labels = { app: 'db' }
  const lookUp = async (...args: string[]) => {
    const { code, out } = await run(['exec', 'db-0', '--', 'nslookup', ...args])
    return { code, lines: out.split('\n').slice(3).filter(Boolean) }
  }
  const podIps = async () => (await good('get', 'pods', '-l', 'app=db', '-o', 'jsonpath={.items[*].status.podIP}')).split(' ')

  beforeAll(async () => {
    const ports = [
      { name: 'sql', port: 5432 },
      { name: 'metrics', port: 9100 },
    ]
    const service = (name: string, spec: object) => ({ apiVersion: 'v1', kind: 'Service', metadata: { name }, spec })
    await apply(service('db', { clusterIP: 'None', selector: labels, ports }))
    await apply(service('front', { selector: labels, ports: [{ name: 'http', port: 80 }] }))
    await apply(service('bare', { selector: labels, ports: [{ port: 81 }] }))
    await apply(service('inside', { type: 'ExternalName', externalName: 'front.default.svc.cluster.local' }))
    await apply(service('outside', { type: 'ExternalName', externalName: 'example.com' }))
    const containers = [{ name: 'box', image: 'busybox:1.36', command: ['sleep', '86400'] }]
    await apply({
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'db' },
      spec: {
        replicas: 2,
        serviceName: 'db',
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers } },
      },
    })
    await good('rollout', 'status', 'statefulset/db', '--timeout=20s')
  }, 40_000)

  test('a headless Service stands for all its Pods, and each Pod has a name', async () => {
    const ips = await podIps()
    expect(ips).toHaveLength(2)
    const all = await lookUp('db')
    expect(all.lines).toEqual(ips.toSorted().flatMap(ip => ['Name:\tdb.default.svc.cluster.local', `Address: ${ip}`]))
    expect((await lookUp('db-1.db.default.svc.cluster.local')).lines).toEqual([
      'Name:\tdb-1.db.default.svc.cluster.local',
      `Address: ${ips[1]}`,
    ])
    expect(await lookUp('db-2.db')).toEqual({ code: 1, lines: ["** server can't find db-2.db: NXDOMAIN"] })
    const slices = await good('get', 'endpointslices', '-o', 'jsonpath={.items[*].endpoints[*].hostname}')
    expect(slices.split(' ').sort()).toEqual(['db-0', 'db-1'])
  })

  test('SRV tells ports: of Pods where there is no address, else of the Service', async () => {
    expect((await lookUp('-type=srv', '_sql._tcp.db.default.svc.cluster.local')).lines.sort()).toEqual([
      '_sql._tcp.db.default.svc.cluster.local\tservice = 0 50 5432 db-0.db.default.svc.cluster.local',
      '_sql._tcp.db.default.svc.cluster.local\tservice = 0 50 5432 db-1.db.default.svc.cluster.local',
    ])
    expect((await lookUp('-type=SRV', '_http._tcp.front')).lines).toEqual([
      '_http._tcp.front.default.svc.cluster.local\tservice = 0 100 80 front.default.svc.cluster.local',
    ])
    expect((await lookUp('-q=srv', 'bare')).lines).toEqual([
      'bare.default.svc.cluster.local\tservice = 0 100 81 bare.default.svc.cluster.local',
    ])
    expect((await lookUp('-type=srv', 'db')).lines).toHaveLength(4)
    for (const name of ['_http._udp.front', '_smtp._tcp.db', '_tcp.db', 'nosuch'])
      expect(await lookUp('-type=srv', name)).toEqual({ code: 1, lines: [`** server can't find ${name}: NXDOMAIN`] })
  })

  test('an ExternalName is another name', async () => {
    const ip = await good('get', 'service', 'front', '-o', 'jsonpath={.spec.clusterIP}')
    expect((await lookUp('inside')).lines).toEqual([
      'inside.default.svc.cluster.local\tcanonical name = front.default.svc.cluster.local',
      'Name:\tfront.default.svc.cluster.local',
      `Address: ${ip}`,
    ])
    expect(await lookUp('-type=cname', 'outside')).toEqual({
      code: 0,
      lines: ['outside.default.svc.cluster.local\tcanonical name = example.com'],
    })
    const wrong = await run(['exec', 'db-0', '--', 'nslookup', '-type=mail', 'db'])
    expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining('nslookup: invalid query type "mail"')])
  })
})
