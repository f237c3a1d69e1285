// The practice cluster: a small Kubernetes in one process, reached through the kubeconfig it gives.

import { randomBytes } from 'node:crypto'
import { type Clock, realClock } from '../platform/clock.ts'
import type { Journal } from '../platform/journal.ts'
import { type Certificates, createCertificates } from './api/certificate.ts'
import { kubeconfigYaml } from './api/kubeconfig.ts'
import { startServer } from './api/server.ts'
import { createStreams } from './api/streams/index.ts'
import { createAuth } from './auth/auth.ts'
import { createTokens } from './auth/tokens.ts'
import { bootObjects } from './boot.ts'
import { createClock, type PausableClock } from './clock.ts'
import { createControl } from './control.ts'
import type { ImageSource } from './kubelet/image-store.ts'
import { nodeOptions, registerNode } from './kubelet/index.ts'
import type { Nodes } from './kubelet/nodes.ts'
import { createKeeper } from './memory/keeper.ts'
import { readPast } from './memory/past.ts'
import { createSnapshots, type Snapshots } from './memory/snapshots.ts'
import { startHttpProxy } from './network/http-proxy.ts'
import { startNodePorts } from './network/node-ports.ts'
import { createRandom } from './random.ts'
import { createRegistry, type Registry } from './registry.ts'
import { resources } from './resources/index.ts'
import { createStore } from './store.ts'
import { startWorld } from './world.ts'

export interface PracticeOptions {
  /** Of the API; 0, the default, takes a free one. */
  port?: number
  /** How many; 2 by default. */
  nodes?: number
  /** Makes names, uids and jitter repeatable. */
  seed?: number
  /** What the cluster's time is counted by; the real clock by default. */
  clock?: Clock
  /** Cluster seconds in one real second; 1 by default. */
  speed?: number
  /** URL of the learner's own HTTP proxy, for what is not in the cluster. */
  upstreamProxy?: string
  /** Of the HTTP proxy, if it is free; else, and by default, any. */
  proxyPort?: number
  /** Where the state is kept, and what an earlier life left there; by default it goes with the process. */
  state?: { log: Journal; records: readonly string[] }
  /** Of an earlier life, so that its kubeconfigs go on working. */
  identity?: Identity
  /** Where the nodes' images come from, where it is not a registry in reach. */
  imageSource?: ImageSource
  /** Hears of faults that no client is told: bugs. */
  onError?(where: string, error: unknown): void
}

/** What clients know a cluster by. */
export interface Identity {
  certificates: Certificates
  token: string
}

export const createIdentity = (): Identity => ({
  certificates: createCertificates(),
  token: randomBytes(24).toString('base64url'),
})

export interface Practice {
  /** `https://127.0.0.1:PORT`. */
  server: string
  /** YAML, with the CA and a token inside. */
  kubeconfig: string
  /** URL of the proxy that leads `curl` into the cluster's network. */
  httpProxy: string
  registry: Registry
  /** The cluster's time: can be held, stepped and hurried. */
  clock: PausableClock
  nodes: Nodes
  /** The cluster's memory: what it was, and can be again. */
  snapshots: Snapshots
  stop(): Promise<void>
}

/** Starts a cluster. @throws Error EADDRINUSE where the port is taken */
export const createPractice = async (options: PracticeOptions = {}): Promise<Practice> => {
  const { onError = () => {} } = options
  const { clock: base = realClock, state } = options
  const past = state && readPast(state.records)
  const clock = createClock({ base, ...(options.speed && { speed: options.speed }), from: past?.position.now ?? 0 })
  const random = createRandom(past?.position.random ?? options.seed)
  const stopping = new AbortController()
  const { signal } = stopping
  const store = createStore(past && { from: { revision: past.position.revision, objects: past.objects } })
  const registry = createRegistry({ store, resources, clock, random })
  // What was kept is ours: nobody else writes that file.
  const identity = options.identity ?? (past?.identity as Identity | undefined) ?? createIdentity()
  const { certificates, token } = identity
  const tokens = createTokens({ secret: token, store, now: () => clock.now() })
  const furnish = () => {
    bootObjects(registry)
    for (let number = 1; number <= (options.nodes ?? 2); number++) registerNode({ registry, clock, random }, nodeOptions(number))
  }
  furnish()
  const { imageSource } = options
  const world = startWorld(
    {
      registry,
      clock,
      random,
      ca: certificates.ca,
      tokens,
      onError,
      ...(imageSource && { imageSource }),
      rebootWith: past?.disks,
    },
    signal,
  )
  const { network, nodes, kubelet, metrics, recorder } = world
  startNodePorts({ store, network, recorder, signal })
  const snapshots = createSnapshots({ store, clock, world, signal, furnish })
  const keeper =
    state &&
    createKeeper({
      store,
      disks: world.disks,
      log: state.log,
      clock: base,
      position: () => ({ now: clock.now(), random: random.position, revision: store.revision }),
      identity,
      onError: error => onError('state', error),
    })
  const control = createControl({ clock, nodes, store, snapshots, signal })
  const streams = createStreams(kubelet)
  const server = await startServer({
    registry,
    clock,
    random,
    access: kubelet,
    streams,
    certificates,
    auth: createAuth({ token, store, tokens }),
    port: options.port ?? 0,
    metrics,
    control,
    ...(keeper && { keeper }),
  })
  const proxy = await startHttpProxy(network, { upstream: options.upstreamProxy || undefined, port: options.proxyPort })
  const url = `https://127.0.0.1:${server.port}`
  return {
    server: url,
    kubeconfig: kubeconfigYaml({ server: url, ca: certificates.ca, token, httpProxy: proxy.url }),
    httpProxy: proxy.url,
    registry,
    clock,
    nodes,
    snapshots,
    async stop() {
      stopping.abort()
      await Promise.all([server.close(), proxy.close()])
      await keeper?.stop()
    },
  }
}
