// The life of one container of a Pod: image, start, probes, end, and start again with back-off.

import type { Container, ContainerState } from 'kubernetes-types/core/v1.js'
import type { Pod } from '../controllers/kinds.ts'
import { quantity } from '../controllers/quantity.ts'
import type { FileTree } from '../images/files.ts'
import { timestamp } from '../object.ts'
import { createBackOff, goDuration } from './back-off.ts'
import { ensureImage } from './container-images.ts'
import { type Probing, startProbes } from './container-probes.ts'
import { endedContainer } from './ended-container.ts'
import { ConfigError, environmentOf, expand } from './environment.ts'
import type { Place } from './fields.ts'
import { startHook } from './lifecycle-hooks.ts'
import type { NodeKit } from './node-kit.ts'
import { restartsFor } from './resize.ts'
import type { Exit, RunningContainer, SavedRun } from './runtime.ts'
import type { SavedLife } from './saved-life.ts'
import { type ContainerFacts, type ContainerList, isSidecar } from './status.ts'
import { mountsOf } from './volumes.ts'

// Models kubernetes/pkg/kubelet/kuberuntime/kuberuntime_manager.go and kuberuntime_container.go
/** What the containers of one Pod share. */
export interface PodView {
  /** The Pod as stored last. */
  pod(): Pod
  place(): Place
  volumes: ReadonlyMap<string, FileTree>
  /** Something of the status changed. */
  changed(): void
}

/** How often a container that cannot be configured is looked at again. */
const CONFIG_RETRY_MS = 10_000
/** Upstream's exit code where the process could not even be started. */
const START_ERROR = 128

export class ContainerLife {
  readonly facts: ContainerFacts = { restartCount: 0, started: false, ready: false }
  current: RunningContainer | undefined
  previous: RunningContainer | undefined
  container: Container
  readonly #kit: NodeKit
  readonly #view: PodView
  readonly #list: ContainerList
  #backOff = createBackOff()
  #attempts = 0
  #wakesAt = 0
  #resumed: SavedLife | undefined
  /** Another image is wanted: the container that is there goes. */
  #isChanged = false
  #changing = new AbortController()
  readonly #startedWaiters: (() => void)[] = []

  constructor(container: Container, list: ContainerList, kit: NodeKit, view: PodView) {
    this.container = container
    this.#list = list
    this.#kit = kit
    this.#view = view
  }

  get isRunning(): boolean {
    return this.facts.state?.running !== undefined
  }

  /** Settles once the container has started (its startup probe passed), for sidecars. */
  started(): Promise<void> {
    return this.facts.started ? Promise.resolve() : new Promise(resolve => this.#startedWaiters.push(resolve))
  }

  /** Runs until the restart policy lets it rest; true if it ended well. Rejects only when the signal fires. */
  async run(signal: AbortSignal): Promise<boolean> {
    for (;;) {
      this.#changing = new AbortController()
      try {
        const isGood = await this.#keepRunning(AbortSignal.any([signal, this.#changing.signal]))
        if (!this.#isChanged) return isGood
      } catch (error) {
        if (signal.aborted || !this.#isChanged) throw error
      }
      // A new beginning, whatever the restart policy says.
      this.#isChanged = false
      this.#attempts = 0
      this.#backOff = createBackOff()
    }
  }

  // Models kubernetes/pkg/kubelet/kuberuntime/kuberuntime_manager.go computePodActions, containerChanged.
  /** Takes over what was changed in the Pod's spec: what a running container cannot take in means another one, at once. */
  async change(container: Container): Promise<void> {
    const why = restartsFor(container, this.container)
    this.container = container
    if (!why) return
    this.#isChanged = true
    if (!this.isRunning) return this.#changing.abort(new Error(why))
    this.record('Normal', 'Killing', `Container ${container.name} ${why}`)
    await this.stop(this.#graceSeconds * 1000)
  }

  async #keepRunning(signal: AbortSignal): Promise<boolean> {
    for (; ; this.#attempts++) {
      const began = this.#kit.clock.now()
      const exit = await this.#turn(signal)
      this.#backOff.ran(this.#kit.clock.now() - began)
      if (this.#isChanged || !this.#restarts(exit.exitCode)) return exit.exitCode === 0
      // The first restart is immediate; its failure starts the back-off.
      if (this.#attempts > 0) await this.#crashLoop(signal)
    }
  }

  save(): SavedLife {
    return {
      facts: { ...this.facts },
      attempts: this.#attempts,
      backOff: this.#backOff.wait,
      wakesAt: this.#wakesAt,
      ...(this.current && { current: this.current.save() }),
      ...(this.previous && { previous: this.previous.save() }),
    }
  }

  /** Takes up a life where it was saved; to be called before it runs. */
  resume(saved: SavedLife): void {
    Object.assign(this.facts, saved.facts)
    this.#attempts = saved.attempts
    this.#backOff = createBackOff(saved.backOff)
    this.#wakesAt = saved.wakesAt
    this.#resumed = saved
    const ended: Exit = { exitCode: 0, reason: 'Completed' }
    if (saved.current && !this.isRunning) this.current = endedContainer(saved.current, ended)
    if (saved.previous) this.previous = endedContainer(saved.previous, ended)
    if (this.facts.started) this.#tellStarted()
  }

  /** SIGTERM, then SIGKILL after the grace period; settles when the end is noted. */
  async stop(graceMs: number): Promise<void> {
    const { current } = this
    if (!current || !this.isRunning) return
    await current.stop(graceMs)
    await current.exited
  }

  /** Words for an Event about this container. */
  record(type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.#kit.record(this.#view.pod(), type, reason, message, `spec.${this.#list}{${this.container.name}}`)
  }

  #restarts(exitCode: number): boolean {
    const policy = this.#view.pod().spec.restartPolicy ?? 'Always'
    if (isSidecar(this.container)) return true
    if (this.#list === 'ephemeralContainers') return false
    if (this.#list === 'initContainers') return exitCode !== 0 && policy !== 'Never'
    return policy === 'Always' || (policy === 'OnFailure' && exitCode !== 0)
  }

  /** One run, or what was left of it when the cluster was saved. */
  async #turn(signal: AbortSignal): Promise<Exit> {
    const saved = this.#resumed
    this.#resumed = undefined
    const { running, terminated } = this.facts.state ?? {}
    if (saved && terminated) return { exitCode: terminated.exitCode, reason: terminated.exitCode === 0 ? 'Completed' : 'Error' }
    if (saved?.current && running) return this.#goOn(saved.current, running.startedAt ?? '', signal)
    if (saved) await this.#kit.clock.sleep(this.#wakesAt - this.#kit.clock.now(), signal)
    return this.#once(signal)
  }

  /** The program begins anew, with the files and the log that it had; nobody is told, for nothing happened. */
  async #goOn(resume: SavedRun, startedAt: string, signal: AbortSignal): Promise<Exit> {
    const spec = await this.#configure(signal)
    try {
      const running = this.#kit.runtime.start({ ...spec, resume })
      this.current = running
      if (this.facts.starting) this.#setStarted()
      running.exited.then(exit => this.#end(running, startedAt, exit))
    } catch (error) {
      return this.#couldNotStart(error)
    }
    return this.#watch(signal)
  }

  async #once(signal: AbortSignal): Promise<Exit> {
    const { clock, runtime, random, pace } = this.#kit
    const { container } = this
    const waiting = (reason: string, message: string) => this.#setState({ waiting: { reason, message } })
    const record = this.record.bind(this)
    const node = this.#view.place().nodeName
    const image = await ensureImage({ runtime, clock, random, node, container, record, waiting }, signal)
    const spec = await this.#configure(signal)
    await pace.create(signal)
    this.facts.image = image.reference
    this.facts.imageId = image.id
    if (this.#hasEnded()) this.facts.restartCount++
    record('Normal', 'Created', 'Container created')
    await pace.start(signal)
    try {
      this.#begin(runtime.start(spec))
    } catch (error) {
      return this.#couldNotStart(error)
    }
    record('Normal', 'Started', 'Container started')
    if (container.lifecycle?.postStart && !(await this.#afterStart(signal))) {
      await this.stop(this.#graceSeconds * 1000)
    }
    return this.#watch(signal)
  }

  /** The hook runs beside the program; until it is done the container counts as being created. */
  async #afterStart(signal: AbortSignal): Promise<boolean> {
    const over = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }))
    const isGood = await Promise.race([startHook(this, this.#view.place().podIp, this.#kit), over])
    if (isGood && this.isRunning) this.#setStarted()
    return isGood
  }

  #setStarted(): void {
    this.facts.starting = false
    this.facts.started = !this.container.startupProbe
    this.facts.ready = this.facts.started && !this.container.readinessProbe
    this.#view.changed()
    if (this.facts.started) this.#tellStarted()
  }

  #hasEnded(): boolean {
    return this.facts.state?.terminated !== undefined || this.facts.lastState?.terminated !== undefined
  }

  /** Waits for ConfigMaps and Secrets that the environment needs. */
  async #configure(signal: AbortSignal) {
    for (;;) {
      try {
        return this.#spec()
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error
        this.record('Warning', 'Failed', `Error: ${error.message}`)
        this.#setState({ waiting: { reason: 'CreateContainerConfigError', message: error.message } })
        await this.#kit.clock.sleep(CONFIG_RETRY_MS * (1 + this.#kit.random() / 5), signal)
      }
    }
  }

  #spec() {
    const pod = this.#view.pod()
    const place = this.#view.place()
    const { container } = this
    const env = environmentOf(this.#kit.store, pod, container, place)
    const { metadata, spec } = pod
    return {
      namespace: metadata.namespace ?? '',
      pod: metadata.name,
      podUid: metadata.uid,
      name: container.name,
      image: container.image ?? '',
      ...(container.command && { command: container.command.map(word => expand(word, env)) }),
      ...(container.args && { args: container.args.map(word => expand(word, env)) }),
      env,
      ...(container.workingDir && { workingDir: container.workingDir }),
      mounts: mountsOf(pod, container, this.#view.volumes),
      hostname: spec.hostNetwork ? place.nodeName : (spec.hostname ?? metadata.name.slice(0, 63)),
      ip: place.podIp,
      hostNetwork: spec.hostNetwork ?? false,
      tty: container.tty ?? false,
      stdin: container.stdin ?? false,
      stdinOnce: container.stdinOnce ?? false,
      memoryLimit: () => {
        const limit = this.container.resources?.limits?.memory
        return limit === undefined ? undefined : quantity(limit)
      },
    }
  }

  #begin(running: RunningContainer): void {
    this.previous = this.current
    this.current = running
    this.facts.id = running.id
    this.facts.imageId = running.imageId || this.facts.imageId || ''
    const startedAt = timestamp(this.#kit.clock.now())
    this.facts.starting = true
    this.#setState({ running: { startedAt } })
    if (!this.container.lifecycle?.postStart) this.#setStarted()
    // Noted here and not by who waits, so that an end is never missed.
    running.exited.then(exit => this.#end(running, startedAt, exit))
  }

  #end({ id }: RunningContainer, startedAt: string, { exitCode, signal, reason, message }: Exit): void {
    this.facts.starting = false
    this.facts.started = false
    this.facts.ready = false
    const finishedAt = timestamp(this.#kit.clock.now())
    const end = {
      exitCode,
      ...(signal && { signal }),
      reason,
      ...(message && { message }),
      startedAt,
      finishedAt,
      containerID: id,
    }
    this.#setState({ terminated: end })
  }

  #couldNotStart(error: unknown): Exit {
    const message = (error as Error).message
    this.record('Warning', 'Failed', `Error: ${message}`)
    const now = timestamp(this.#kit.clock.now())
    const reason = 'StartError'
    this.facts.lastState = {
      terminated: { exitCode: START_ERROR, reason, message, startedAt: '1970-01-01T00:00:00Z', finishedAt: now },
    }
    this.#setState({ waiting: { reason: 'RunContainerError', message } })
    return { exitCode: START_ERROR, reason: 'Error', message }
  }

  async #crashLoop(signal: AbortSignal): Promise<void> {
    const { clock } = this.#kit
    const { metadata } = this.#view.pod()
    const { name } = this.container
    const wait = this.#backOff.next()
    const who = `${name} in pod ${metadata.name}_${metadata.namespace}(${metadata.uid})`
    this.record('Warning', 'BackOff', `Back-off restarting failed container ${who}`)
    const message = `back-off ${goDuration(wait)} restarting failed container=${name} pod=${metadata.name}_${metadata.namespace}(${metadata.uid})`
    this.#setState({ waiting: { reason: 'CrashLoopBackOff', message } })
    this.#wakesAt = clock.now() + wait
    await clock.sleep(wait, signal)
  }

  /** Probes until the container ends or the Pod's end begins. */
  async #watch(signal: AbortSignal): Promise<Exit> {
    const running = this.current
    if (!running) throw new Error('no container to watch')
    const over = new AbortController()
    const cancel = () => over.abort()
    signal.addEventListener('abort', cancel, { once: true })
    try {
      this.#probe(running, over.signal)
      const gone = new Promise<never>((_, reject) =>
        over.signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
      )
      return await Promise.race([running.exited, gone])
    } finally {
      signal.removeEventListener('abort', cancel)
      over.abort()
    }
  }

  #probe(running: RunningContainer, signal: AbortSignal): void {
    const { clock, network, random } = this.#kit
    const { container } = this
    const probing: Probing = {
      target: { container, running, ip: this.#view.place().podIp, network, clock },
      random,
      isStarted: this.facts.started,
      record: this.record.bind(this),
      onStarted: () => {
        this.facts.started = true
        this.facts.ready = !container.readinessProbe
        this.#view.changed()
        this.#tellStarted()
      },
      onReady: ready => this.#setReady(ready),
      stop: probe => void running.stop((probe.terminationGracePeriodSeconds ?? this.#graceSeconds) * 1000),
    }
    startProbes(probing, signal)
  }

  get #graceSeconds(): number {
    return this.#view.pod().spec.terminationGracePeriodSeconds ?? 30
  }

  #setReady(ready: boolean): void {
    if (this.facts.ready === ready || !this.isRunning) return
    this.facts.ready = ready
    this.#view.changed()
  }

  #tellStarted(): void {
    for (const resolve of this.#startedWaiters.splice(0)) resolve()
  }

  #setState(state: ContainerState): void {
    const old = this.facts.state
    if (old?.terminated && !state.terminated) this.facts.lastState = { terminated: old.terminated }
    this.facts.state = state
    this.#view.changed()
  }
}
