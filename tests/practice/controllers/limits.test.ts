import { expect, test } from 'vitest'
import { clusterForTests } from '../api/harness.ts'
import { kubectlFor, sleeper } from './kubectl.ts'

const { kubectl, apply, until } = kubectlFor(clusterForTests())
/** What was answered, good or bad. */
const answer = (asked: Promise<string>) => asked.catch((error: Error) => error.message)

const quota = (name: string, spec: object) => ({ apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name }, spec })

test('a quota with scopes counts only the Pods that it speaks for', async () => {
  const byClass = { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In', values: ['dear'] }] }
  await apply(
    'quotas',
    { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'dear' }, value: 5 },
    quota('short', { hard: { pods: '1' }, scopes: ['Terminating'] }),
    quota('dear', { hard: { pods: '1', 'requests.cpu': '1' }, scopeSelector: byClass }),
    quota('careless', { hard: { pods: '1' }, scopes: ['BestEffort'] }),
  )
  await apply('first', sleeper('plain', { cpu: '100m' }), sleeper('short', { cpu: '100m', activeDeadlineSeconds: 900 }))
  await apply('second', sleeper('dear', { cpu: '600m', priorityClassName: 'dear' }))
  await until(
    () => kubectl('get quota', '-ojsonpath={range .items[*]}{.metadata.name}={.status.used.pods};{end}'),
    /^careless=0;dear=1;short=1;$/,
  )
  expect(await answer(apply('third', sleeper('more', { cpu: '100m', activeDeadlineSeconds: 900 })))).toContain(
    'pods "more" is forbidden: exceeded quota: short, requested: pods=1, used: pods=1, limited: pods=1',
  )
  expect(await answer(apply('fourth', sleeper('more', { cpu: '600m', priorityClassName: 'dear' })))).toContain(
    'exceeded quota: dear, requested: pods=1,requests.cpu=600m, used: pods=1,requests.cpu=600m, limited: pods=1,requests.cpu=1',
  )
  expect(await answer(apply('fifth', sleeper('more', { cpu: '100m' })))).toBe('pod/more created')
  await kubectl('delete pod --all --now')
  await kubectl('delete quota --all')
}, 60_000)

test('scopes that cannot tell what is limited are refused', async () => {
  expect(await answer(apply('wrong', quota('wrong', { hard: { 'requests.cpu': '1' }, scopes: ['BestEffort'] })))).toContain(
    'spec.scopes: Invalid value: ["BestEffort"]: unsupported scope applied to resource',
  )
  expect(
    await answer(apply('wrong', quota('wrong', { hard: { pods: '1' }, scopes: ['BestEffort', 'NotBestEffort'] }))),
  ).toContain('conflicting scopes')
})

test('a change that takes more than the quota has is refused too', async () => {
  const service = (type: string) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web' },
    spec: { type, selector: { app: 'web' }, ports: [{ port: 80 }] },
  })
  await apply('more', quota('all', { hard: { 'services.nodeports': '0', services: '2' } }), service('ClusterIP'))
  expect(await answer(apply('service', service('NodePort')))).toContain(
    'services "web" is forbidden: exceeded quota: all, requested: services.nodeports=1, used: services.nodeports=0, limited: services.nodeports=0',
  )
  expect(await kubectl('get service web -ojsonpath={.spec.type}')).toBe('ClusterIP')
  await kubectl('label service web seen=yes')
  await kubectl('delete quota all')
  await kubectl('delete service web')
}, 60_000)

test('a Pod that is not ready may be evicted where its budget says so', async () => {
  const budget = (more: object = {}) => ({
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'b' },
    spec: { minAvailable: 2, selector: { matchLabels: { app: 'ill' } }, ...more },
  })
  const readinessProbe = { exec: { command: ['false'] }, periodSeconds: 1 }
  const containers = [{ name: 'c', image: 'busybox:1.36', command: ['sleep', '9999'], readinessProbe }]
  await apply('ill', budget(), sleeper('ill', { labels: { app: 'ill' }, containers }))
  await until(() => kubectl('get pod ill -ojsonpath={.status.phase}'), /Running/)
  const node = await kubectl('get pod ill -ojsonpath={.spec.nodeName}')
  const drain = () => answer(kubectl(`drain ${node} --force --timeout=1s --pod-selector=app=ill`))
  expect(await drain()).toContain("Cannot evict pod as it would violate the pod's disruption budget.")
  await apply('ill', budget({ unhealthyPodEvictionPolicy: 'AlwaysAllow' }))
  expect(await answer(kubectl(`drain ${node} --force --timeout=10s --pod-selector=app=ill`))).toContain(`node/${node} drained`)
  expect(await answer(apply('ill', budget({ unhealthyPodEvictionPolicy: 'Sometimes' })))).toContain(
    'spec.unhealthyPodEvictionPolicy: Unsupported value: "Sometimes": supported values: "AlwaysAllow", "IfHealthyBudget"',
  )
}, 60_000)
