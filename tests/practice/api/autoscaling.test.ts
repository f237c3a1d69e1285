// `kubectl top` of every version at hand, and the walk of the autoscaling tutorial in hurried time.

import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { kubectls } from '../../../build/kubectls.ts'
import { createPractice, type Practice } from '../../../electron/practice/practice.ts'

const versions = await kubectls()
const newest = versions.at(-1)!.path
const faults: unknown[] = []
let practice: Practice
let folder: string

beforeAll(async () => {
  practice = await createPractice({ seed: 7, speed: 60, onError: (where, error) => faults.push(where, error) })
  folder = mkdtempSync(join(tmpdir(), 'autoscaling-'))
  writeFileSync(join(folder, 'config'), practice.kubeconfig)
})
afterAll(async () => {
  await practice.stop()
  rmSync(folder, { recursive: true, force: true })
  expect(faults).toEqual([])
})

const run = (path: string, line: string, ...more: string[]) =>
  new Promise<{ code: number; text: string }>(resolve => {
    const env = { ...process.env, KUBECONFIG: join(folder, 'config'), HOME: folder }
    execFile(path, [...line.split(' '), ...more], { env }, (error, out, err) =>
      resolve({ code: error ? 1 : 0, text: `${out}${err}` }),
    )
  })
const good = async (line: string, ...more: string[]): Promise<string> => {
  const { code, text } = await run(newest, line, ...more)
  expect(code, `kubectl ${line}: ${text}`).toBe(0)
  return text
}
const apply = (yaml: string): Promise<string> => {
  const file = join(folder, 'manifest.yaml')
  writeFileSync(file, yaml)
  return good(`apply -f ${file}`)
}
/** Waits in the cluster's time. */
const pass = (seconds: number) => practice.clock.sleep(seconds * 1000)
const until = async <T>(what: string, look: () => Promise<T | undefined | false>): Promise<T> => {
  for (const end = performance.now() + 40_000; performance.now() < end; await sleep(50)) {
    const found = await look()
    if (found) return found
  }
  throw new Error(`waited in vain: ${what}`)
}
const rows = (text: string) =>
  text
    .trim()
    .split('\n')
    .map(line => line.split(/ {2,}/))
/** Thousandths of a core. */
const milli = (text: string | undefined) => Number(/^(\d+)m$/.exec(text ?? '')?.[1] ?? Number.NaN)

describe('kubectl top', () => {
  beforeAll(async () => {
    await good('create namespace top')
    await good('run busy -n top --image=busybox -l kind=busy --', 'sh', '-c', 'yes > /dev/null')
    await good('run idle -n top --image=redis')
    await good('wait pod -n top --for=condition=Ready --all')
    await pass(60)
    // A loop's first turns are the host's own: how long they take depends on it.
    await until(
      'a window of the whole loop',
      async () => milli(rows(await good('top pod busy -n top --no-headers'))[0]?.[1]) > 900,
    )
  }, 60_000)

  test.each(versions)('$version: nodes, Pods, containers', { timeout: 40_000 }, async ({ path }) => {
    const told = async (line: string) => {
      const { code, text } = await run(path, line)
      expect(code, text).toBe(0)
      return rows(text)
    }
    const busiest = async (line: string) => Math.max(...(await told(line)).slice(1).map(row => milli(row[1])))
    expect(await busiest('top nodes')).toBeGreaterThan(900)
    expect(await busiest('top pods -n top')).toBeGreaterThan(900)
    const nodes = await told('top nodes')
    expect(nodes[0]?.slice(0, 2)).toEqual(['NAME', 'CPU(cores)'])
    expect(nodes.slice(1).map(([name]) => name)).toEqual(['node1', 'node2'])
    const pods = await told('top pods -n top')
    expect(pods.map(([name]) => name)).toEqual(['NAME', 'busy', 'idle'])
    expect(milli(pods[1]?.[1])).toBeLessThan(1050)
    expect([milli(pods[2]?.[1]) < 10, pods[2]?.[2]?.trim()]).toEqual([true, '6Mi'])
    expect((await told('top pods -n top --containers'))[1]?.slice(0, 2)).toEqual(['busy', 'busy'])
    expect((await told('top pods -n top -l kind=busy')).length).toBe(2)
    expect((await told('top pods -A --sort-by=cpu'))[1]?.slice(0, 2)).toEqual(['top', 'busy'])
    expect((await told('top pod idle -n top'))[1]?.[0]).toBe('idle')
  })

  test('a Pod that nobody has measured, one that is not there, and a Table', async () => {
    await good('run slow -n top --image=nosuchimage')
    const notMeasured = await run(newest, 'top pod slow -n top')
    expect([notMeasured.code, notMeasured.text]).toEqual([
      1,
      'Error from server (NotFound): podmetrics.metrics.k8s.io "top/slow" not found\n',
    ])
    expect((await run(newest, 'top pod none -n top')).text).toBe('Error from server (NotFound): pods "none" not found\n')
    const table = rows(await good('get podmetrics -n top'))
    expect(table[0]).toEqual(['NAME', 'CPU', 'MEMORY', 'WINDOW'])
    expect(table[1]?.[1]).toMatch(/^\d{9,10}n$/)
    expect((await run(newest, 'delete podmetrics busy -n top')).text).toContain('not allow this method')
    await good('delete namespace top --wait=false')
  })
})

describe('autoscaling', () => {
  const replicas = async () => Number((await good('get hpa php-apache --no-headers')).trim().split(/\s+/).at(-2))

  test('grows under load, and shrinks five minutes after it', async () => {
    await good('create deployment php-apache --image=registry.k8s.io/hpa-example --port=80')
    await good('set resources deployment php-apache --requests=cpu=200m --limits=cpu=500m')
    await good('expose deployment php-apache --port=80')
    const percent = (await run(newest, 'autoscale --help')).text.includes('--cpu=') ? '--cpu=50%' : '--cpu-percent=50'
    practice.clock.pause()
    await good(`autoscale deployment php-apache ${percent} --min=1 --max=10`)
    expect(await good('get hpa')).toMatch(/Deployment\/php-apache +cpu: <unknown>\/50% +1 +10 +0/)
    practice.clock.resume()
    await until('a measure of idleness', async () => / cpu: 0%\/50% +1 +10 +1 /.test(await good('get hpa')))

    const loop = 'while sleep 0.01; do wget -q -O- http://php-apache; done'
    await good('run load-generator --image=busybox:1.28 --restart=Never --', '/bin/sh', '-c', loop)
    // 33 requests a second of 20 ms each are 667m: at 100m for each Pod, seven of them.
    await until('seven Pods', async () => (await replicas()) === 7)
    await pass(60)
    // A host that stalls hides some requests from one window; the next has all of its own again.
    await until('their load', async () => / cpu: 4\d%\/50% +1 +10 +7 /.test(await good('get hpa')))
    expect(await good('exec load-generator -- wget -q -O- http://php-apache')).toBe('OK!')
    const ready = /AbleToScale +True +ReadyForNewScale +recommended size matches current size/
    const described = await until('its conditions', async () => {
      const text = await good('describe hpa php-apache')
      return ready.test(text) && text
    })
    expect(described).toContain('cpu resource utilization (percentage of request) above target')
    expect(described).toMatch(/ScalingActive +True +ValidMetricFound/)
    expect(described).toMatch(/ScalingLimited +False +DesiredWithinRange/)

    await good('delete pod load-generator --now')
    const stopped = practice.clock.now()
    await until('idleness', async () => / cpu: [01]%\/50%/.test(await good('get hpa')))
    expect(await good('describe hpa php-apache')).toContain('ScaleDownStabilized')
    await until('one Pod', async () => (await replicas()) === 1)
    const minutes = (practice.clock.now() - stopped) / 60_000
    expect(minutes).toBeGreaterThan(4.5)
    expect(minutes).toBeLessThan(8)
    expect(await good('get events --field-selector=reason=SuccessfulRescale')).toContain(
      'New size: 1; reason: All metrics below target',
    )
    await good('delete hpa/php-apache deployment/php-apache service/php-apache')
  }, 120_000)

  test('a load generator asks at the rate it is told', async () => {
    await good('create deployment web --image=registry.k8s.io/hpa-example --port=80')
    await good('expose deployment web --port=80')
    await good('wait deployment web --for=condition=Available')
    await good('run load --image=load-generator --', '-q', '10', 'http://web')
    // Ten times 20 ms a second.
    await until('200m', async () => {
      const { text } = await run(newest, 'top pods -l app=web --no-headers')
      const [row] = rows(text)
      return row && milli(row[1]) >= 190 && milli(row[1]) <= 210
    })
    expect(await until('a report', async () => /answered: \S+/.exec(await good('logs load'))?.[0])).toMatch(
      /^answered: (9\.\d|10\.\d)/,
    )
    await good('delete pod/load deployment/web service/web --now')
  }, 60_000)

  test('a kind that a user defined is scaled by the paths of its definition', async () => {
    await apply(`apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: farms.example.com }
spec:
  group: example.com
  scope: Namespaced
  names: { plural: farms, singular: farm, kind: Farm }
  versions:
    - name: v1
      served: true
      storage: true
      schema: { openAPIV3Schema: { type: object, x-kubernetes-preserve-unknown-fields: true } }
      subresources: { scale: { specReplicasPath: .spec.cows, statusReplicasPath: .status.cows, labelSelectorPath: .status.selector } }`)
    await good('wait crd/farms.example.com --for=condition=Established')
    await apply(`apiVersion: example.com/v1
kind: Farm
metadata: { name: green }
spec: { cows: 1 }
status: { cows: 1, selector: kind=cow }
---
apiVersion: v1
kind: Pod
metadata: { name: cow, labels: { kind: cow } }
spec: { containers: [{ name: c, image: polinux/stress, command: [stress, --cpu, '1'], resources: { requests: { cpu: 500m } } }] }
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: green }
spec:
  scaleTargetRef: { apiVersion: example.com/v1, kind: Farm, name: green }
  maxReplicas: 9
  metrics: [{ type: Resource, resource: { name: cpu, target: { type: Utilization, averageUtilization: 70 } } }]`)
    await until('more cows', async () => (await good('get farm green -ojsonpath={.spec.cows}')) === '3')
    await good('delete hpa/green pod/cow farm/green crd/farms.example.com --now')
  }, 60_000)

  test('what is said of a target that is not there, and of Pods that request nothing', async () => {
    await good('create deployment plain --image=nginx')
    await good('autoscale deployment plain --min=1 --max=3')
    await good('delete deployment plain')
    const gone = `the HPA controller was unable to get the target's current scale: deployments.apps "plain" not found`
    await until('FailedGetScale', async () => (await good('describe hpa plain')).includes(gone))
    await good('create deployment plain --image=nginx')
    await until('FailedGetResourceMetric', async () =>
      /ScalingActive +False +FailedGetResourceMetric +the HPA was unable to compute the replica count: failed to get cpu utilization: missing request for cpu in container nginx of Pod plain-/.test(
        await good('describe hpa plain'),
      ),
    )
    await good('delete hpa/plain deployment/plain')
  }, 60_000)

  test('both versions show one autoscaler, and either can change it', async () => {
    await good('create deployment two --image=nginx')
    await good('autoscale deployment two --min=1 --max=3')
    const behavior = '{"spec":{"behavior":{"scaleDown":{"stabilizationWindowSeconds":60}}}}'
    await good('patch hpa two --type=merge -p', behavior)
    const v1 = 'horizontalpodautoscalers.v1.autoscaling'
    await good(`patch ${v1} two --type=merge -p`, '{"spec":{"targetCPUUtilizationPercentage":70,"maxReplicas":4}}')
    const stored = JSON.parse(await good('get hpa two -ojson'))
    expect(stored).toMatchObject({
      apiVersion: 'autoscaling/v2',
      spec: {
        maxReplicas: 4,
        metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } }],
        behavior: { scaleDown: { stabilizationWindowSeconds: 60, selectPolicy: 'Max' } },
      },
    })
    expect(Object.keys(stored.metadata.annotations ?? {})).toEqual([])
    const older = JSON.parse(await good(`get ${v1} two -ojson`))
    expect(older).toMatchObject({ apiVersion: 'autoscaling/v1', spec: { targetCPUUtilizationPercentage: 70, maxReplicas: 4 } })
    expect(JSON.parse(older.metadata.annotations['autoscaling.alpha.kubernetes.io/behavior'])).toEqual(stored.spec.behavior)
    await good('delete hpa/two deployment/two')
  }, 60_000)

  test.each([
    ['{"spec":{"maxReplicas":0}}', 'spec.maxReplicas: Invalid value: 0: must be greater than 0'],
    [
      '{"spec":{"metrics":[{"type":"Resource"}]}}',
      'spec.metrics[0].resource: Required value: must populate information for the given metric source',
    ],
    ['{"spec":{"metrics":[{"type":"Weather"}]}}', 'spec.metrics[0].type: Unsupported value: "Weather"'],
    [
      '{"spec":{"metrics":[{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":0}}}]}}',
      'averageUtilization: Invalid value: 0: must be greater than 0',
    ],
    [
      '{"spec":{"behavior":{"scaleUp":{"policies":[{"type":"Pods","value":0,"periodSeconds":15}]}}}}',
      'policies[0].value: Invalid value: 0: must be greater than zero',
    ],
    [
      '{"spec":{"behavior":{"scaleDown":{"stabilizationWindowSeconds":3601}}}}',
      'stabilizationWindowSeconds: Invalid value: 3601: must be less than or equal to 3600',
    ],
  ])('refuses %s', async (patch, why) => {
    await run(newest, 'create deployment faulty --image=nginx')
    await run(newest, 'autoscale deployment faulty --min=1 --max=3')
    const { code, text } = await run(newest, 'patch hpa faulty --type=merge -p', patch)
    expect(code).toBe(1)
    expect(text).toContain(why)
  })
})

test('a container that takes more memory than its limit is killed', async () => {
  const limits =
    '{"spec":{"containers":[{"name":"hog","image":"polinux/stress","command":["stress"],"args":["--vm","1","--vm-bytes","250M","--vm-hang","1"],"resources":{"limits":{"memory":"100Mi"}}}]}}'
  await good('run hog --image=polinux/stress --overrides', limits)
  const state =
    '-ojsonpath={.status.containerStatuses[0].lastState.terminated.reason} {.status.containerStatuses[0].lastState.terminated.exitCode}'
  expect(
    await until('OOMKilled', async () => {
      const text = await good('get pod hog', state)
      return text.trim() && text
    }),
  ).toBe('OOMKilled 137')
  await good('delete pod hog --now')
}, 30_000)
