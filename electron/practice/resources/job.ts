// Jobs.

import type { JobSpec, JobStatus } from 'kubernetes-types/batch/v1.js'
import { isEqual } from '../clone.ts'
import type { FieldError } from '../field-error.ts'
import type { KubeObject } from '../object.ts'
import type { Resource } from '../resource.ts'
import { age, ageColumn, nameColumn, templateColumns } from './columns.ts'
import { invalidValue, notNegative, oneOf, required } from './faults.ts'
import { defaultPodSpec } from './pod-spec.ts'
import { podSpecFaults } from './pod-spec-faults.ts'

export type JobObject = KubeObject & { spec: JobSpec; status?: JobStatus }

const isTrue = ({ status }: JobObject, type: string): boolean =>
  status?.conditions?.some(condition => condition.type === type && condition.status === 'True') ?? false

// Models kubernetes/pkg/printers/internalversion/printers.go, printJob.
const state = (job: JobObject): string => {
  if (isTrue(job, 'Complete')) return 'Complete'
  if (isTrue(job, 'Failed')) return 'Failed'
  if (job.metadata.deletionTimestamp) return 'Terminating'
  return ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'].find(type => isTrue(job, type)) ?? 'Running'
}

const completions = ({ spec, status }: JobObject): string => {
  const done = status?.succeeded ?? 0
  if (spec.completions !== undefined) return `${done}/${spec.completions}`
  const parallelism = spec.parallelism ?? 0
  return parallelism > 1 ? `${done}/1 of ${parallelism}` : `${done}/1`
}

const duration = ({ status }: JobObject, now: number): string => {
  if (!status?.startTime) return ''
  return age(status.startTime, status.completionTime ? Date.parse(status.completionTime) : now)
}

/** Defaults of a Job's Pod template. */
export const defaultJobTemplate = (spec: Partial<JobSpec>): void => {
  if (spec.template?.spec) defaultPodSpec(spec.template.spec)
}

const actions = ['Count', 'FailIndex', 'FailJob', 'Ignore']

const failureFaults = (spec: JobSpec, at: string): FieldError[] => {
  const faults: FieldError[] = []
  const { podFailurePolicy: policy, backoffLimitPerIndex, maxFailedIndexes, completionMode, template } = spec
  if (completionMode !== 'Indexed') {
    const why = 'requires indexed completion mode'
    if (backoffLimitPerIndex !== undefined) faults.push(required(`${at}.backoffLimitPerIndex`, why))
    if (maxFailedIndexes !== undefined) faults.push(required(`${at}.maxFailedIndexes`, why))
  } else if (maxFailedIndexes !== undefined && backoffLimitPerIndex === undefined) {
    faults.push(required(`${at}.backoffLimitPerIndex`, 'when maxFailedIndexes is specified'))
  }
  const restart = template?.spec?.restartPolicy
  const isOther = restart !== undefined && restart !== 'Never'
  const mustBeNever = (what: string) => {
    const why = `only "Never" is supported when ${what} is specified`
    faults.push(invalidValue(`${at}.template.spec.restartPolicy`, restart, why))
  }
  if (isOther && policy) mustBeNever('podFailurePolicy')
  if (isOther && backoffLimitPerIndex !== undefined) mustBeNever('backoffLimitPerIndex')
  for (const [index, rule] of (policy?.rules ?? []).entries()) {
    const field = `${at}.podFailurePolicy.rules[${index}]`
    faults.push(...oneOf(`${field}.action`, rule.action, actions))
    if (!rule.onExitCodes && !rule.onPodConditions?.length) {
      faults.push(invalidValue(field, '', 'specifying one of OnExitCodes and OnPodConditions is required'))
    }
    if (rule.onExitCodes) faults.push(...oneOf(`${field}.onExitCodes.operator`, rule.onExitCodes.operator, ['In', 'NotIn']))
  }
  return faults
}

/** Faults of a Job's spec at a path such as `spec`. Models kubernetes/pkg/apis/batch/validation. */
export const jobSpecFaults = (spec: JobSpec, at: string): FieldError[] => {
  const faults: FieldError[] = []
  const counts = [
    'parallelism',
    'completions',
    'activeDeadlineSeconds',
    'backoffLimit',
    'ttlSecondsAfterFinished',
    'backoffLimitPerIndex',
    'maxFailedIndexes',
  ] as const
  for (const name of counts) faults.push(...notNegative(`${at}.${name}`, spec[name]))
  faults.push(...failureFaults(spec, at))
  faults.push(...oneOf(`${at}.completionMode`, spec.completionMode, ['NonIndexed', 'Indexed']))
  if (spec.completionMode === 'Indexed' && spec.completions === undefined) {
    faults.push(required(`${at}.completions`, 'when completion mode is Indexed'))
  }
  if (!spec.template) return [...faults, required(`${at}.template`)]
  faults.push(...podSpecFaults(spec.template.spec, `${at}.template.spec`))
  const policy = spec.template.spec?.restartPolicy
  if (policy !== 'OnFailure' && policy !== 'Never') {
    faults.push(required(`${at}.template.spec.restartPolicy`, 'valid values: "OnFailure", "Never"'))
  }
  return faults
}

export const job: Resource<JobObject> = {
  group: 'batch',
  version: 'v1',
  kind: 'Job',
  plural: 'jobs',
  singular: 'job',
  shortNames: [],
  categories: ['all'],
  namespaced: true,
  subresources: ['status'],
  columns: [
    nameColumn,
    { name: 'Status', type: 'string', description: 'How far the Job is, in a word.', cell: state },
    { name: 'Completions', type: 'string', description: 'Successful Pods of those wanted.', cell: completions },
    { name: 'Duration', type: 'string', description: 'From its start to its completion, or until now.', cell: duration },
    ageColumn,
    ...templateColumns<JobObject>(
      object => object.spec.template.spec?.containers ?? [],
      object => object.spec.selector,
    ),
  ],
  // Models kubernetes/pkg/apis/batch/v1/defaults.go.
  defaults(object) {
    object.spec ??= {} as JobSpec
    const { spec } = object
    if (spec.completions === undefined && spec.parallelism === undefined) spec.completions = 1
    spec.parallelism ??= 1
    spec.backoffLimit ??= spec.backoffLimitPerIndex === undefined ? 6 : 2 ** 31 - 1
    spec.completionMode ??= 'NonIndexed'
    spec.suspend ??= false
    spec.podReplacementPolicy ??= spec.podFailurePolicy ? 'Failed' : 'TerminatingOrFailed'
    for (const rule of spec.podFailurePolicy?.rules ?? []) for (const each of rule.onPodConditions ?? []) each.status ||= 'True'
    defaultJobTemplate(spec)
    return object
  },
  validate(object, old) {
    const faults = jobSpecFaults(object.spec, 'spec')
    if (!old) return faults
    for (const name of ['completions', 'selector', 'template', 'completionMode'] as const) {
      // An Indexed Job may be resized with its parallelism.
      if (
        name === 'completions' &&
        object.spec.completionMode === 'Indexed' &&
        object.spec.completions === object.spec.parallelism
      )
        continue
      if (!isEqual(object.spec[name], old.spec[name]))
        faults.push(invalidValue(`spec.${name}`, object.spec[name] ?? null, 'field is immutable'))
    }
    return faults
  },
  isNewGeneration: (object, old) => !isEqual(object.spec, old.spec),
  fields: ({ status }) => ({ 'status.successful': String(status?.succeeded ?? 0) }),
  // Models kubernetes/pkg/registry/batch/job/strategy.go, generateSelector.
  beforeCreate(object) {
    const { spec, metadata } = object
    if (!spec.manualSelector && spec.template) {
      const { uid, name } = metadata
      spec.template.metadata ??= {}
      spec.template.metadata.labels = {
        'batch.kubernetes.io/controller-uid': uid,
        'batch.kubernetes.io/job-name': name,
        'controller-uid': uid,
        'job-name': name,
        ...spec.template.metadata.labels,
      }
      spec.selector ??= {}
      spec.selector.matchLabels = { ...spec.selector.matchLabels, 'batch.kubernetes.io/controller-uid': uid }
    }
    const labels = spec.template?.metadata?.labels
    if (labels && Object.keys(metadata.labels ?? {}).length === 0) metadata.labels = { ...labels }
    object.status = {}
    return object
  },
}
