// What lives in the cluster: controllers, kubelets, network. It can be saved, and go on as it was saved.

import type { Tokens } from './auth/tokens.ts'
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
  /**
   * Lets `between` change the store and the clock while nothing lives, and goes on as in the world that it returns; in an empty
   * one where it returns none. Containers to which nothing happened since run on; controllers begin anew, for they know nothing
   * that is not in the store.
   */
  exchange(between: () => SavedWorld | undefined): void
}

export interface WorldOptions {
  registry: Registry
  clock: PausableClock
  random: Random
  /** PEM of the authority that clients trust. */
  ca: string
  /** ServiceAccounts', for Secrets and Pods. */
  tokens: Tokens
  /** Where the nodes' images come from, where it is not a registry in reach. */
  imageSource?: ImageSource
  /** Only the disks are left of an earlier life, as after a power cut. */
  rebootWith?: SavedDisks | undefined
  onError(where: string, error: unknown): void
}

/** Starts one; it ends with the signal. */
export const startWorld = (options: WorldOptions, signal: AbortSignal): World => {
  const { registry, clock, random, ca, tokens, imageSource, rebootWith, onError } = options
  const { store } = registry
  const network = createNetwork({ store, clock, random })
  const recorder = createRecorder({ registry, clock, random })
  const disks = createDisks(() => clock.now(), rebootWith)
  const images = createRuntime({ network, clock, random, ...(imageSource && { source: imageSource }) })
  // Asked only when all are there.
  const metrics = createMetrics({ store, clock, meters: { running: uid => kubelet.running(uid) } })

  let ending = new AbortController()
  const control = () => {
    ending = new AbortController()
    const both = AbortSignal.any([signal, ending.signal])
    keepService(registry, clock, both, error => onError('service kubernetes', error))
    startControllers({
      registry,
      clock,
      random,
      record: recorder,
      signal: both,
      metrics,
      tokens,
      ca,
      onError: (name, key, error) => onError(`${name} ${key}`, error),
    })
  }
  control()
  const kubelet = startKubelet({
    registry: registry.as('kubelet'),
    clock,
    random,
    recorder,
    runtime: images,
    network,
    signal,
    disks,
    tokens,
    isReboot: rebootWith !== undefined,
    onError: (pod, error) => onError(`kubelet ${pod.metadata.namespace}/${pod.metadata.name}`, error),
  })
  const nodes = createNodes({
    registry: registry.as('kubelet'),
    clock,
    random,
    recorder,
    kubelet,
    signal,
    onError: error => onError('nodes', error),
  })
  if (rebootWith) nodes.reboot()

  return {
    network,
    recorder,
    kubelet,
    nodes,
    disks,
    metrics,
    save: () => ({
      network: network.save(),
      images: images.save(),
      kubelet: kubelet.save(),
      nodes: nodes.save(),
      disks: disks.save(),
      random: random.position,
    }),
    exchange(between) {
      ending.abort(new Error('the cluster goes to another time'))
      const settle = kubelet.hold()
      const saved = between()
      if (saved) random.position = saved.random
      recorder.forget()
      metrics.forget()
      network.restore(saved?.network)
      images.restore(saved?.images)
      disks.restore(saved?.disks)
      settle(saved?.kubelet)
      nodes.restore(saved?.nodes)
      control()
    },
  }
}
