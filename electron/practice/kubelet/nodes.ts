// What can be done to nodes from outside: added, cordoned, drained, switched off and on again.

import type { NodeCondition } from 'kubernetes-types/core/v1.js'
import type { Clock } from '../../platform/clock.ts'
import type { Recorder } from '../controllers/events.ts'
import type { NodeObject, Pod } from '../controllers/kinds.ts'
import { controllerOf, type KubeObject } from '../object.ts'
import type { Registry } from '../registry.ts'
import { conflict, notFound } from '../status-error.ts'
import { startHeartbeats } from './heartbeats.ts'
import type { Kubelet } from './index.ts'
import { healthyConditions, nodeOptions, randomHex, registerNode } from './node.ts'

export interface Nodes {
  list(): { name: string; hasPower: boolean }[]
  /** Adds the next node and tells its name. */
  add(): string
  /** @throws StatusError NotFound, as all below */
  cordon(name: string, isCordoned: boolean): void
  /** Cordons the node and deletes its Pods but those of DaemonSets; tells their keys. */
  drain(name: string): string[]
  kill(name: string): void
  revive(name: string): void
  /** As all nodes tell it that have been without power together. */
  reboot(): void
  save(): SavedNodes
  /** The kubelet is told of it too. */
  restore(saved: SavedNodes | undefined): void
}

/** Nodes without power, and when they lost it. */
export type SavedNodes = readonly (readonly [name: string, at: number])[]

export interface NodesOptions {
  registry: Registry
  clock: Clock
  random: () => number
  recorder: Recorder
  kubelet: Kubelet
  signal: AbortSignal
  onError(error: unknown): void
}

/** More would leave the addresses 10.210.0.0/24. */
const mostNodes = 250

export const createNodes = (options: NodesOptions): Nodes => {
  const { registry, clock, random, recorder, kubelet, signal, onError } = options
  const { store } = registry
  let silent = new Map<string, number>()
  const beat = startHeartbeats({ registry, clock, signal, isSilent: name => silent.has(name), onError })

  const nodeOf = (name: string): NodeObject => {
    const node = store.get('nodes', '', name) as NodeObject | undefined
    if (!node) throw notFound('nodes', name)
    return node
  }
  const setConditions = (name: string, decide: (old: readonly NodeCondition[]) => NodeCondition[]) => {
    const change = (copy: KubeObject) => {
      const { status } = copy as NodeObject
      return { ...copy, status: { ...status, conditions: decide(status?.conditions ?? []) } }
    }
    registry.modify('nodes', '', name, change, { subresource: 'status' })
  }
  /** What a kubelet tells when it starts on a node that was known before. */
  const greet = (name: string, why?: string) => {
    const node = nodeOf(name)
    const record = recorder('kubelet', name)
    record(node, 'Normal', 'Starting', 'Starting kubelet.')
    if (why) record(node, 'Warning', 'Rebooted', why)
    const now = clock.now()
    setConditions(name, old =>
      healthyConditions(now).map(
        condition => old.find(each => each.type === condition.type && each.status === condition.status) ?? condition,
      ),
    )
    record(node, 'Normal', 'NodeReady', `Node ${name} status is now: NodeReady`)
  }
  const cordon = (name: string, isCordoned: boolean) => {
    nodeOf(name)
    registry.modify('nodes', '', name, copy => {
      const { unschedulable, ...spec } = (copy as NodeObject).spec ?? {}
      if ((unschedulable ?? false) === isCordoned) return undefined
      return { ...copy, spec: isCordoned ? { ...spec, unschedulable: true } : spec }
    })
  }

  return {
    list: () => store.list('nodes').map(({ metadata: { name } }) => ({ name, hasPower: !silent.has(name) })),
    add() {
      for (let number = 1; number <= mostNodes; number++) {
        const next = nodeOptions(number)
        if (store.get('nodes', '', next.name)) continue
        registerNode({ registry, clock, random }, next)
        return next.name
      }
      throw conflict('nodes', '', `there are ${mostNodes} nodes already`)
    },
    cordon,
    drain(name) {
      cordon(name, true)
      const leaving = (store.list('pods') as readonly Pod[]).filter(
        pod => pod.spec.nodeName === name && !pod.metadata.deletionTimestamp && controllerOf(pod)?.kind !== 'DaemonSet',
      )
      return leaving.map(({ metadata }) => {
        registry.delete('pods', metadata.namespace ?? '', metadata.name, { preconditions: { uid: metadata.uid } })
        return `${metadata.namespace}/${metadata.name}`
      })
    },
    kill(name) {
      nodeOf(name)
      if (silent.has(name)) return
      kubelet.powerOff(name)
      silent.set(name, clock.now())
    },
    revive(name) {
      nodeOf(name)
      if (!silent.delete(name)) return
      beat(name)
      greet(name)
      kubelet.powerOn(name)
    },
    reboot() {
      for (const { metadata } of store.list('nodes')) {
        const boot = randomHex(random)
        registry.modify(
          'nodes',
          '',
          metadata.name,
          copy => {
            const { status } = copy as NodeObject
            return { ...copy, status: { ...status, nodeInfo: { ...status?.nodeInfo, bootID: boot } } }
          },
          { subresource: 'status' },
        )
        greet(metadata.name, `Node ${metadata.name} has been rebooted, boot id: ${boot}`)
      }
    },
    save: () => [...silent],
    restore(saved) {
      silent = new Map(saved)
      for (const { metadata } of store.list('nodes')) beat(metadata.name)
    },
  }
}
