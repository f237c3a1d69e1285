// The practice cluster: a small Kubernetes in one process, reached through the kubeconfig it gives.

import { randomBytes } from 'node:crypto'
import { type Clock, realClock } from '../platform/clock.ts'
import { createCertificates } from './api/certificate.ts'
import { kubeconfigYaml } from './api/kubeconfig.ts'
import { startServer } from './api/server.ts'
import { createStreams } from './api/streams/index.ts'
import { bootObjects, keepService } from './boot.ts'
import { createRecorder, startControllers } from './controllers/index.ts'
import type { PodAccess } from './kubelet/access.ts'
import { createRuntime } from './kubelet/containers.ts'
import { nodeOptions, registerNode, startKubelet } from './kubelet/index.ts'
import { startHttpProxy } from './network/http-proxy.ts'
import { createNetwork } from './network/network.ts'
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
  clock?: Clock
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
  clock: Clock
  stop(): Promise<void>
}

/** Starts a cluster. @throws Error EADDRINUSE where the port is taken */
export const createPractice = async (options: PracticeOptions = {}): Promise<Practice> => {
  const { clock = realClock, onError = () => {} } = options
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
  const access = startNodes()
  const streams = createStreams(access)
  const server = await startServer({ registry, clock, random, access, streams, certificates, token, port: options.port ?? 0 })
  const proxy = await startHttpProxy(network, { upstream: options.upstreamProxy || undefined, port: options.proxyPort })
  const url = `https://127.0.0.1:${server.port}`
  return {
    server: url,
    kubeconfig: kubeconfigYaml({ server: url, ca: certificates.ca, token, httpProxy: proxy.url }),
    httpProxy: proxy.url,
    registry,
    clock,
    async stop() {
      stopping.abort()
      await Promise.all([server.close(), proxy.close()])
    },
  }

  function startNodes(): PodAccess {
    const recorder = createRecorder({ registry, clock, random })
    for (let number = 1; number <= (options.nodes ?? 2); number++) registerNode({ registry, clock, random }, nodeOptions(number))
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
    return startKubelet({
      registry,
      clock,
      random,
      recorder,
      runtime,
      network,
      signal,
      onError: (pod, error) => onError(`kubelet ${pod.metadata.namespace}/${pod.metadata.name}`, error),
    })
  }
}
