// Pods: defaults, the admission that every Pod gets, validation and columns.

import type { PodSpec } from 'kubernetes-types/core/v1.js'
import { clone, isEqual } from '../clone.ts'
import type { FieldError } from '../field-error.ts'
import { randomSuffix } from '../random.ts'
import type { ClusterView, Resource } from '../resource.ts'
import { forbidden } from '../status-error.ts'
import { ageColumn, nameColumn, none } from './columns.ts'
import { forbiddenValue } from './faults.ts'
import type { PodObject } from './pod-object.ts'
import { defaultPodSpec } from './pod-spec.ts'
import { podSpecFaults } from './pod-spec-faults.ts'
import { podStatus } from './pod-status.ts'
import { qosClass } from './quality.ts'

const tokenPath = '/var/run/secrets/kubernetes.io/serviceaccount'

// Models plugin/pkg/admission/serviceaccount, defaulttolerationseconds and priority.
const admit = (pod: PodObject, cluster: ClusterView): void => {
  const { spec } = pod
  const { namespace = '', name } = pod.metadata
  spec.serviceAccountName ||= 'default'
  spec.serviceAccount = spec.serviceAccountName
  const account = cluster.store.get('serviceaccounts', namespace, spec.serviceAccountName)
  // The default account of a new namespace comes a moment later: a Pod need not wait for it.
  if (!account && spec.serviceAccountName !== 'default') {
    const account = `${namespace}/${spec.serviceAccountName}`
    throw forbidden(
      'pods',
      name,
      `error looking up service account ${account}: serviceaccount "${spec.serviceAccountName}" not found`,
    )
  }
  if ((spec.automountServiceAccountToken ?? account?.automountServiceAccountToken) !== false) mountToken(spec, cluster)
  const tolerations = spec.tolerations ?? []
  for (const key of ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']) {
    const isTolerated = tolerations.some(each => (!each.key || each.key === key) && (!each.effect || each.effect === 'NoExecute'))
    if (!isTolerated) tolerations.push({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 })
  }
  spec.tolerations = tolerations
  spec.priority ??= 0
  spec.preemptionPolicy ??= 'PreemptLowerPriority'
}

const mountToken = (spec: PodSpec, cluster: ClusterView): void => {
  const containers = [...(spec.initContainers ?? []), ...(spec.containers ?? [])]
  const bare = containers.filter(container => !container.volumeMounts?.some(mount => mount.mountPath === tokenPath))
  if (bare.length === 0) return
  const volume = `kube-api-access-${randomSuffix(cluster.random)}`
  for (const container of bare) {
    container.volumeMounts = [...(container.volumeMounts ?? []), { name: volume, readOnly: true, mountPath: tokenPath }]
  }
  const namespace = { path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }
  spec.volumes = [
    ...(spec.volumes ?? []),
    {
      name: volume,
      projected: {
        sources: [
          { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
          { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
          { downwardAPI: { items: [namespace] } },
        ],
        defaultMode: 420,
      },
    },
  ]
}

/** Gates may only go; while there are any, the Pod may still be told more closely where to go. Changes `mutable`. */
const loosenGated = (mutable: PodSpec, old: PodSpec): FieldError[] => {
  const gates = new Set((old.schedulingGates ?? []).map(({ name }) => name))
  const added = (mutable.schedulingGates ?? []).find(({ name }) => !gates.has(name))
  if (gates.size > 0) {
    const isMore = Object.entries(old.nodeSelector ?? {}).every(([key, value]) => mutable.nodeSelector?.[key] === value)
    if (isMore) assign(mutable, 'nodeSelector', old.nodeSelector)
    if (!old.affinity?.nodeAffinity && mutable.affinity) {
      const { nodeAffinity: _, ...others } = mutable.affinity
      assign(mutable, 'affinity', old.affinity || Object.keys(others).length > 0 ? others : undefined)
    }
  }
  assign(mutable, 'schedulingGates', old.schedulingGates)
  if (!added) return []
  return [forbiddenValue('spec.schedulingGates', `only deletion is allowed, but found new scheduling gate '${added.name}'`)]
}

const assign = <K extends keyof PodSpec>(spec: PodSpec, field: K, value: PodSpec[K] | undefined): void => {
  if (value === undefined) delete spec[field]
  else spec[field] = value
}

// Models kubernetes/pkg/apis/core/validation/validation.go, ValidatePodUpdate.
const updateFaults = (pod: PodObject, old: PodObject): FieldError[] => {
  const mutable = clone(pod.spec)
  for (const list of ['containers', 'initContainers'] as const) {
    for (const [index, container] of (mutable[list] ?? []).entries()) {
      const before = old.spec[list]?.[index]?.image
      if (before !== undefined) container.image = before
    }
  }
  mutable.activeDeadlineSeconds = old.spec.activeDeadlineSeconds
  mutable.tolerations = old.spec.tolerations
  mutable.terminationGracePeriodSeconds = old.spec.terminationGracePeriodSeconds
  // A binding: the scheduler gives a Pod its node once.
  if (!old.spec.nodeName) mutable.nodeName = old.spec.nodeName
  const faults = loosenGated(mutable, old.spec)
  if (isEqual(mutable, old.spec)) return faults
  const fields = [
    '`spec.containers[*].image`',
    '`spec.initContainers[*].image`',
    '`spec.activeDeadlineSeconds`',
    '`spec.tolerations` (only additions to existing tolerations)',
    '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
  ]
  return [forbiddenValue('spec', `pod updates may not change fields other than ${fields.join(',')}`)]
}

// Models kubernetes/pkg/registry/core/pod/strategy.go, applySchedulingGatedCondition.
const isGated = ({ spec }: PodObject): boolean => (spec.schedulingGates?.length ?? 0) > 0
const gatedCondition = {
  type: 'PodScheduled',
  status: 'False',
  reason: 'SchedulingGated',
  message: 'Scheduling is blocked due to non-empty scheduling gates',
}

export const pod: Resource<PodObject> = {
  group: '',
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  singular: 'pod',
  shortNames: ['po'],
  categories: ['all'],
  namespaced: true,
  subresources: ['status'],
  columns: [
    nameColumn,
    {
      name: 'Ready',
      type: 'string',
      description: 'How many of the containers are ready.',
      cell: object => podStatus(object, 0).ready,
    },
    {
      name: 'Status',
      type: 'string',
      description: 'The state of the Pod and its containers in a word.',
      cell: object => podStatus(object, 0).reason,
    },
    {
      name: 'Restarts',
      type: 'string',
      description: 'How often containers were restarted, and when last.',
      cell: (object, now) => podStatus(object, now).restarts,
    },
    ageColumn,
    { name: 'IP', type: 'string', description: "The Pod's address.", wide: true, cell: object => object.status?.podIP || none },
    {
      name: 'Node',
      type: 'string',
      description: 'The node it runs on.',
      wide: true,
      cell: object => object.spec.nodeName || none,
    },
    {
      name: 'Nominated Node',
      type: 'string',
      description: 'The node it may run on once others have left.',
      wide: true,
      cell: object => object.status?.nominatedNodeName || none,
    },
    {
      name: 'Readiness Gates',
      type: 'string',
      description: 'Further conditions that readiness waits for.',
      wide: true,
      cell: object => {
        const gates = object.spec.readinessGates ?? []
        const isTrue = (type: string) => object.status?.conditions?.some(each => each.type === type && each.status === 'True')
        return gates.length === 0 ? none : `${gates.filter(gate => isTrue(gate.conditionType)).length}/${gates.length}`
      },
    },
  ],
  defaults(object) {
    object.spec ??= { containers: [] }
    defaultPodSpec(object.spec)
    object.spec.enableServiceLinks ??= true
    for (const container of [...(object.spec.initContainers ?? []), ...(object.spec.containers ?? [])]) {
      const { limits, requests } = container.resources ?? {}
      if (limits && container.resources) container.resources.requests = { ...limits, ...requests }
    }
    return object
  },
  validate: (object, old) => [...podSpecFaults(object.spec, 'spec'), ...(old ? updateFaults(object, old) : [])],
  isNewGeneration: (object, old) => !isEqual(object.spec, old.spec),
  fields: object => ({
    'spec.nodeName': object.spec.nodeName ?? '',
    'spec.restartPolicy': object.spec.restartPolicy ?? '',
    'spec.schedulerName': object.spec.schedulerName ?? '',
    'spec.serviceAccountName': object.spec.serviceAccountName ?? '',
    'spec.hostNetwork': String(object.spec.hostNetwork ?? false),
    'status.phase': object.status?.phase ?? '',
    'status.podIP': object.status?.podIP ?? '',
    'status.nominatedNodeName': object.status?.nominatedNodeName ?? '',
  }),
  beforeCreate(object, cluster) {
    admit(object, cluster)
    object.status = {
      phase: 'Pending',
      qosClass: qosClass(object.spec),
      ...(isGated(object) && { conditions: [gatedCondition] }),
    }
    return object
  },
  // Models kubernetes/pkg/registry/core/pod/strategy.go, CheckGracefulDelete.
  gracePeriod(object, asked) {
    const isEnded = object.status?.phase === 'Failed' || object.status?.phase === 'Succeeded'
    if (!object.spec.nodeName || isEnded) return 0
    const period = asked ?? object.spec.terminationGracePeriodSeconds ?? 30
    return period < 0 ? 1 : period
  },
}
