import { afterEach, expect, test } from 'vitest'
import type { Job } from '../../../electron/practice/controllers/job-decision.ts'
import { fastClock, startCluster, type TestCluster } from '../kubelet/cluster.ts'

let cluster: TestCluster
afterEach(() => {
  cluster.stop()
  expect(cluster.errors).toEqual([])
})

const start = (spec: object, exitCode: (index: number, attempt: number) => number) => {
  const attempts = new Map<number, number>()
  const images = {
    work: ({
      spec: { env },
      clock,
      exit,
    }: Parameters<NonNullable<NonNullable<Parameters<typeof startCluster>[0]>['images']>[string]>[0]) => {
      const index = Number(Object.entries(env).find(([name]) => name === 'JOB_COMPLETION_INDEX')?.[1] ?? 0)
      const attempt = (attempts.get(index) ?? 0) + 1
      attempts.set(index, attempt)
      void clock.sleep(100).then(() => exit(exitCode(index, attempt)))
    },
  }
  cluster = startCluster({ clock: fastClock(20), images })
  const template = {
    spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'work', imagePullPolicy: 'IfNotPresent' }] },
  }
  cluster.create('jobs.batch', 'j', { spec: { template, ...spec } })
  return attempts
}
const job = () => cluster.registry.store.get('jobs.batch', 'default', 'j') as Job
const ended = () => job().status?.conditions?.find(({ type }) => type === 'Failed' || type === 'Complete')

test('each index has tries of its own', async () => {
  const spec = { completionMode: 'Indexed', completions: 4, parallelism: 2, backoffLimitPerIndex: 1 }
  const attempts = start(spec, (index, attempt) => (index === 2 || (index === 1 && attempt === 1) ? 1 : 0))
  await cluster.until('it is over', ended, 30_000)
  expect(ended()).toMatchObject({ type: 'Failed', reason: 'FailedIndexes', message: 'Job has failed indexes' })
  expect(job().status).toMatchObject({ completedIndexes: '0-1,3', failedIndexes: '2', succeeded: 3, failed: 3 })
  expect([...attempts.entries()].sort()).toEqual([
    [0, 1],
    [1, 2],
    [2, 2],
    [3, 1],
  ])
}, 60_000)

test('an exit code ends the Job at once, another is not counted', async () => {
  const rules = [
    { action: 'Ignore', onExitCodes: { operator: 'In', values: [9] } },
    { action: 'FailJob', onExitCodes: { operator: 'In', values: [42] } },
  ]
  const attempts = start({ backoffLimit: 0, podFailurePolicy: { rules } }, (_, attempt) => (attempt < 3 ? 9 : 42))
  await cluster.until('it is over', ended, 30_000)
  expect(ended()?.message).toMatch(
    /^Container c for pod default\/j-\w+ failed with exit code 42 matching FailJob rule at index 1$/,
  )
  expect(ended()?.reason).toBe('PodFailurePolicy')
  expect(job().status?.failed).toBe(1)
  expect(attempts.get(0)).toBe(3)
  expect(cluster.events('j').at(-1)).toMatch(/^PodFailurePolicy: Container c for pod/)
}, 60_000)

test('what cannot be meant is refused in the real words', () => {
  cluster = startCluster()
  const template = { spec: { restartPolicy: 'OnFailure', containers: [{ name: 'c', image: 'work' }] } }
  const spec = { template, backoffLimitPerIndex: 1, podFailurePolicy: { rules: [{ action: 'Stop' }] } }
  expect(() => cluster.create('jobs.batch', 'j', { spec })).toThrow(
    /spec\.backoffLimitPerIndex: Required value: requires indexed completion mode.*only "Never" is supported when podFailurePolicy is specified.*action: Unsupported value: "Stop"/,
  )
})
