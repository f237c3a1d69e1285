import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { kubectls } from '../../../build/kubectls.ts'
import { clusterForTests } from './harness.ts'

const cluster = clusterForTests()
const all = await kubectls()
/** The oldest and the newest at hand: what lies between is the matrix's own test. */
const chosen = [...new Set([all[0], all.at(-1)])].filter(kubectl => kubectl !== undefined)

const template = (app: string, policy = 'Always') => `
    metadata: { labels: { app: ${app} } }
    spec:
      restartPolicy: ${policy}
      terminationGracePeriodSeconds: 0
      containers: [{ name: c, image: 'busybox:1.36', command: [sleep, '9999'] }]`

test('there is a kubectl to test with', () => {
  expect(chosen.length).toBeGreaterThan(0)
})

describe.each(chosen)('kubectl $version', ({ path, version }) => {
  const minor = Number(version.split('.')[1])
  const run = (...args: string[]) =>
    new Promise<{ code: number; text: string }>(resolve => {
      const { folder } = cluster
      const env = {
        ...process.env,
        KUBECONFIG: join(folder, 'config'),
        KUBECACHEDIR: join(folder, `cache-${version}`),
        HOME: folder,
      }
      execFile(path, args, { env, timeout: 20_000 }, (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code ?? 1) : 0, text: `${stdout}${stderr}`.trim() })
      })
    })
  const good = async (line: string, ...more: string[]): Promise<string> => {
    const { code, text } = await run(...line.split(' '), ...more)
    expect(code, `${line}\n${text}`).toBe(0)
    return text
  }
  const bad = async (line: string): Promise<string> => {
    const { code, text } = await run(...line.split(' '))
    expect(code, `${line}\n${text}`).not.toBe(0)
    return text
  }
  const apply = async (ns: string, text: string) => {
    const file = join(cluster.folder, `${ns}.yaml`)
    writeFileSync(file, text)
    return good(`apply -n ${ns} -f ${file}`)
  }
  const rows = (text: string) => text.split('\n').map(line => line.trim().split(/\s{2,}/))
  const space = async (name: string) => {
    const ns = `${name}-1-${minor}`
    await good(`create namespace ${ns}`)
    return ns
  }

  test('a Job runs to its end, and says why it fails', async () => {
    const ns = await space('job')
    await good(`create job hello -n ${ns} --image=busybox:1.36 -- echo hi`)
    await good(`wait -n ${ns} --for=condition=complete job/hello --timeout=15s`)
    const [head, row] = rows(await good(`get job hello -n ${ns}`))
    expect(head).toEqual(['NAME', 'STATUS', 'COMPLETIONS', 'DURATION', 'AGE'])
    expect(row?.slice(0, 3)).toEqual(['hello', 'Complete', '1/1'])
    expect(await good(`logs -n ${ns} job/hello`)).toBe('hi')
    const told = await good(`describe job hello -n ${ns}`)
    expect(told).toMatch(/Completed\s+\S+\s+job-controller\s+Job completed/)
    await apply(
      ns,
      `apiVersion: batch/v1
kind: Job
metadata: { name: bad }
spec:
  backoffLimit: 0
  template: { spec: { restartPolicy: Never, containers: [{ name: c, image: 'busybox:1.36', command: [sh, -c, 'exit 3'] }] } }`,
    )
    await good(`wait -n ${ns} --for=condition=failed job/bad --timeout=15s`)
    expect(await good(`describe job bad -n ${ns}`)).toMatch(
      /BackoffLimitExceeded\s+\S+\s+job-controller\s+Job has reached the specified backoff limit/,
    )
    const wrong = await run('create', '-n', ns, '-f', join(cluster.folder, 'nosuch'))
    expect(wrong.code).not.toBe(0)
    await good(`delete job hello bad -n ${ns}`)
    expect(await good(`get pods -n ${ns}`)).toContain('No resources found')
  }, 60_000)

  test('an Indexed Job gives each Pod its number', async () => {
    const ns = await space('indexed')
    await apply(
      ns,
      `apiVersion: batch/v1
kind: Job
metadata: { name: three }
spec:
  completions: 3
  parallelism: 2
  completionMode: Indexed
  template: { spec: { restartPolicy: Never, containers: [{ name: c, image: 'busybox:1.36', command: [sh, -c, 'echo $JOB_COMPLETION_INDEX'] }] } }`,
    )
    await good(`wait -n ${ns} --for=condition=complete job/three --timeout=20s`)
    expect(await good(`get job three -n ${ns} -ojsonpath={.status.completedIndexes}`)).toBe('0-2')
    expect((await good(`logs -n ${ns} -l job-name=three`)).split('\n').sort()).toEqual(['0', '1', '2'])
  }, 60_000)

  test('a CronJob is stored, shown and refused, and starts Jobs by hand', async () => {
    const ns = await space('cron')
    // Before 1.21 kubectl creates CronJobs of batch/v1beta1, which no 1.25 or later serves.
    if (minor < 21) expect(await bad(`create cronjob x -n ${ns} --image=busybox --schedule=@hourly`)).toContain('could not find')
    await apply(
      ns,
      `apiVersion: batch/v1
kind: CronJob
metadata: { name: tick }
spec:
  schedule: '30 4 * * 1'
  timeZone: Asia/Shanghai
  jobTemplate: { spec: { template: { spec: { restartPolicy: Never, containers: [{ name: c, image: 'busybox:1.36', command: ['true'] }] } } } }`,
    )
    const [, row] = rows(await good(`get cronjob -n ${ns}`))
    expect(row?.slice(0, 6)).toEqual(['tick', '30 4 * * 1', 'Asia/Shanghai', 'False', '0', '<none>'])
    if (minor >= 21) {
      await good(`create job now -n ${ns} --from=cronjob/tick`)
      await good(`wait -n ${ns} --for=condition=complete job/now --timeout=15s`)
    }
    const patch = '{"spec":{"schedule":"* *"}}'
    const refused = await run('patch', 'cronjob', 'tick', '-n', ns, '-p', patch)
    expect(refused.text).toContain('spec.schedule: Invalid value: "* *": expected exactly 5 fields, found 2: [* *]')
  }, 60_000)

  test('a ReplicationController scales; a DaemonSet runs on every node, rolls and rolls back', async () => {
    const ns = await space('sets')
    await apply(
      ns,
      `apiVersion: v1
kind: ReplicationController
metadata: { name: rc }
spec:
  replicas: 1
  template: ${template('rc')}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: ds }
spec:
  selector: { matchLabels: { app: ds } }
  template: ${template('ds')}`,
    )
    await good(`rollout status ds/ds -n ${ns} --timeout=20s`)
    const [head, row] = rows(await good(`get ds ds -n ${ns}`))
    expect(head).toContain('NODE SELECTOR')
    expect(row?.slice(0, 7)).toEqual(['ds', '2', '2', '2', '2', '2', '<none>'])
    await good(`set image ds/ds c=busybox:1.35 -n ${ns}`)
    await good(`rollout status ds/ds -n ${ns} --timeout=20s`)
    expect(await good(`rollout history ds/ds -n ${ns}`)).toMatch(/^1 .*\n2 /m)
    await good(`rollout undo ds/ds -n ${ns}`)
    await good(`rollout status ds/ds -n ${ns} --timeout=20s`)
    expect(await good(`get pods -n ${ns} -l app=ds -ojsonpath={.items[*].spec.containers[0].image}`)).toBe(
      'busybox:1.36 busybox:1.36',
    )
    expect(await good(`scale rc rc --replicas=3 -n ${ns}`)).toContain('scaled')
    await good(`wait -n ${ns} --for=condition=ready pod -l app=rc --timeout=15s`)
    expect(await good(`describe rc rc -n ${ns}`)).toContain('3 desired')
    await good(`delete rc/rc ds/ds -n ${ns}`)
  }, 90_000)

  test('a PodDisruptionBudget keeps a Pod from being evicted', async () => {
    const ns = await space('budget')
    await apply(
      ns,
      `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: keep }
spec: { minAvailable: 2, selector: { matchLabels: { app: rc } } }
---
apiVersion: v1
kind: ReplicationController
metadata: { name: rc }
spec:
  replicas: 2
  template: ${template('rc')}`,
    )
    await good(`wait -n ${ns} --for=condition=ready pod -l app=rc --timeout=15s`)
    expect(rows(await good(`get pdb -n ${ns}`))[1]?.slice(0, 4)).toEqual(['keep', '2', 'N/A', '0'])
    const pod = await good(`get pods -n ${ns} -ojsonpath={.items[0].metadata.name}`)
    const evict = () =>
      cluster.send('POST', `/api/v1/namespaces/${ns}/pods/${pod}/eviction`, {
        apiVersion: 'policy/v1',
        kind: 'Eviction',
        metadata: { name: pod, namespace: ns },
      })
    const refused = await evict()
    expect(refused.code).toBe(429)
    expect(refused.body).toMatchObject({
      reason: 'TooManyRequests',
      message: "Cannot evict pod as it would violate the pod's disruption budget.",
      details: {
        causes: [{ reason: 'DisruptionBudget', message: 'The disruption budget keep needs 2 healthy pods and has 2 currently' }],
      },
    })
    await good(`scale rc rc --replicas=3 -n ${ns}`)
    for (
      let tries = 0;
      tries < 50 && !(await good(`get pdb keep -n ${ns} -ojsonpath={.status.disruptionsAllowed}`)).endsWith('1');
      tries++
    );
    expect((await evict()).code).toBe(201)
  }, 60_000)

  test('quotas, limits and priorities are applied to Pods', async () => {
    const ns = await space('limits')
    await good(`create quota q -n ${ns} --hard=pods=1,limits.cpu=1`)
    const made = await bad(`run a -n ${ns} --image=busybox:1.36`)
    expect(made).toContain('pods "a" is forbidden: failed quota: q: must specify limits.cpu for: a')
    await apply(
      ns,
      `apiVersion: v1
kind: LimitRange
metadata: { name: l }
spec: { limits: [{ type: Container, default: { cpu: 200m }, defaultRequest: { cpu: 100m }, max: { cpu: 500m } }] }`,
    )
    await good(`run a -n ${ns} --image=busybox:1.36 --restart=Never -- sleep 9999`)
    expect(await good(`get pod a -n ${ns} -ojsonpath={.spec.containers[0].resources}`)).toBe(
      '{"limits":{"cpu":"200m"},"requests":{"cpu":"100m"}}',
    )
    expect(await bad(`run b -n ${ns} --image=busybox:1.36`)).toContain(
      'pods "b" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1',
    )
    expect(rows(await good(`get quota -n ${ns}`))[1]?.slice(0, 3)).toEqual(['q', 'pods: 1/1', 'limits.cpu: 200m/1'])
    const big = `{"spec":{"containers":[{"name":"c","image":"busybox:1.36","resources":{"limits":{"cpu":"2"}}}]}}`
    expect((await run('run', 'c', '-n', ns, '--image=busybox:1.36', `--overrides=${big}`)).text).toContain(
      'maximum cpu usage per Container is 500m, but limit is 2',
    )
    await good(`create priorityclass high-${minor} --value=1000`)
    await good(`delete pod a -n ${ns} --grace-period=0 --force`)
    await apply(
      ns,
      `apiVersion: v1
kind: Pod
metadata: { name: vip }
spec: { priorityClassName: high-${minor}, containers: [{ name: c, image: 'busybox:1.36' }] }`,
    )
    expect(await good(`get pod vip -n ${ns} -ojsonpath={.spec.priority}`)).toBe('1000')
    expect(await good('get priorityclass')).toContain('system-node-critical')
  }, 60_000)

  test('RBAC, Ingress and the like are created by kubectl itself and listed', async () => {
    const ns = await space('kinds')
    await good(`create role r -n ${ns} --verb=get --resource=pods`)
    await good(`create rolebinding rb -n ${ns} --role=r --user=jane --serviceaccount=${ns}:robot`)
    await good(`create clusterrole cr-${minor} --verb=get --resource=nodes`)
    await good(`create clusterrolebinding crb-${minor} --clusterrole=cr-${minor} --group=g`)
    await good(`create ingress ing -n ${ns} --class=nginx`, '--rule=a.example/x=svc:80')
    if (minor >= 21) await good(`create pdb p -n ${ns} --selector=app=a --min-available=50%`)
    const wide = rows(await good(`get rolebinding rb -n ${ns} -owide`))[1]
    expect(wide?.[1]).toBe('Role/r')
    expect(wide?.slice(-2)).toEqual(['jane', `${ns}/robot`])
    expect(rows(await good(`get ingress -n ${ns}`))[1]?.slice(0, 3)).toEqual(['ing', 'nginx', 'a.example'])
    expect(await good(`describe role r -n ${ns}`)).toMatch(/pods\s+\[\]\s+\[\]\s+\[get\]/)
    expect(await good(`describe ingress ing -n ${ns}`)).toContain('a.example')
    expect(await good(`get clusterrolebinding crb-${minor} -ojsonpath={.subjects[0].apiGroup}`)).toBe('rbac.authorization.k8s.io')
    await good(`create deployment web -n ${ns} --image=busybox:1.36 --replicas=0`)
    // Old versions speak autoscaling/v1 here.
    await good(`autoscale deployment web -n ${ns} --min=1 --max=5 ${minor >= 34 ? '--cpu=80%' : '--cpu-percent=80'}`)
    const row = rows(await good(`get hpa -n ${ns}`))[1]
    expect(row?.slice(0, 6)).toEqual(['web', 'Deployment/web', 'cpu: <unknown>/80%', '1', '5', '0'])
    const told = minor >= 23 ? /\(as a percentage of request\): +<unknown> \/ 80%/ : /Target CPU utilization: +80%/
    expect(await good(`describe hpa web -n ${ns}`)).toMatch(told)
    const path = `-ojsonpath={.spec.targetCPUUtilizationPercentage}`
    expect(await good(`get horizontalpodautoscalers.v1.autoscaling web -n ${ns} ${path}`)).toBe('80')
    await good(`delete hpa web -n ${ns}`)
    await good(`delete ingress/ing role/r rolebinding/rb -n ${ns}`)
    await good(`delete clusterrole/cr-${minor} clusterrolebinding/crb-${minor}`)
  }, 60_000)
})
