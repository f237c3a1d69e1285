// The practice cluster: a small Kubernetes in one process, reached through the kubeconfig it gives.

import { randomBytes } from 'node:crypto'
import type { Clock } from '../platform/clock.ts'
import { createCertificates } from './api/certificate.ts'
import { kubeconfigYaml } from './api/kubeconfig.ts'
import { startServer } from './api/server.ts'
import { createStreams } from './api/streams/index.ts'
import { bootObjects, keepService } from './boot.ts'
import { createClock, type PausableClock } from './clock.ts'
import { createControl } from './control.ts'
import { createRecorder, startControllers } from './controllers/index.ts'
import { createRuntime } from './kubelet/containers.ts'
import { nodeOptions, registerNode, startKubelet } from './kubelet/index.ts'
import { createNodes, type Nodes } from './kubelet/nodes.ts'
import { createMetrics } from './metrics.ts'
import { startHttpProxy } from './network/http-proxy.ts'
import { createNetwork } from './network/network.ts'
import { startNodePorts } from './network/node-ports.ts'
import { createRandom } from './random.ts'
import { createRegistry, type Registry } from './registry.ts'
import { resources } from './resources/index.ts'
import { createStore } from './store.ts'

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
  /** Hears of faults that no client is told: bugs. */
  onError?(where: string, error: unknown): void
}

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
  stop(): Promise<void>
}

/** Starts a cluster. @throws Error EADDRINUSE where the port is taken */
export const createPractice = async (options: PracticeOptions = {}): Promise<Practice> => {
  const { onError = () => {} } = options
  const clock = createClock({ ...(options.clock && { base: options.clock }), ...(options.speed && { speed: options.speed }) })
  const random = createRandom(options.seed)
  const stopping = new AbortController()
  const { signal } = stopping
  const store = createStore()
  const registry = createRegistry({ store, resources, clock, random })
  const network = createNetwork({ store, clock, random })
  const certificates = createCertificates()
  const token = randomBytes(24).toString('base64url')
  bootObjects(registry)
  keepService(registry, clock, signal, error => onError('service kubernetes', error))
  const { access, nodes, metrics } = startNodes()
  const control = createControl({ clock, nodes, store, signal })
  const streams = createStreams(access)
  const server = await startServer({
    registry,
    clock,
    random,
    access,
    streams,
    certificates,
    token,
    port: options.port ?? 0,
    metrics,
    control,
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
    async stop() {
      stopping.abort()
      await Promise.all([server.close(), proxy.close()])
    },
  }

  function startNodes() {
    const recorder = createRecorder({ registry, clock, random })
    for (let number = 1; number <= (options.nodes ?? 2); number++) registerNode({ registry, clock, random }, nodeOptions(number))
    // Asked only when all are there.
    const metrics = createMetrics({ store, clock, meters: { running: uid => kubelet.running(uid) } })
    const runtime = createRuntime({ network, clock, random })
    startControllers({
      registry,
      clock,
      random,
      record: recorder,
      signal,
      ca: certificates.ca,
      onError: (name, key, error) => onError(`${name} ${key}`, error),
    })
    const kubelet = startKubelet({
      registry,
      clock,
      random,
      recorder,
      runtime,
      network,
      signal,
      onError: (pod, error) => onError(`kubelet ${pod.metadata.namespace}/${pod.metadata.name}`, error),
    })
    startNodePorts({ store, network, recorder, signal })
    const nodes = createNodes({
      registry,
      clock,
      random,
      recorder,
      kubelet,
      signal,
      onError: error => onError('nodes', error),
    })
    return { access: kubelet, nodes, metrics }
  }
}
