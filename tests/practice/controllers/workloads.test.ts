import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type CronJob, decideCronJob } from '../../../electron/practice/controllers/cron-job-decision.ts'
import {
  type DaemonSetInput,
  daemonAffinity,
  daemonTolerations,
  decideDaemonSet,
} from '../../../electron/practice/controllers/daemon-set-decision.ts'
import { type DisruptionInput, decideDisruption } from '../../../electron/practice/controllers/disruption.ts'
import { decideJob, type Job } from '../../../electron/practice/controllers/job-decision.ts'
import type { Pod } from '../../../electron/practice/controllers/kinds.ts'
import { isQuantity, quantity, quantityText } from '../../../electron/practice/controllers/quantity.ts'
import { isTimeZone, nextTime, parseSchedule } from '../../../electron/practice/cron.ts'
import { goldenTests, NOW } from '../golden.ts'

const names = (objects: readonly { metadata: { name: string } }[]) => objects.map(({ metadata }) => metadata.name)

goldenTests(join(import.meta.dirname, 'golden-workloads'), {
  job: ({ job, pods }: { job: Job; pods: Pod[] }) => {
    const { create, remove, kill, release, ...rest } = decideJob(job, pods, NOW)
    const shown = create.map(index => index ?? 'any')
    const { failures, ...others } = rest
    const counted = failures && { failures: Object.fromEntries(failures) }
    return { create: shown, ...counted, remove: names(remove), kill: names(kill), release: names(release), ...others }
  },
  'cron-job': ({ cronJob, jobs }: { cronJob: CronJob; jobs: Job[] }) => {
    const { start, remove, ...rest } = decideCronJob(cronJob, jobs, NOW)
    return { ...(start !== undefined && { start: new Date(start) }), remove: names(remove), ...rest }
  },
  disruption: (input: Omit<DisruptionInput, 'now'>) => decideDisruption({ ...input, wanted: input.wanted, now: NOW }),
  'daemon-set': (input: Omit<DaemonSetInput, 'now'>) => {
    const decision = decideDaemonSet({ ...input, now: NOW })
    return { ...decision, remove: names(decision.remove) }
  },
})

const next = (schedule: string, since: string, zone?: string): string => {
  const parsed = parseSchedule(schedule)
  if ('fault' in parsed) return parsed.fault
  const time = nextTime(parsed, Date.parse(since), zone)
  return time === undefined ? 'never' : new Date(time).toISOString().slice(0, 16)
}

test.each([
  ['* * * * *', '2026-01-01T00:00:30Z', '2026-01-01T00:01'],
  ['* * * * *', '2026-01-01T00:01:00Z', '2026-01-01T00:02'],
  ['*/15 9-17 * * mon-fri', '2026-01-02T17:50:00Z', '2026-01-05T09:00'],
  ['0 0 31 * *', '2026-01-31T00:00:00Z', '2026-03-31T00:00'],
  // Day of month or day of week, where both are named; and, where one is a star.
  ['0 0 13 * 5', '2026-02-01T00:00:00Z', '2026-02-06T00:00'],
  ['0 0 * * 5', '2026-02-01T00:00:00Z', '2026-02-06T00:00'],
  ['0 0 29 2 *', '2026-03-01T00:00:00Z', '2028-02-29T00:00'],
  ['@hourly', '2026-01-01T00:00:00Z', '2026-01-01T01:00'],
  ['5,7 3 1 jan *', '2026-01-01T03:05:00Z', '2026-01-01T03:07'],
  ['0 0 30 2 *', '2026-01-01T00:00:00Z', 'never'],
  ['* * * *', '', 'expected exactly 5 fields, found 4: [* * * *]'],
  ['61 * * * *', '', 'end of range (61) above maximum (59): 61'],
  ['x * * * *', '', 'failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax'],
  ['*/0 * * * *', '', 'step of range should be a positive number: */0'],
  ['@sometimes', '', 'unrecognized descriptor: @sometimes'],
])('%s after %s comes at %s', (schedule, since, expected) => {
  expect(next(schedule, since)).toBe(expected)
})

test('a schedule is read in its time zone, through changes of the clock', () => {
  expect(next('30 8 * * *', '2026-01-01T01:00:00Z', 'Asia/Shanghai')).toBe('2026-01-02T00:30')
  expect(next('30 3 * * *', '2026-03-28T12:00:00Z', 'Europe/Berlin')).toBe('2026-03-29T01:30')
  expect(next('30 3 * * *', '2026-03-27T12:00:00Z', 'Europe/Berlin')).toBe('2026-03-28T02:30')
  expect(isTimeZone('Asia/Shanghai')).toBe(true)
  expect(isTimeZone('Nowhere/Land')).toBe(false)
})

test("a daemon's Pod names its node and puts up with a node's troubles", () => {
  const own = { key: 'own', operator: 'Exists' }
  const tolerations = daemonTolerations([own, { key: 'node.kubernetes.io/not-ready', effect: 'NoExecute' }], true)
  expect(tolerations.map(({ key, effect }) => `${key}:${effect}`)).toEqual([
    'own:undefined',
    'node.kubernetes.io/not-ready:NoExecute',
    'node.kubernetes.io/unreachable:NoExecute',
    'node.kubernetes.io/disk-pressure:NoSchedule',
    'node.kubernetes.io/memory-pressure:NoSchedule',
    'node.kubernetes.io/pid-pressure:NoSchedule',
    'node.kubernetes.io/unschedulable:NoSchedule',
    'node.kubernetes.io/network-unavailable:NoSchedule',
  ])
  const term = { matchExpressions: [{ key: 'disk', operator: 'Exists' }] }
  const given = { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } } }
  const matchFields = [{ key: 'metadata.name', operator: 'In', values: ['n1'] }]
  const required = (affinity: ReturnType<typeof daemonAffinity>) =>
    affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms
  expect(required(daemonAffinity(given, 'n1'))).toEqual([{ ...term, matchFields }])
  expect(required(daemonAffinity(undefined, 'n1'))).toEqual([{ matchFields }])
})

test.each([
  [0, false, '0'],
  [0.25, false, '250m'],
  [1.5, false, '1500m'],
  [2, false, '2'],
  [3000, false, '3k'],
  [5 * 2 ** 20, true, '5Mi'],
  [1.5 * 2 ** 30, true, '1536Mi'],
])('%s is written %s, %s', (value, binary, text) => {
  expect(quantityText(value, binary)).toBe(text)
  expect(quantity(text)).toBe(value)
  expect(isQuantity(text)).toBe(true)
})
