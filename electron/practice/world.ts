// What lives in the cluster: controllers, kubelets, network. It can be saved, and ended and begun again as it was saved.

import { keepService } from './boot.ts'
import type { PausableClock } from './clock.ts'
import { createRecorder, type Recorder, startControllers } from './controllers/index.ts'
import { createRuntime } from './kubelet/containers.ts'
import { createDisks, type Disks, type SavedDisks } from './kubelet/disks.ts'
import type { ImageSource, SavedImages } from './kubelet/image-store.ts'
import { type Kubelet, type SavedKubelet, startKubelet } from './kubelet/index.ts'
import { createNodes, type Nodes, type SavedNodes } from './kubelet/nodes.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { createNetwork, type Network, type SavedNetwork } from './network/network.ts'
import type { Random } from './random.ts'
import type { Registry } from './registry.ts'

/** Everything of one moment but the objects and the time. */
export interface SavedWorld {
  network: SavedNetwork
  images: SavedImages
  kubelet: SavedKubelet
  nodes: SavedNodes
  disks: SavedDisks
  random: number
}

export interface World {
  readonly network: Network
  readonly recorder: Recorder
  readonly kubelet: Kubelet
  readonly nodes: Nodes
  readonly disks: Disks
  readonly metrics: Metrics
  save(): SavedWorld
}

export interface WorldOptions {
  registry: Registry
  clock: PausableClock
  random: Random
  /** PEM of the authority that clients trust. */
  ca: string
  /** Where the nodes' images come from, where it is not a registry in reach. */
  imageSource?: ImageSource
  onError(where: string, error: unknown): void
}

/** How a world begins: as it was saved; or with nothing but its disks, as after a power cut. */
export type Beginning = SavedWorld | { disks: SavedDisks; kubelet: 'reboot' }

const isSaved = (beginning: Beginning | undefined): beginning is SavedWorld =>
  beginning !== undefined && beginning.kubelet !== 'reboot'

/** Starts one; it ends with the signal. */
const startWorld = (options: WorldOptions, signal: AbortSignal, beginning?: Beginning): World => {
  const { registry, clock, random, ca, onError } = options
  const { store } = registry
  const saved = isSaved(beginning) ? beginning : undefined
  if (saved) random.position = saved.random
  const network = createNetwork({ store, clock, random, ...(saved && { from: saved.network }) })
  const recorder = createRecorder({ registry, clock, random })
  const disks = createDisks(() => clock.now(), beginning?.disks)
  const runtime = createRuntime({
    network,
    clock,
    random,
    ...(options.imageSource && { source: options.imageSource }),
    ...(saved && { from: saved.images }),
  })
  // Asked only when all are there.
  const metrics = createMetrics({ store, clock, meters: { running: uid => kubelet.running(uid) } })
  keepService(registry, clock, signal, error => onError('service kubernetes', error))
  startControllers({
    registry,
    clock,
    random,
    record: recorder,
    signal,
    metrics,
    ca,
    onError: (name, key, error) => onError(`${name} ${key}`, error),
  })
  const kubelet = startKubelet({
    registry: registry.as('kubelet'),
    clock,
    random,
    recorder,
    runtime,
    network,
    signal,
    disks,
    ...(beginning && { from: beginning.kubelet }),
    onError: (pod, error) => onError(`kubelet ${pod.metadata.namespace}/${pod.metadata.name}`, error),
  })
  const nodes = createNodes({
    registry: registry.as('kubelet'),
    clock,
    random,
    recorder,
    kubelet,
    signal,
    ...(saved && { from: saved.nodes }),
    onError: error => onError('nodes', error),
  })
  if (beginning?.kubelet === 'reboot') nodes.reboot()
  const save = (): SavedWorld => ({
    network: network.save(),
    images: runtime.save(),
    kubelet: kubelet.save(),
    nodes: nodes.save(),
    disks: disks.save(),
    random: random.position,
  })
  return { network, recorder, kubelet, nodes, disks, metrics, save }
}

/** The world that lives now. Its parts stay valid for whoever holds them: they lead to those of the newest world. */
export interface LiveWorld extends World {
  /** Ends it, lets `between` change the store and the clock while nothing lives, and begins another. */
  exchange(between: () => Beginning | undefined): void
}

/** An object whose members are those of another one, looked up at each use. */
const through = <T extends object>(now: () => T): T =>
  new Proxy({} as T, { get: (_, name) => Reflect.get(now(), name), has: (_, name) => Reflect.has(now(), name) })

export const startLiveWorld = (options: WorldOptions, stopping: AbortSignal, beginning?: Beginning): LiveWorld => {
  let ending = new AbortController()
  const start = (from?: Beginning) => startWorld(options, AbortSignal.any([stopping, ending.signal]), from)
  let world = start(beginning)
  return {
    network: through(() => world.network),
    kubelet: through(() => world.kubelet),
    nodes: through(() => world.nodes),
    disks: through(() => world.disks),
    metrics: through(() => world.metrics),
    recorder:
      (component, host) =>
      (...told) =>
        world.recorder(component, host)(...told),
    save: () => world.save(),
    exchange(between) {
      ending.abort(new Error('the cluster goes to another time'))
      const from = between()
      ending = new AbortController()
      world = start(from)
    },
  }
}
