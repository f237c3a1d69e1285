// CronJobs.

import type { CronJobSpec, CronJobStatus } from 'kubernetes-types/batch/v1.js'
import { isEqual } from '../clone.ts'
import { isTimeZone, parseSchedule } from '../cron.ts'
import type { FieldError } from '../field-error.ts'
import type { KubeObject } from '../object.ts'
import type { Resource } from '../resource.ts'
import { age, ageColumn, nameColumn, none, templateColumns } from './columns.ts'
import { invalidValue, notNegative, oneOf, required, subdomainFault } from './faults.ts'
import { defaultJobTemplate, jobSpecFaults } from './job.ts'

export type CronJobObject = KubeObject & { spec: CronJobSpec; status?: CronJobStatus }

/** Jobs are named after their CronJob and the minute: eleven letters more. */
const nameLimit = 52

const scheduleFaults = ({ schedule, timeZone }: CronJobSpec): FieldError[] => {
  if (!schedule) return [required('spec.schedule')]
  const parsed = parseSchedule(schedule)
  const faults = 'fault' in parsed ? [invalidValue('spec.schedule', schedule, parsed.fault)] : []
  if (timeZone !== undefined && !isTimeZone(timeZone)) {
    faults.push(invalidValue('spec.timeZone', timeZone, `unknown time zone ${timeZone}`))
  }
  return faults
}

export const cronJob: Resource<CronJobObject> = {
  group: 'batch',
  version: 'v1',
  kind: 'CronJob',
  plural: 'cronjobs',
  singular: 'cronjob',
  shortNames: ['cj'],
  categories: ['all'],
  namespaced: true,
  subresources: ['status'],
  columns: [
    nameColumn,
    { name: 'Schedule', type: 'string', description: 'When Jobs start, as cron writes it.', cell: ({ spec }) => spec.schedule },
    {
      name: 'Timezone',
      type: 'string',
      description: 'Where the schedule is read.',
      cell: ({ spec }) => spec.timeZone ?? none,
    },
    {
      name: 'Suspend',
      type: 'boolean',
      description: 'Whether further starts are held back.',
      cell: ({ spec }) => (spec.suspend ? 'True' : 'False'),
    },
    { name: 'Active', type: 'integer', description: 'Jobs that run now.', cell: ({ status }) => status?.active?.length ?? 0 },
    {
      name: 'Last Schedule',
      type: 'string',
      description: 'When a Job was last started.',
      cell: ({ status }, now) => (status?.lastScheduleTime ? age(status.lastScheduleTime, now) : none),
    },
    ageColumn,
    ...templateColumns<CronJobObject>(
      object => object.spec.jobTemplate.spec?.template.spec?.containers ?? [],
      object => object.spec.jobTemplate.spec?.selector,
    ),
  ],
  // Models kubernetes/pkg/apis/batch/v1/defaults.go, SetDefaults_CronJob.
  defaults(object) {
    object.spec ??= {} as CronJobSpec
    const { spec } = object
    spec.concurrencyPolicy ||= 'Allow'
    spec.suspend ??= false
    spec.successfulJobsHistoryLimit ??= 3
    spec.failedJobsHistoryLimit ??= 1
    if (spec.jobTemplate?.spec) defaultJobTemplate(spec.jobTemplate.spec)
    return object
  },
  nameFault: name =>
    subdomainFault(name) ?? (name.length > nameLimit ? `must be no more than ${nameLimit} characters` : undefined),
  validate({ spec }) {
    const faults = scheduleFaults(spec)
    faults.push(...oneOf('spec.concurrencyPolicy', spec.concurrencyPolicy, ['Allow', 'Forbid', 'Replace']))
    for (const name of ['startingDeadlineSeconds', 'successfulJobsHistoryLimit', 'failedJobsHistoryLimit'] as const) {
      faults.push(...notNegative(`spec.${name}`, spec[name]))
    }
    if (!spec.jobTemplate?.spec) faults.push(required('spec.jobTemplate.spec.template'))
    else faults.push(...jobSpecFaults(spec.jobTemplate.spec, 'spec.jobTemplate.spec'))
    return faults
  },
  isNewGeneration: (object, old) => !isEqual(object.spec, old.spec),
  beforeCreate(object) {
    object.status = {}
    return object
  },
}
