// Job and CronJob: the clock writes a Job, the Job writes Pods until enough of them have ended well.

import type { KubeObject } from '../../../../../electron/contract/cluster.ts'
import { podState } from '../../../../state/pod-state.ts'
import type { Diagram, Words } from '../diagram.ts'
import type { Place, Tie } from '../drawing.ts'
import { jobStory } from '../stories/job.ts'
import { cast, ground, stage } from './cast.ts'
import { cutTo, fieldsOf, mostTelling, nameOf, ofKind, ownedBy, uidsOf } from './reading.ts'

interface CronJobFields {
  spec: { schedule?: string; suspend?: boolean }
}
interface JobFields {
  spec: { completions?: number; suspend?: boolean }
  status: { succeeded?: number; failed?: number; conditions?: { type: string; status: string }[] }
}

const mostJobs = 3
const mostPods = 2
const lane = { height: 110, step: 138 }
const clock = { x: 0, y: ground + 122, width: 236, height: 96 }
const job = { x: 292, width: 316 }
const pods = { x: 664, width: stage.width - 664, height: 50 }

/** The newest CronJob's Jobs, or where nobody wrote one, the newest Job. */
const chosen = (objects: readonly KubeObject[]) => {
  const cronJob = mostTelling(ofKind(objects, 'CronJob'))
  const single = mostTelling(ofKind(objects, 'Job'))
  const jobs = cronJob ? ownedBy(objects, 'Job', cronJob) : single ? [single] : []
  return { cronJob, jobs: jobs.slice(-mostJobs) }
}

const stateOf = (object: KubeObject): Place['state'] => {
  const { status } = fieldsOf<JobFields>(object)
  const has = (type: string) => status?.conditions?.some(each => each.type === type && each.status === 'True')
  return has('Complete') ? 'ready' : has('Failed') ? 'failed' : 'progressing'
}

const jobPlace = (object: KubeObject | undefined, index: number, t: Words): Place => {
  const { spec, status } = fieldsOf<JobFields>(object)
  return {
    id: `job/${index}`,
    part: 'job',
    shape: 'row',
    ...job,
    y: ground + index * lane.step + 20,
    height: lane.height - 40,
    label: object ? cutTo(nameOf(object), 172) : t('object.noneYet'),
    note: object && t('object.done', { done: status?.succeeded ?? 0, count: spec?.completions ?? 1 }),
    ...(object && { state: stateOf(object) }),
    isAbsent: !object,
  }
}

const podPlace = (pod: KubeObject | undefined, at: string, y: number, t: Words): Place => ({
  id: `pod/${at}`,
  part: 'pod',
  shape: 'row',
  x: pods.x,
  y,
  width: pods.width,
  height: pods.height,
  label: pod ? nameOf(pod) : t('object.noneYet'),
  note: pod && podState(pod).word === 'completed' ? t('object.completed') : undefined,
  ...(pod && { state: podState(pod).state }),
  isAbsent: !pod,
})

const tie = (x: number, y: number, toX: number, toY: number): Tie => ({
  look: 'owns',
  points: [
    [x, y],
    [(x + toX) / 2, y],
    [(x + toX) / 2, toY],
    [toX, toY],
  ],
})

/** One Job with the Pods that it made; a first lane is never without a Pod's place. */
const laneOf = (objects: readonly KubeObject[], object: KubeObject | undefined, index: number, t: Words) => {
  const place = jobPlace(object, index, t)
  const made: readonly (KubeObject | undefined)[] = ownedBy(objects, 'Pod', object).slice(-mostPods)
  const drawn = made.length > 0 || index > 0 ? made : [undefined]
  const middle = place.y + place.height / 2
  const top = middle - pods.height / 2 - (drawn.length - 1) * 30
  const rows = drawn.map((pod, each) => podPlace(pod, `${index}.${each}`, top + each * 60, t))
  return {
    middle,
    places: [place, ...rows],
    ties: rows.filter(({ isAbsent }) => !isAbsent).map(({ y }) => tie(job.x + job.width, middle, pods.x, y + pods.height / 2)),
  }
}

export const jobs: Diagram = {
  label: t => t('diagram.job'),
  story: jobStory,
  isIn: ({ objects }) => chosen(objects).cronJob !== undefined || chosen(objects).jobs.length > 0,
  draw: ({ objects }, t) => {
    const { cronJob, jobs: shown } = chosen(objects)
    const { spec } = fieldsOf<CronJobFields>(cronJob)
    // A CronJob's next Job has its place already.
    const drawn = shown.length === 0 || (cronJob && shown.length < mostJobs) ? [...shown, undefined] : shown
    const lanes = drawn.map((object, index) => laneOf(objects, object, index, t))
    const { places, wires } = cast(['kubectl', 'cronjob-controller', 'job-controller', 'kubelet'], t)
    return {
      ...stage,
      wires,
      places: [
        ...places,
        {
          id: 'cronjob',
          part: 'cronjob',
          ...clock,
          note: cronJob ? cutTo(cronJob.metadata.name, clock.width - 24) : t('object.noCronJob'),
          isAbsent: !cronJob,
        },
        ...lanes.flatMap(each => each.places),
      ],
      ties: [
        ...(cronJob
          ? lanes
              .slice(0, shown.length)
              .map(({ middle }) => tie(clock.x + clock.width, clock.y + clock.height / 2, job.x, middle))
          : []),
        ...lanes.flatMap(each => each.ties),
      ],
      words: spec?.schedule
        ? [
            {
              x: clock.x + clock.width / 2,
              y: clock.y + clock.height + 38,
              text: spec.suspend ? t('object.suspended') : spec.schedule,
              look: spec.suspend ? 'note' : 'code',
              anchor: 'middle',
            },
          ]
        : [],
      of: uidsOf(cronJob, ...shown),
    }
  },
}
