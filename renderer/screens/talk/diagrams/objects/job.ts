// Job and CronJob: the clock writes a Job, the Job writes Pods until enough of them have ended well.

import type { KubeObject } from '../../../../../electron/contract/cluster.ts'
import { podState } from '../../../../state/pod-state.ts'
import type { Diagram, Words } from '../diagram.ts'
import { bent, type Place } from '../drawing.ts'
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
const laneStep = 138
const cronJobBox = { x: 0, y: ground + 122, width: 236, height: 96 }
const centre = cronJobBox.y + cronJobBox.height / 2
const jobColumn = { x: 292, width: 316, height: 70 }
const podColumn = { x: 664, width: stage.width - 664, height: 50, step: 60 }

/** The newest CronJob with its Jobs, or a newer Job that nobody's clock wrote. */
const chosen = (objects: readonly KubeObject[]) => {
  const single = ofKind(objects, 'Job').filter(({ metadata }) => metadata.ownerReferences === undefined)
  const newest = mostTelling([...ofKind(objects, 'CronJob'), ...single])
  return newest?.kind === 'CronJob'
    ? { cronJob: newest, jobs: ownedBy(objects, 'Job', newest).slice(-mostJobs) }
    : { cronJob: undefined, jobs: newest ? [newest] : [] }
}

const stateOf = (object: KubeObject, t: Words): Pick<Place, 'state' | 'word'> => {
  const { status } = fieldsOf<JobFields>(object)
  const has = (type: string) => status?.conditions?.some(each => each.type === type && each.status === 'True')
  if (has('Complete')) return { state: 'ready', word: t('object.completed') }
  return has('Failed') ? { state: 'failed' } : { state: 'progressing', word: t('object.atWork') }
}

const jobPlace = (object: KubeObject | undefined, index: number, middle: number, t: Words): Place => {
  const { spec, status } = fieldsOf<JobFields>(object)
  return {
    id: `job/${index}`,
    part: 'job',
    shape: 'row',
    ...jobColumn,
    y: middle - jobColumn.height / 2,
    label: object ? cutTo(nameOf(object), 172) : t('object.noneYet'),
    note: object && t('object.done', { done: status?.succeeded ?? 0, count: spec?.completions ?? 1 }),
    ...(object && stateOf(object, t)),
    isAbsent: !object,
  }
}

const podPlace = (pod: KubeObject | undefined, at: string, y: number, t: Words): Place => ({
  id: `pod/${at}`,
  part: 'pod',
  shape: 'row',
  x: podColumn.x,
  y,
  width: podColumn.width,
  height: podColumn.height,
  label: pod ? nameOf(pod) : t('object.noneYet'),
  ...(pod && { state: podState(pod).state }),
  ...(pod && podState(pod).word === 'completed' && { note: t('object.completed'), word: '' }),
  isAbsent: !pod,
})

/** One Job with the Pods that it made; a first lane is never without a Pod's place, and one by itself has the height of all. */
const laneOf = (objects: readonly KubeObject[], object: KubeObject | undefined, index: number, isAlone: boolean, t: Words) => {
  const middle = isAlone ? centre : ground + 55 + index * laneStep
  const place = jobPlace(object, index, middle, t)
  const made: readonly (KubeObject | undefined)[] = ownedBy(objects, 'Pod', object).slice(isAlone ? -5 : -2)
  const drawn = made.length > 0 || index > 0 ? made : [undefined]
  const top = middle - podColumn.height / 2 - (drawn.length - 1) * (podColumn.step / 2)
  const rows = drawn.map((pod, each) => podPlace(pod, `${index}.${each}`, top + each * podColumn.step, t))
  return {
    middle,
    places: [place, ...rows],
    ties: rows
      .filter(({ isAbsent }) => !isAbsent)
      .map(({ y }) => bent('owns', [jobColumn.x + jobColumn.width, middle], [podColumn.x, y + podColumn.height / 2])),
  }
}

export const job: Diagram = {
  label: t => t('diagram.job'),
  story: jobStory,
  isIn: ({ objects }) => chosen(objects).cronJob !== undefined || chosen(objects).jobs.length > 0,
  draw: ({ objects }, t) => {
    const { cronJob, jobs: shown } = chosen(objects)
    const { spec } = fieldsOf<CronJobFields>(cronJob)
    // A CronJob's next Job has its place already.
    const drawn = shown.length === 0 || (cronJob && shown.length < mostJobs) ? [...shown, undefined] : shown
    const lanes = drawn.map((object, index) => laneOf(objects, object, index, drawn.length === 1, t))
    const { places, wires } = cast(['kubectl', 'cronjob-controller', 'job-controller', 'kubelet'], t)
    return {
      ...stage,
      wires,
      places: [
        ...places,
        {
          id: 'cronjob',
          part: 'cronjob',
          ...cronJobBox,
          note: cronJob ? cutTo(cronJob.metadata.name, cronJobBox.width - 24) : t('object.noCronJob'),
          isAbsent: !cronJob,
        },
        ...lanes.flatMap(each => each.places),
      ],
      ties: [
        ...(cronJob
          ? lanes
              .slice(0, shown.length)
              .map(({ middle }) => bent('owns', [cronJobBox.x + cronJobBox.width, centre], [jobColumn.x, middle]))
          : []),
        ...lanes.flatMap(each => each.ties),
      ],
      words: spec?.schedule
        ? [
            {
              x: cronJobBox.x + cronJobBox.width / 2,
              y: cronJobBox.y + cronJobBox.height + 38,
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
