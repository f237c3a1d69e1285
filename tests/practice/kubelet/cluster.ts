// A whole cluster in this process but for the API server: registry, controllers, kubelet, network.

import { type Clock, realClock } from '../../../electron/platform/clock.ts'
import { createTokens } from '../../../electron/practice/auth/tokens.ts'
import { createRecorder, startControllers } from '../../../electron/practice/controllers/index.ts'
import type { Deployment, Pod } from '../../../electron/practice/controllers/kinds.ts'
import type { PodAccess } from '../../../electron/practice/kubelet/access.ts'
import { createRuntime } from '../../../electron/practice/kubelet/containers.ts'
import { nodeOptions, registerNode, startKubelet } from '../../../electron/practice/kubelet/index.ts'
import { createNetwork, type Network } from '../../../electron/practice/network/network.ts'
import type { KubeObject } from '../../../electron/practice/object.ts'
import { createRandom } from '../../../electron/practice/random.ts'
import { createRegistry, type Registry } from '../../../electron/practice/registry.ts'
import { resources } from '../../../electron/practice/resources/index.ts'
import { createStore } from '../../../electron/practice/store.ts'
import { createStandIn, type Images, type StandIn } from './stand-in.ts'

/** The real clock, so many times as fast. */
export const fastClock = (factor: number): Clock => {
  const began = Date.now()
  return {
    now: () => began + (Date.now() - began) * factor,
    sleep: (ms, signal) => realClock.sleep(ms / factor, signal),
  }
}

export interface TestCluster {
  registry: Registry
  clock: Clock
  network: Network
  access: PodAccess
  runtime: StandIn
  errors: unknown[]
  pods(namespace?: string): Pod[]
  pod(name: string): Pod
  events(name: string): string[]
  create(key: string, name: string, body: Record<string, unknown>, namespace?: string): KubeObject
  /** Waits for the condition, at most so many real milliseconds. */
  until(what: string, condition: () => unknown, ms?: number): Promise<number>
  stop(): void
}

export interface TestOptions {
  clock?: Clock
  images?: Images
  /** Simulated programs of the catalogue instead of stand-ins. */
  real?: boolean
  nodes?: number
  podsPerNode?: number
  seed?: number
}

export const startCluster = (options: TestOptions = {}): TestCluster => {
  const { clock = realClock, nodes = 2, podsPerNode = 110, seed = 7 } = options
  const random = createRandom(seed)
  const store = createStore()
  const registry = createRegistry({ store, resources, clock, random })
  const network = createNetwork({ store, clock, random })
  const runtime = createStandIn(clock, network, options.images)
  const programs = options.real ? createRuntime({ network, clock, random }) : runtime
  const stopping = new AbortController()
  const { signal } = stopping
  const recorder = createRecorder({ registry, clock, random })
  const errors: unknown[] = []
  const onError = (...told: unknown[]) => errors.push(told)
  registry.create('namespaces', { metadata: { name: 'default' } as KubeObject['metadata'] })
  // As in every cluster that has stood for a moment; its controllers have not begun here.
  registry.create('serviceaccounts', { metadata: { name: 'default', namespace: 'default' } as KubeObject['metadata'] })
  for (let n = 1; n <= nodes; n++) registerNode({ registry, clock, random }, { ...nodeOptions(n), pods: podsPerNode })
  startControllers({ registry, clock, random, record: recorder, signal, ca: 'PEM', onError })
  const tokens = createTokens({ secret: 'test', store, now: () => clock.now() })
  const access = startKubelet({ registry, clock, random, recorder, runtime: programs, network, signal, tokens, onError })

  const pods = (namespace = 'default') => store.list('pods', namespace) as Pod[]
  return {
    registry,
    clock,
    network,
    access,
    runtime,
    errors,
    pods,
    pod: name => store.get('pods', 'default', name) as Pod,
    events: name =>
      (
        store.list('events') as (KubeObject & {
          involvedObject: { name: string }
          reason: string
          message: string
          eventTime: string
        })[]
      )
        .filter(event => event.involvedObject.name === name)
        .sort((a, b) => (a.eventTime < b.eventTime ? -1 : a.eventTime > b.eventTime ? 1 : 0))
        .map(event => `${event.reason}: ${event.message}`),
    create: (key, name, body, namespace = 'default') =>
      registry.create(key, { ...body, metadata: { ...(body.metadata as object), name, namespace } as KubeObject['metadata'] }),
    async until(what, condition, ms = 15_000) {
      const began = performance.now()
      while (!condition()) {
        if (performance.now() - began > ms) throw new Error(`waited ${ms} ms in vain until ${what}`)
        await realClock.sleep(5)
      }
      return performance.now() - began
    },
    stop: () => stopping.abort(),
  }
}

/** A Deployment's body. */
export const deploymentOf = (app: string, replicas: number, image: string): Record<string, unknown> => ({
  spec: {
    replicas,
    selector: { matchLabels: { app } },
    template: { metadata: { labels: { app } }, spec: { containers: [{ name: app, image, imagePullPolicy: 'IfNotPresent' }] } },
  },
})

export const getDeployment = ({ registry }: TestCluster, name: string): Deployment =>
  registry.store.get('deployments.apps', 'default', name) as Deployment
