// Gives workloads as many Pods as what is measured asks for: looks every 15 s, and carries out decideAutoscaler.

import type { LabelSelector } from 'kubernetes-types/meta/v1.js'
import { isEqual } from '../clone.ts'
import type { ScalePaths } from '../custom/definition.ts'
import { jsonPath, setAt } from '../custom/json-path.ts'
import type { Metrics } from '../metrics.ts'
import { type KubeObject, keyOf, splitKey } from '../object.ts'
import type { Registry } from '../registry.ts'
import { resourceKey } from '../resource.ts'
import type { HorizontalPodAutoscalerObject } from '../resources/horizontal-pod-autoscaler.ts'
import { parseLabelSelector } from '../selectors.ts'
import { notFound } from '../status-error.ts'
import type { Controller, ControllerContext } from './controller.ts'
import { decideAutoscaler } from './horizontal-pod-autoscaler-decision.ts'
import { type AutoscalerMemory, emptyMemory } from './horizontal-pod-autoscaler-input.ts'
import type { Pod } from './kinds.ts'
import { selects } from './selector.ts'

// Models kubernetes/pkg/controller/podautoscaler/horizontal.go
const SYNC_MS = 15_000
const KEY = 'horizontalpodautoscalers.autoscaling'

interface Scaled {
  key: string
  replicas: number
  /** Whether a Pod belongs to it; undefined where the target does not say. */
  selects: ((pod: Pod) => boolean) | undefined
  /** Gives a private copy of the target its new size. */
  resize(copy: KubeObject, replicas: number): KubeObject
}

/** A kind of ours: `spec.replicas` and `spec.selector`. */
const known = (key: string, { kind, spec }: KubeObject): Scaled => {
  const { replicas = 1, selector } = spec as { replicas?: number; selector?: LabelSelector | Record<string, string> }
  // A ReplicationController selects by a plain map of labels.
  const asked = kind === 'ReplicationController' && selector ? { matchLabels: selector as Record<string, string> } : selector
  return {
    key,
    replicas,
    selects: asked && (({ metadata }) => selects(asked as LabelSelector, metadata.labels)),
    resize: (copy, wanted) => ({ ...copy, spec: { ...(copy.spec as object), replicas: wanted } }),
  }
}

/** A custom kind: by the paths that its definition names. */
const custom = (key: string, object: KubeObject, paths: ScalePaths): Scaled => {
  const at = (path: string | undefined) => (path ? jsonPath(path)?.(object)[0] : undefined)
  const selector = at(paths.labelSelectorPath)
  const replicas = at(paths.specReplicasPath)
  const matches = typeof selector === 'string' && selector ? parseLabelSelector(selector) : undefined
  return {
    key,
    replicas: typeof replicas === 'number' ? replicas : 0,
    selects: matches && (({ metadata }) => matches(metadata.labels ?? {})),
    resize(copy, wanted) {
      setAt(copy, paths.specReplicasPath, wanted)
      return copy
    },
  }
}

/** What an autoscaler scales, or in words why it cannot. */
const targetOf = (registry: Registry, { metadata, spec }: HorizontalPodAutoscalerObject): Scaled | { error: string } => {
  const { apiVersion = '', kind, name } = spec.scaleTargetRef
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0]! : ''
  const resource = registry.resources.find(each => each.kind === kind && each.group === group && !each.storedAs)
  if (!resource) return { error: `no matches for kind ${JSON.stringify(kind)} in group ${JSON.stringify(group)}` }
  const key = resourceKey(resource)
  const object = registry.store.get(key, metadata.namespace ?? '', name)
  if (!object) return { error: notFound(key, name).message }
  if (!resource.subresources.includes('scale')) return { error: 'the server could not find the requested resource' }
  return resource.custom?.scale ? custom(key, object, resource.custom.scale) : known(key, object)
}

/** The controller. */
export const horizontalPodAutoscaler = ({ registry, clock, record }: ControllerContext, metrics: Metrics): Controller => {
  const { store } = registry
  const memories = new Map<string, AutoscalerMemory>()
  const due = new Map<string, number>()

  const look = (autoscaler: HorizontalPodAutoscalerObject, key: string, now: number) => {
    const { namespace = '', name, uid } = autoscaler.metadata
    const target = targetOf(registry, autoscaler)
    const isMine = 'error' in target ? undefined : target.selects
    const pods = isMine ? (store.list('pods', namespace) as readonly Pod[]).filter(isMine) : []
    const samples = Object.fromEntries(
      pods.flatMap(pod => {
        const sample = metrics.pod(pod)
        return sample ? [[pod.metadata.name, sample]] : []
      }),
    )
    const scale = 'error' in target ? target : { replicas: target.replicas, hasSelector: isMine !== undefined }
    const memory = memories.get(key) ?? emptyMemory
    const decision = decideAutoscaler({ autoscaler, scale, pods, samples, memory, now })
    if (decision.scaleTo !== undefined && !('error' in target)) {
      const replicas = decision.scaleTo
      registry
        .as('kube-controller-manager', 'scale')
        .modify(target.key, namespace, autoscaler.spec.scaleTargetRef.name, copy => target.resize(copy, replicas))
    }
    memories.set(key, decision.memory)
    for (const { type, reason, message } of decision.notes) record(autoscaler, type, reason, message)
    if (isEqual(decision.status, autoscaler.status ?? {})) return
    const change = (copy: KubeObject) => (copy.metadata.uid === uid ? { ...copy, status: decision.status } : undefined)
    registry.modify(KEY, namespace, name, change, { subresource: 'status' })
  }

  return {
    name: 'horizontalpodautoscaling',
    // Only time wakes it: neither a change of its own status nor one of its spec makes it look sooner.
    watches: { [KEY]: ({ type, object }) => (type === 'MODIFIED' ? [] : [keyOf(object)]) },
    reconcile: key => {
      const { namespace, name } = splitKey(key)
      const autoscaler = store.get(KEY, namespace, name) as HorizontalPodAutoscalerObject | undefined
      if (!autoscaler) {
        memories.delete(key)
        due.delete(key)
        return undefined
      }
      const now = clock.now()
      const at = due.get(key) ?? now + SYNC_MS
      if (at > now) {
        due.set(key, at)
        return { after: at - now }
      }
      due.set(key, now + SYNC_MS)
      look(autoscaler, key, now)
      return { after: SYNC_MS }
    },
  }
}
