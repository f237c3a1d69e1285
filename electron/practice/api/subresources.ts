// The doors beside an object: binding, eviction, log, finalize.

import { covers } from '../controllers/disruption.ts'
import type { Pod } from '../controllers/kinds.ts'
import { isReady } from '../controllers/pod.ts'
import { isRecord } from '../is-record.ts'
import type { KubeObject } from '../object.ts'
import { timestamp } from '../object.ts'
import type { PodDisruptionBudgetObject } from '../resources/pod-disruption-budget.ts'
import { badRequest, conflict, type Status, StatusError } from '../status-error.ts'
import { isDryRun } from './admit.ts'
import { readObject } from './body.ts'
import { type Exchange, sendObject } from './exchange.ts'
import { found } from './read.ts'
import type { Backend, Target } from './target.ts'

const success = (code: number): Status => ({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code })

/** Answers POST of `bindings`, where the body names the Pod; false for other paths. */
export const bindByName = async (backend: Backend, exchange: Exchange): Promise<boolean> => {
  const [root, version, place, namespace = '', plural, more] = exchange.path
  const isOurs = root === 'api' && version === 'v1' && place === 'namespaces' && plural === 'bindings' && more === undefined
  if (!isOurs || exchange.method !== 'POST') return false
  const body = await readObject(exchange)
  const name = body?.metadata?.name ?? ''
  const resource = backend.registry.resource('pods')
  bindTo(backend, { resource, key: 'pods', namespace, name }, body)
  sendObject(exchange, 201, success(201))
  return true
}

/** Answers POST of `binding`: gives a Pod its node, as a scheduler does. */
export const bind = async (backend: Backend, exchange: Exchange, target: Target): Promise<void> => {
  bindTo(backend, target, await readObject(exchange))
  sendObject(exchange, 201, success(201))
}

const bindTo = (backend: Backend, target: Target, body: Partial<KubeObject> | undefined): void => {
  const node = isRecord(body?.target) ? body.target.name : undefined
  if (typeof node !== 'string' || !node) throw badRequest('Binding "" is invalid: target.name: Required value')
  const { key, namespace, name = '' } = target
  const pod = found(backend, target) as KubeObject & { spec: { nodeName?: string } }
  if (pod.spec.nodeName)
    throw conflict('pods/binding', name, `pod ${name} is already assigned to node ${JSON.stringify(pod.spec.nodeName)}`)
  backend.registry.modify(key, namespace, name, copy => ({ ...copy, spec: { ...(copy.spec as object), nodeName: node } }))
  const condition = {
    type: 'PodScheduled',
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime: timestamp(backend.clock.now()),
  }
  backend.registry.modify(
    key,
    namespace,
    name,
    copy => {
      const status = copy.status as { conditions?: { type: string }[] } | undefined
      const others = (status?.conditions ?? []).filter(({ type }) => type !== 'PodScheduled')
      return { ...copy, status: { ...status, conditions: [...others, condition] } }
    },
    { subresource: 'status' },
  )
}

// Models kubernetes/pkg/registry/core/pod/storage/eviction.go.
/** Takes one disruption from the Pod's budget. @throws StatusError 429, 500 */
const checkBudgets = ({ registry, clock }: Backend, pod: Pod, dryRun: boolean): void => {
  const { phase } = pod.status ?? {}
  if (phase !== 'Running' || pod.metadata.deletionTimestamp) return
  const key = 'poddisruptionbudgets.policy'
  const budgets = (registry.store.list(key, pod.metadata.namespace) as PodDisruptionBudgetObject[]).filter(each =>
    covers(each, pod),
  )
  const [budget] = budgets
  if (!budget) return
  if (budgets.length > 1) {
    const text = 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.'
    throw new StatusError(500, 'InternalError', text)
  }
  const { metadata, status } = budget
  const { currentHealthy = 0, desiredHealthy = 0, disruptionsAllowed = 0, observedGeneration = 0 } = status ?? {}
  const refuse = (message: string, retryAfterSeconds = 0) => {
    const text = "Cannot evict pod as it would violate the pod's disruption budget."
    const causes = [{ reason: 'DisruptionBudget', message }]
    return new StatusError(429, 'TooManyRequests', text, { causes, ...(retryAfterSeconds && { retryAfterSeconds }) })
  }
  if (!isReady(pod)) {
    if (budget.spec.unhealthyPodEvictionPolicy === 'AlwaysAllow') return
    // A Pod that serves nobody may go where those that serve are enough.
    if (currentHealthy >= desiredHealthy && desiredHealthy > 0) return
  }
  if (observedGeneration < (metadata.generation ?? 0)) {
    throw refuse(`The disruption budget ${metadata.name} is still being processed by the server.`, 10)
  }
  if (disruptionsAllowed <= 0) {
    const numbers = `needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`
    throw refuse(`The disruption budget ${metadata.name} ${numbers}`)
  }
  if (dryRun) return
  const disruptedPods = { ...status?.disruptedPods, [pod.metadata.name]: timestamp(clock.now()) }
  const next = { ...status, disruptionsAllowed: disruptionsAllowed - 1, disruptedPods }
  registry.modify(key, metadata.namespace ?? '', metadata.name, copy => ({ ...copy, status: next }), { subresource: 'status' })
}

/** Answers POST of `eviction`. */
export const evict = async (backend: Backend, exchange: Exchange, target: Target): Promise<void> => {
  const body = await readObject(exchange)
  const options = isRecord(body?.deleteOptions) ? body.deleteOptions : {}
  const grace = options.gracePeriodSeconds
  const dryRun = isDryRun(exchange.query.getAll('dryRun'))
  const { key, namespace, name = '' } = target
  checkBudgets(backend, found(backend, target) as Pod, dryRun)
  backend.registry.delete(key, namespace, name, { dryRun, ...(typeof grace === 'number' && { gracePeriodSeconds: grace }) })
  sendObject(exchange, 201, success(201))
}

/** Answers PUT of a Namespace's `finalize`: the last finalizer gone, it goes. */
export const finalize = async (backend: Backend, exchange: Exchange, target: Target): Promise<void> => {
  const body = await readObject(exchange)
  const finalizers = isRecord(body?.spec) && Array.isArray(body.spec.finalizers) ? body.spec.finalizers.map(String) : []
  const { key, namespace, name = '' } = target
  found(backend, target)
  const changed = backend.registry.modify(key, namespace, name, copy => ({ ...copy, spec: { finalizers } }))
  sendObject(exchange, 200, changed)
}

const decimal = (query: URLSearchParams, name: string): number | undefined => {
  const text = query.get(name)
  if (text === null || text === '') return undefined
  if (!/^\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`)
  return Number(text)
}

/** Answers GET of `log`: plain text, followed as long as the reader stays. */
export const log = async (backend: Backend, exchange: Exchange, target: Target, stopping: AbortSignal): Promise<void> => {
  const { query, response } = exchange
  found(backend, target)
  const sinceSeconds = decimal(query, 'sinceSeconds')
  const sinceTime = query.get('sinceTime')
  const sinceMs =
    sinceSeconds !== undefined ? backend.clock.now() - sinceSeconds * 1000 : sinceTime ? Date.parse(sinceTime) : undefined
  const tailLines = decimal(query, 'tailLines')
  const limitBytes = decimal(query, 'limitBytes')
  const isOn = (name: string) => query.get(name) === 'true'
  const container = backend.access.container(
    target.namespace,
    target.name ?? '',
    query.get('container') || undefined,
    isOn('previous'),
    'logs',
  )
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  const signal = AbortSignal.any([gone.signal, stopping])
  const lines = container.logs({
    follow: isOn('follow'),
    timestamps: isOn('timestamps'),
    ...(tailLines !== undefined && { tailLines }),
    ...(sinceMs !== undefined && { sinceMs }),
    ...(limitBytes !== undefined && { limitBytes }),
    signal,
  })
  response.writeHead(200, { 'Content-Type': 'text/plain', 'Cache-Control': 'no-cache, private' })
  response.flushHeaders()
  for await (const bytes of lines) {
    if (response.destroyed) break
    if (!response.write(bytes))
      await new Promise<void>(resolve => {
        response.once('drain', resolve)
        response.once('close', resolve)
      })
  }
  response.end()
}
