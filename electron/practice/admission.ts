// What admission does to every new object: limits of a namespace, priorities, quotas.

import type { Container, LimitRangeItem, PodSpec } from 'kubernetes-types/core/v1.js'
import { quantity } from './controllers/quantity.ts'
import type { KubeObject } from './object.ts'
import { type Amounts, amountsOf, amountText, usedIn } from './quota.ts'
import { isInScope } from './quota-scopes.ts'
import type { LimitRangeObject } from './resources/limit-range.ts'
import type { PriorityClassObject } from './resources/priority-class.ts'
import type { ResourceQuotaObject } from './resources/resource-quota.ts'
import { forbidden } from './status-error.ts'
import type { Store } from './store.ts'

// Models kubernetes/plugin/pkg/admission/limitranger/admission.go
const applyLimits = (store: Store, pod: KubeObject & { spec: PodSpec }): void => {
  const ranges = store.list('limitranges', pod.metadata.namespace) as readonly LimitRangeObject[]
  const items = ranges.flatMap(({ spec }) => spec.limits ?? [])
  const done: string[] = []
  const lists = [
    ['init container', pod.spec.initContainers ?? []],
    ['container', pod.spec.containers ?? []],
  ] as const
  for (const [word, containers] of lists) {
    for (const container of containers) {
      for (const [kind, list] of [
        ['request', 'defaultRequest'],
        ['limit', 'default'],
      ] as const) {
        const given = items.filter(({ type }) => type === 'Container').flatMap(item => Object.entries(item[list] ?? {}))
        const names = fill(container, kind, given)
        if (names.length > 0) done.push(`${names.sort().join(', ')} ${kind} for ${word} ${container.name}`)
      }
    }
  }
  if (done.length > 0) {
    const note = `LimitRanger plugin set: ${done.join('; ')}`
    pod.metadata.annotations = { ...pod.metadata.annotations, 'kubernetes.io/limit-ranger': note }
  }
  const faults = items.flatMap(item => boundFaults(pod.spec, item))
  if (faults.length === 0) return
  throw forbidden('pods', pod.metadata.name, faults.length === 1 ? faults[0]! : `[${faults.join(', ')}]`)
}

const fill = (container: Container, kind: 'request' | 'limit', defaults: readonly [string, string][]): string[] => {
  const list = kind === 'request' ? 'requests' : 'limits'
  const names: string[] = []
  for (const [name, value] of defaults) {
    container.resources ??= {}
    if (container.resources[list]?.[name] !== undefined) continue
    container.resources[list] = { ...container.resources[list], [name]: value }
    names.push(name)
  }
  return names
}

const boundFaults = (spec: PodSpec, { type, min = {}, max = {}, maxLimitRequestRatio = {} }: LimitRangeItem): string[] => {
  const subjects = type === 'Container' ? [...(spec.initContainers ?? []), ...spec.containers].map(one => [one]) : []
  if (type === 'Pod') subjects.push(spec.containers)
  return subjects.flatMap(containers => {
    const total = (kind: 'requests' | 'limits', name: string) => {
      const values = containers.flatMap(({ resources }) => resources?.[kind]?.[name] ?? [])
      if (values.length === 0) return undefined
      return { text: values.length === 1 ? values[0]! : '', value: values.reduce((sum, each) => sum + quantity(each), 0) }
    }
    const shown = (name: string, amount: { text: string; value: number }) => amount.text || amountText(name, amount.value)
    const faults: string[] = []
    for (const [name, bound] of Object.entries(min)) {
      const head = `minimum ${name} usage per ${type} is ${bound}`
      const request = total('requests', name)
      const limit = total('limits', name)
      if (!request) faults.push(`${head}.  No request is specified`)
      else if (request.value < quantity(bound)) faults.push(`${head}, but request is ${shown(name, request)}`)
      if (limit && limit.value < quantity(bound)) faults.push(`${head}, but limit is ${shown(name, limit)}`)
    }
    for (const [name, bound] of Object.entries(max)) {
      const head = `maximum ${name} usage per ${type} is ${bound}`
      const request = total('requests', name)
      const limit = total('limits', name)
      if (!limit) faults.push(`${head}.  No limit is specified`)
      else if (limit.value > quantity(bound)) faults.push(`${head}, but limit is ${shown(name, limit)}`)
      if (request && request.value > quantity(bound)) faults.push(`${head}, but request is ${shown(name, request)}`)
    }
    for (const [name, bound] of Object.entries(maxLimitRequestRatio)) {
      const [request, limit] = [total('requests', name), total('limits', name)]
      if (!request?.value || !limit || limit.value / request.value <= quantity(bound)) continue
      const ratio = (limit.value / request.value).toFixed(6)
      faults.push(`${name} max limit to request ratio per ${type} is ${bound}, but provided ratio is ${ratio}`)
    }
    return faults
  })
}

// Models kubernetes/plugin/pkg/admission/priority/admission.go
const applyPriority = (store: Store, pod: KubeObject & { spec: PodSpec }): void => {
  const { spec } = pod
  const classes = store.list('priorityclasses.scheduling.k8s.io') as readonly PriorityClassObject[]
  const chosen = spec.priorityClassName
    ? classes.find(({ metadata }) => metadata.name === spec.priorityClassName)
    : classes.find(({ globalDefault }) => globalDefault)
  if (!chosen) {
    if (!spec.priorityClassName) return
    throw forbidden('pods', pod.metadata.name, `no PriorityClass with name ${spec.priorityClassName} was found`)
  }
  spec.priorityClassName = chosen.metadata.name
  spec.priority = chosen.value
  if (chosen.preemptionPolicy) spec.preemptionPolicy = chosen.preemptionPolicy
}

/** Changes a new object before its own rules are asked. @throws StatusError 403 */
export const mutate = (store: Store, resource: string, object: KubeObject): void => {
  if (resource !== 'pods' || !object.spec) return
  const pod = object as KubeObject & { spec: PodSpec }
  applyLimits(store, pod)
  applyPriority(store, pod)
}

const missingText = (pod: KubeObject, names: readonly string[]): string => {
  const { containers = [] } = pod.spec as PodSpec
  return names
    .flatMap(name => {
      const [kind, what] = name.includes('.') ? name.split(/\.(.*)/) : ['requests', name]
      const list = kind as 'requests' | 'limits'
      const without = containers.filter(({ resources }) => resources?.[list]?.[what ?? ''] === undefined)
      return without.length > 0 ? `${name} for: ${without.map(container => container.name).join(',')}` : []
    })
    .join('; ')
}

const listText = (amounts: Amounts, names: readonly string[]): string =>
  names.map(name => `${name}=${amountText(name, amounts[name] ?? 0)}`).join(',')

// Models apiserver/pkg/admission/plugin/resourcequota/controller.go
/** Refuses what a quota of its namespace has no room for; of a changed object, what it takes more than before. @throws StatusError 403 */
export const checkQuotas = (store: Store, resource: string, object: KubeObject, old?: KubeObject): void => {
  const { namespace, name: objectName } = object.metadata
  if (!namespace) return
  const quotas = store.list('resourcequotas', namespace) as readonly ResourceQuotaObject[]
  if (quotas.length === 0) return
  const before = old ? amountsOf(resource, old) : {}
  const wanted = Object.fromEntries(
    Object.entries(amountsOf(resource, object)).map(([name, amount]) => [name, amount - (before[name] ?? 0)]),
  )
  for (const { metadata, spec } of quotas) {
    if (!isInScope(spec, resource, object)) continue
    const hard = Object.entries(spec.hard ?? {}).map(([name, value]) => ({ name, value: quantity(value) }))
    const mine = hard.filter(({ name }) => name in wanted).sort((a, b) => (a.name < b.name ? -1 : 1))
    const compute = mine.map(({ name }) => name).filter(name => /^((requests|limits)\.)?(cpu|memory)$/.test(name))
    const lacking = resource === 'pods' && !old ? missingText(object, compute) : ''
    if (lacking) throw forbidden(resource, objectName, `failed quota: ${metadata.name}: must specify ${lacking}`)
    const more = mine.filter(({ name }) => (wanted[name] ?? 0) > 0)
    if (more.length === 0) continue
    const used = usedIn(
      store,
      namespace,
      more.map(({ name }) => name),
      spec,
    )
    const full = more.filter(({ name, value }) => (used[name] ?? 0) + (wanted[name] ?? 0) > value)
    if (full.length === 0) continue
    const names = full.map(({ name }) => name)
    const limited = Object.fromEntries(full.map(({ name, value }) => [name, value]))
    const parts = `requested: ${listText(wanted, names)}, used: ${listText(used, names)}, limited: ${listText(limited, names)}`
    throw forbidden(resource, objectName, `exceeded quota: ${metadata.name}, ${parts}`)
  }
}
