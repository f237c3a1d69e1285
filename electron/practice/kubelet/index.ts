// The kubelets of all nodes: start, watch and end the Pods bound to them.

import type { Clock } from '../../platform/clock.ts'
import type { Tokens } from '../auth/tokens.ts'
import type { RecordEvent } from '../controllers/controller.ts'
import type { Recorder } from '../controllers/events.ts'
import type { NodeObject, Pod } from '../controllers/kinds.ts'
import { isTerminal } from '../controllers/pod.ts'
import type { Network } from '../network/network.ts'
import type { Registry } from '../registry.ts'
import { StatusError } from '../status-error.ts'
import type { Change } from '../store.ts'
import type { PodAccess } from './access.ts'
import { createDisks, type Disks } from './disks.ts'
import type { Meters } from './load.ts'
import { createPace } from './pace.ts'
import { createPodAccess } from './pod-access.ts'
import { PodWorker, type SavedPod } from './pod-worker.ts'
import type { Runtime } from './runtime.ts'
import { decidePodStatus } from './status.ts'
import type { VolumeSources } from './volumes.ts'

export { type NodeOptions, nodeOptions, registerNode } from './node.ts'

// Models kubernetes/pkg/kubelet/kubelet.go and status/status_manager.go
/** Status changes of this long are written together: far below what a picture shows. */
const GATHER_MS = 3
/** How long a changed ConfigMap takes to show in a mounted volume: the kubelet's sync period, on average half of a minute. */
const REFRESH_MS = 60_000
/** Statuses written between two yields to the event loop. */
const BATCH = 64

export interface KubeletOptions {
  registry: Registry
  clock: Clock
  random: () => number
  recorder: Recorder
  runtime: Runtime
  network: Network
  signal: AbortSignal
  /** Where volumes are; its own by default. */
  disks?: Disks
  /** What signs the tokens that Pods find in their volumes. */
  tokens: Tokens
  /** All nodes have just been rebooted. */
  isReboot?: boolean
  /** Hears of errors that no Pod expects. */
  onError?(pod: Pod, error: unknown): void
}

/** What runs on the nodes at one moment. */
export interface SavedKubelet {
  /** By uid. */
  pods: ReadonlyMap<string, SavedPod>
  /** Nodes without power. */
  dark: readonly string[]
}

export interface Kubelet extends PodAccess, Meters {
  /** Cuts a node's power: its containers end, and nothing more is heard of it. */
  powerOff(node: string): void
  /** Gives it back: Pods that were deleted meanwhile go, the others start again. */
  powerOn(node: string): void
  save(): SavedKubelet
  /** Hears no more of the store, until what it returns is told what runs then; Pods to which nothing happened run on. */
  hold(): (saved: SavedKubelet | undefined) => void
}

/** Starts one loop for all nodes; it stops all containers when the signal fires. */
export const startKubelet = (options: KubeletOptions): Kubelet => {
  const { registry, clock, random, recorder, runtime, network, signal, tokens, isReboot = false } = options
  const { disks = createDisks(() => clock.now()) } = options
  const { store } = registry
  const workers = new Map<string, PodWorker>()
  const unwritten = new Set<PodWorker>()
  const over = new Set<PodWorker>()
  const recorders = new Map<string, RecordEvent>()
  const pace = createPace(clock, random)
  /** Nodes without power. */
  let dark = new Set<string>()
  let isWriting = false
  let isHeld = false

  const sources: VolumeSources = {
    store,
    tokens,
    now: () => clock.now(),
    hostPath: (node, path) => disks.tree(`host/${node}:${path}`),
    persistent: ({ metadata: { uid } }) => disks.tree(`persistent/${uid}`),
    scratch: ({ metadata: { uid } }, { name, emptyDir }) =>
      disks.tree(`${emptyDir?.medium === 'Memory' ? 'memory' : 'empty'}/${uid}/${name}`),
  }
  const recorderOf = (node: string): RecordEvent => {
    const record = recorders.get(node) ?? recorder('kubelet', node)
    recorders.set(node, record)
    return record
  }

  const write = (worker: PodWorker) => {
    const { namespace = '', name, uid } = worker.pod.metadata
    const pod = store.get('pods', namespace, name) as Pod | undefined
    if (pod?.metadata.uid !== uid) return
    registry.update('pods', { ...pod, status: decidePodStatus(pod, worker.facts, clock.now()) }, { subresource: 'status' })
  }
  const remove = ({ pod }: PodWorker) => {
    const { namespace = '', name, uid } = pod.metadata
    if (store.get('pods', namespace, name)?.metadata.uid !== uid) return
    registry.delete('pods', namespace, name, { gracePeriodSeconds: 0, preconditions: { uid } })
  }
  const writeAll = async () => {
    if (isWriting) return
    isWriting = true
    try {
      while (unwritten.size + over.size > 0) {
        await clock.sleep(GATHER_MS, signal)
        let count = 0
        for (const worker of unwritten) {
          unwritten.delete(worker)
          write(worker)
          if (++count % BATCH === 0) await clock.sleep(0, signal)
        }
        for (const worker of over) {
          over.delete(worker)
          remove(worker)
          if (++count % BATCH === 0) await clock.sleep(0, signal)
        }
      }
    } finally {
      isWriting = false
    }
  }
  const fail = (pod: Pod) => (error: unknown) => {
    if (!signal.aborted) options.onError?.(pod, error)
  }
  const soon = (worker: PodWorker, list: Set<PodWorker>) => {
    list.add(worker)
    writeAll().catch(fail(worker.pod))
  }

  /** Another may have taken its place, where the cluster went to another time. */
  const isOurs = (worker: PodWorker): boolean => workers.get(worker.pod.metadata.uid) === worker
  const begin = (pod: Pod, past?: 'recalled' | SavedPod) => {
    const { nodeName = '' } = pod.spec
    const node = store.get('nodes', '', nodeName) as NodeObject | undefined
    const record = recorderOf(nodeName)
    const worker = new PodWorker({
      kit: { store, clock, random, runtime, network, pace, record },
      registry,
      sources,
      node,
      pod,
      changed: each => {
        if (isOurs(each) && !dark.has(nodeName)) soon(each, unwritten)
      },
      gone: each => {
        if (!isOurs(each)) return
        workers.delete(each.pod.metadata.uid)
        soon(each, over)
      },
    })
    workers.set(pod.metadata.uid, worker)
    if (past === 'recalled') worker.recall(pod.status)
    else if (past) worker.resume(past)
    worker.run().catch(error => {
      if (!worker.isEnding) fail(pod)(error)
    })
    if (pod.metadata.deletionTimestamp) worker.update(pod)
  }

  const onPod = ({ type, object }: Change) => {
    const pod = object as Pod
    if (isHeld || dark.has(pod.spec.nodeName ?? '')) return
    const worker = workers.get(pod.metadata.uid)
    if (type === 'DELETED') {
      for (const medium of ['empty', 'memory']) disks.drop(`${medium}/${pod.metadata.uid}`)
      // Removed at once (force): the containers follow without grace.
      if (worker && !worker.isEnding) worker.end(0, true).catch(fail(pod))
      else worker?.update(pod)
    } else if (worker) worker.update(pod)
    else if (pod.spec.nodeName && !isTerminal(pod)) begin(pod)
    else if (pod.spec.nodeName && pod.metadata.deletionTimestamp) removeUnknown(pod)
  }
  /** A Pod that ended before this kubelet began: nothing runs, so nothing is to be stopped. */
  const removeUnknown = ({ metadata }: Pod) => {
    if (metadata.deletionGracePeriodSeconds === 0) return
    try {
      registry.delete('pods', metadata.namespace ?? '', metadata.name, {
        gracePeriodSeconds: 0,
        preconditions: { uid: metadata.uid },
      })
    } catch (error) {
      if (!(error instanceof StatusError)) throw error
    }
  }

  const powerOff = (name: string) => {
    dark.add(name)
    network.unplug(name)
    for (const [uid, worker] of workers) {
      if (worker.pod.spec.nodeName !== name) continue
      workers.delete(uid)
      unwritten.delete(worker)
      over.delete(worker)
      worker.cut()
    }
  }
  const powerOn = (name: string) => {
    if (!dark.delete(name)) return
    network.plug(name)
    for (const pod of pods()) if (pod.spec.nodeName === name) recall(pod)
  }
  const recall = (pod: Pod) => {
    if (pod.metadata.deletionTimestamp) removeUnknown(pod)
    else if (!isTerminal(pod)) begin(pod, 'recalled')
  }
  const pods = () => store.list('pods') as readonly Pod[]

  const refresh = async () => {
    while (!signal.aborted) {
      await clock.sleep(REFRESH_MS * (0.75 + random() / 2), signal)
      for (const worker of workers.values()) worker.refresh()
    }
  }

  const stops = [
    store.watch('pods', undefined, onPod),
    store.watch('persistentvolumes', undefined, ({ type, object }) => {
      if (type === 'DELETED' && !isHeld) disks.drop(`persistent/${object.metadata.uid}`)
    }),
  ]
  const meet = (pod: Pod) => onPod({ type: 'ADDED', resource: 'pods', object: pod, revision: store.revision })
  for (const pod of pods()) {
    if (isReboot && pod.spec.nodeName) recall(pod)
    else meet(pod)
  }
  const settle = (saved: SavedKubelet | undefined) => {
    isHeld = false
    dark = new Set(saved?.dark)
    over.clear()
    for (const [uid, worker] of workers) {
      const past = saved?.pods.get(uid)
      if (past && worker.isStill(past)) continue
      workers.delete(uid)
      unwritten.delete(worker)
      worker.drop()
    }
    for (const pod of pods()) {
      const { uid } = pod.metadata
      const [worker, past] = [workers.get(uid), saved?.pods.get(uid)]
      if (worker && worker.pod !== pod) {
        worker.update(pod)
        soon(worker, unwritten)
      } else if (!worker && past) begin(pod, past)
      else if (!worker) meet(pod)
    }
  }
  refresh().catch(error => {
    if (!signal.aborted) throw error
  })
  const end = () => {
    for (const stop of stops) stop()
    for (const worker of workers.values()) worker.kill()
  }
  signal.addEventListener('abort', end, { once: true })
  const running: Meters['running'] = uid =>
    (workers.get(uid)?.lives ?? []).flatMap(({ container, current, isRunning }) =>
      current && isRunning ? [{ name: container.name, meter: current.meter }] : [],
    )
  return {
    ...createPodAccess({ store, network, workerOf: uid => workers.get(uid) }),
    running,
    powerOff,
    powerOn,
    hold() {
      isHeld = true
      return settle
    },
    save: () => ({ pods: new Map([...workers].map(([uid, worker]) => [uid, worker.save()])), dark: [...dark] }),
  }
}
