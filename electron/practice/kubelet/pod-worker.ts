// The life of one Pod on its node: volumes, sandbox, init containers, containers, and its end.

import { isEqual } from '../clone.ts'
import type { NodeObject, Pod } from '../controllers/kinds.ts'
import { isTerminal } from '../controllers/pod.ts'
import { timestamp } from '../object.ts'
import type { Registry } from '../registry.ts'
import { ContainerLife, type PodView } from './container-life.ts'
import type { Place } from './fields.ts'
import { stopHook } from './lifecycle-hooks.ts'
import type { NodeKit } from './node-kit.ts'
import { createPodVolumes, type PodVolumes } from './pod-volumes.ts'
import { isResize, type ResizeObstacle, resizeObstacle } from './resize.ts'
import { isStill, type SavedLife } from './saved-life.ts'
import { type ContainerList, isSidecar, type PodFacts } from './status.ts'
import type { VolumeSources } from './volumes.ts'

// Models kubernetes/pkg/kubelet/pod_workers.go and kubelet.go SyncPod, SyncTerminatingPod
/** Between two tries to give a Pod its address. */
const SANDBOX_RETRY_MS = 10_000

export interface WorkerOptions {
  kit: NodeKit
  registry: Registry
  sources: VolumeSources
  node: NodeObject | undefined
  pod: Pod
  /** The status should be written. */
  changed(worker: PodWorker): void
  /** All is over and the IP given back. */
  gone(worker: PodWorker): void
}

/** What is kept of a Pod on its node in a snapshot of the cluster. */
export interface SavedPod {
  podIp: string
  facts: Pick<PodFacts, 'podIp' | 'startTime' | 'sandboxReady' | 'failure'>
  /** Its containers rest for good. */
  isOver: boolean
  lives: readonly SavedLife[]
}

export class PodWorker {
  pod: Pod
  readonly lives: ContainerLife[]
  readonly facts: PodFacts
  readonly #options: WorkerOptions
  readonly #volumes: PodVolumes
  readonly #running = new AbortController()
  readonly #view: PodView
  readonly #place: Place
  /** Ephemeral containers that were begun. */
  readonly #debugging = new Set<string>()
  #ending: Promise<void> | undefined
  #isOver = false
  #deadline: { at: number; cancel: AbortController } | undefined
  #graceSeconds = Number.POSITIVE_INFINITY

  constructor(options: WorkerOptions) {
    const { pod, node, kit } = options
    this.#options = options
    this.pod = pod
    const hostIp = node?.status?.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? ''
    this.#place = { nodeName: pod.spec.nodeName ?? '', hostIp, podIp: '' }
    this.#volumes = createPodVolumes({
      pod: () => this.pod,
      place: this.#place,
      sources: options.sources,
      clock: kit.clock,
      record: kit.record,
    })
    this.#view = {
      pod: () => this.pod,
      place: () => this.#place,
      volumes: this.#volumes.trees,
      changed: () => options.changed(this),
    }
    const lives = (list: ContainerList) => (pod.spec[list] ?? []).map(each => new ContainerLife(each, list, kit, this.#view))
    this.lives = [...lives('initContainers'), ...lives('containers'), ...lives('ephemeralContainers')]
    this.facts = {
      hostIp,
      startTime: kit.clock.now(),
      sandboxReady: false,
      containers: new Map(this.lives.map(each => [each.container.name, each.facts])),
      ended: false,
    }
  }

  get ip(): string {
    return this.#place.podIp
  }

  /** Lives until the restart policy lets all containers rest; rejects only when the end was asked for. */
  async run(): Promise<void> {
    const { kit } = this.#options
    const { signal } = this.#running
    if (this.#isOver) return
    this.#watchDeadline()
    const isIn = kit.pace.enter(this.#place.nodeName)
    try {
      this.#options.changed(this)
      await this.#volumes.mount(signal)
      if (!this.ip) await this.#sandbox(signal)
      this.#debug()
      if (await this.#initialize(signal)) await this.#runAll(signal, isIn)
    } catch (error) {
      // Past its deadline it rests like one whose containers have ended.
      if (!this.#isOver) throw error
    } finally {
      this.#deadline?.cancel.abort()
      isIn()
    }
  }

  /** The newest version of the Pod; begins or hastens the end where it is being deleted. */
  update(pod: Pod): void {
    this.pod = pod
    if (!this.#isOver) this.#watchDeadline()
    this.#change()
    this.#debug()
    if (pod.metadata.deletionTimestamp) void this.end(pod.metadata.deletionGracePeriodSeconds ?? 0)
  }

  /** Stops all within the grace period and, unless the object is gone already, removes the Pod. A shorter period later hastens it. */
  end(graceSeconds: number, isRemoved = false): Promise<void> {
    const isSooner = graceSeconds < this.#graceSeconds
    this.#graceSeconds = Math.min(graceSeconds, this.#graceSeconds)
    if (this.#ending && isSooner) for (const life of this.lives) void life.stop(graceSeconds * 1000)
    this.#ending ??= this.#finish(isRemoved)
    return this.#ending
  }

  get isEnding(): boolean {
    return this.#ending !== undefined
  }

  /** Stops all at once and reports nothing: the cluster itself ends. */
  kill(): void {
    this.#ending ??= Promise.resolve()
    this.#running.abort(new Error('the cluster ends'))
    for (const life of this.lives) void life.stop(0)
  }

  /** Stops all as a power cut does: nobody is told, and the IP is free. */
  cut(): void {
    this.kill()
    this.#leaveNetwork()
  }

  /** Stops all and reports nothing: the cluster goes to another time, in which its address is not its own to give back. */
  drop(): void {
    this.#place.podIp = ''
    this.kill()
  }

  save(): SavedPod {
    const { podIp, startTime, sandboxReady, failure } = this.facts
    return {
      podIp: this.ip,
      facts: { startTime, sandboxReady, ...(podIp !== undefined && { podIp }), ...(failure && { failure }) },
      isOver: this.#isOver,
      lives: this.lives.map(life => life.save()),
    }
  }

  /** All rests, or runs, as it did when it was saved, and nothing has happened since. */
  isStill({ podIp, facts, isOver, lives }: SavedPod): boolean {
    const inMotion = this.#ending !== undefined || this.#deadline !== undefined || isOver !== this.#isOver
    if (inMotion || podIp !== this.ip || lives.length !== this.lives.length) return false
    const { startTime, sandboxReady, failure } = this.facts
    return (
      isEqual({ podIp: this.facts.podIp, startTime, sandboxReady, failure }, facts) &&
      this.lives.every((life, index) => isStill(life.save(), lives[index]!)) &&
      this.#volumes.areSame()
    )
  }

  /** Takes up the Pod as it was saved: same address, same containers; to be called before it runs. */
  resume({ podIp, facts, isOver, lives }: SavedPod): void {
    Object.assign(this.facts, facts)
    this.#place.podIp = podIp
    this.#isOver = isOver
    for (const [index, saved] of lives.entries()) this.lives[index]?.resume(saved)
  }

  /** What a node that comes back finds in the status: its containers are gone and will be started once more. */
  recall(status: Pod['status']): void {
    const finishedAt = timestamp(this.#options.kit.clock.now())
    if (status?.startTime) this.facts.startTime = Date.parse(String(status.startTime))
    const ephemeral = status?.ephemeralContainerStatuses ?? []
    // Once ended, by whatever, they are never started again.
    for (const { name } of ephemeral) this.#debugging.add(name)
    for (const old of [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? []), ...ephemeral]) {
      const facts = this.facts.containers.get(old.name)
      const startedAt = old.state?.running?.startedAt
      if (!facts) continue
      facts.restartCount = old.restartCount
      facts.lastState = old.lastState ?? {}
      if (startedAt)
        facts.lastState = {
          terminated: { exitCode: 255, reason: 'Unknown', startedAt, finishedAt, containerID: old.containerID ?? '' },
        }
    }
  }

  /** Brings mounted ConfigMaps and Secrets up to date, and looks anew whether a resize fits. */
  refresh(): void {
    if (this.facts.resize) this.#change()
    this.#volumes.refresh()
  }

  /** Ends the Pod once activeDeadlineSeconds, which may change, are over. */
  #watchDeadline(): void {
    const seconds = this.pod.spec.activeDeadlineSeconds
    const at = seconds === undefined ? Number.POSITIVE_INFINITY : this.facts.startTime + seconds * 1000
    if (at === (this.#deadline?.at ?? Number.POSITIVE_INFINITY)) return
    this.#deadline?.cancel.abort()
    if (seconds === undefined) return
    const cancel = new AbortController()
    this.#deadline = { at, cancel }
    const { clock } = this.#options.kit
    // The sleep rejects only because the Pod ended before, or its deadline changed.
    clock.sleep(Math.max(0, at - clock.now()), cancel.signal).then(
      () => void this.#expire(),
      () => undefined,
    )
  }

  // Models kubernetes/pkg/kubelet/active_deadline.go.
  async #expire(): Promise<void> {
    if (this.#ending) return
    this.#isOver = true
    const message = 'Pod was active on the node longer than the specified deadline'
    this.#options.kit.record(this.pod, 'Normal', 'DeadlineExceeded', message)
    this.#running.abort(new Error(message))
    const { clock } = this.#options.kit
    const until = clock.now() + (this.pod.spec.terminationGracePeriodSeconds ?? 30) * 1000
    await this.#stopAll(() => Math.max(0, until - clock.now()))
    if (this.#ending) return
    this.facts.failure = { reason: 'DeadlineExceeded', message }
    this.facts.sandboxReady = false
    this.#leaveNetwork()
    this.#options.changed(this)
  }

  async #sandbox(signal: AbortSignal): Promise<void> {
    const { kit } = this.#options
    const { nodeName, hostIp } = this.#place
    await kit.pace.sandbox(nodeName, signal)
    for (;;) {
      try {
        this.#place.podIp = this.pod.spec.hostNetwork ? hostIp : kit.network.allocate(nodeName)
        break
      } catch (error) {
        const why = `plugin type="ptp" failed (add): ${(error as Error).message}`
        kit.record(
          this.pod,
          'Warning',
          'FailedCreatePodSandBox',
          `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox: ${why}`,
        )
        await kit.clock.sleep(SANDBOX_RETRY_MS, signal)
      }
    }
    this.facts.podIp = this.#place.podIp
    this.facts.sandboxReady = true
    this.#options.changed(this)
  }

  /** Init containers one after another; false where one failed for good. */
  async #initialize(signal: AbortSignal): Promise<boolean> {
    for (const life of this.lives.slice(0, this.pod.spec.initContainers?.length ?? 0)) {
      if (isSidecar(life.container)) {
        life.run(signal).catch(error => this.#unlessEnding(error))
        await Promise.race([life.started(), rejectOn(signal)])
      } else if (!(await life.run(signal))) return false
      this.#options.changed(this)
    }
    return true
  }

  /** Hands on what was changed in containers while they live; a resize only where the node has room for it. */
  #change(): void {
    const { initContainers = [], containers } = this.pod.spec
    const wanted = [...initContainers, ...containers]
    const lives = this.lives.filter(({ container }) => wanted.some(({ name }) => name === container.name))
    const now = lives.map(({ container }) => container)
    if (now.every(container => wanted.includes(container))) return
    const isResized = isResize(wanted, now)
    const obstacle = isResized ? this.#resizeObstacle() : undefined
    for (const life of lives) {
      const container = wanted.find(({ name }) => name === life.container.name)!
      const { resources } = obstacle ? life.container : container
      life.change({ ...container, ...(resources && { resources }) }).catch(error => this.#unlessEnding(error))
    }
    if (!isResized && !this.facts.resize) return
    const kept = new Map(now.map(({ name, resources }) => [name, resources]))
    if (obstacle) this.facts.resize = { ...obstacle, kept }
    else delete this.facts.resize
    this.#options.changed(this)
  }

  #resizeObstacle(): ResizeObstacle | undefined {
    const { store } = this.#options.kit
    const { nodeName } = this.#place
    const node = store.get('nodes', '', nodeName) as NodeObject | undefined
    const isNeighbour = (pod: Pod) =>
      pod.spec.nodeName === nodeName && !isTerminal(pod) && pod.metadata.uid !== this.pod.metadata.uid
    return node && resizeObstacle(this.pod, node, (store.list('pods') as readonly Pod[]).filter(isNeighbour))
  }

  /** Starts ephemeral containers, each once; nobody waits for their ends. */
  #debug(): void {
    if (!this.facts.sandboxReady || this.#ending) return
    for (const container of this.pod.spec.ephemeralContainers ?? []) {
      const { name } = container
      if (this.#debugging.has(name)) continue
      this.#debugging.add(name)
      let life = this.lives.find(each => each.container.name === name)
      if (!life) {
        life = new ContainerLife(container, 'ephemeralContainers', this.#options.kit, this.#view)
        this.lives.push(life)
        this.facts.containers.set(name, life.facts)
      }
      life.run(this.#running.signal).catch(error => this.#unlessEnding(error))
    }
  }

  async #runAll(signal: AbortSignal, isIn: () => void): Promise<void> {
    const inits = this.pod.spec.initContainers?.length ?? 0
    const mains = this.lives.slice(inits, inits + this.pod.spec.containers.length)
    const ends = mains.map(life => life.run(signal))
    void Promise.all(mains.map(life => life.started())).then(isIn)
    await Promise.all(ends)
    for (const life of this.lives) await life.stop((this.pod.spec.terminationGracePeriodSeconds ?? 30) * 1000)
    this.facts.sandboxReady = false
    this.#isOver = true
    this.#leaveNetwork()
    this.#options.changed(this)
  }

  async #finish(isRemoved: boolean): Promise<void> {
    const { kit, gone, changed } = this.#options
    this.#running.abort(new Error('the Pod is being deleted'))
    const began = kit.clock.now()
    await this.#stopAll(() => Math.max(0, this.#graceSeconds * 1000 - (kit.clock.now() - began)))
    this.facts.ended = true
    this.facts.sandboxReady = false
    if (!isRemoved) changed(this)
    await kit.pace.teardown(new AbortController().signal)
    this.#leaveNetwork()
    gone(this)
  }

  /** preStop, SIGTERM, and SIGKILL when no time is `left`; sidecars last. */
  async #stopAll(left: () => number): Promise<void> {
    const stopping = this.lives.filter(life => life.isRunning)
    for (const life of stopping) life.record('Normal', 'Killing', `Stopping container ${life.container.name}`)
    const sidecars = stopping.filter(({ container }) => isSidecar(container))
    const stop = async (life: ContainerLife) => {
      await stopHook(life, this.ip, this.#options.kit, left())
      await life.stop(left())
    }
    await Promise.all(stopping.filter(life => !sidecars.includes(life)).map(stop))
    await Promise.all(sidecars.map(stop))
  }

  /** Gives the IP back, once; the status still tells it. */
  #leaveNetwork(): void {
    const { podIp } = this.#place
    this.#place.podIp = ''
    if (podIp && !this.pod.spec.hostNetwork) this.#options.kit.network.release(podIp)
  }

  #unlessEnding(error: unknown): void {
    if (!this.#running.signal.aborted) throw error
  }
}

const rejectOn = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
