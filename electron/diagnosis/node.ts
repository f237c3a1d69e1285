// Nodes that do not answer, or are short of something; and what they leave behind. Models kubernetes/pkg/controller/nodelifecycle

import type { Node, Pod } from 'kubernetes-types/core/v1.js'
import type { KubeObject } from '../contract/cluster.ts'
import { all, describe, kubectl, type Rule } from './look.ts'

const conditionOf = ({ status }: Node, type: string) => status?.conditions?.find(condition => condition.type === type)

export const nodeTrouble: Rule<Node & KubeObject> = node => {
  const ready = conditionOf(node, 'Ready')
  const facts = { node: node.metadata.name }
  const next = [describe(node), { command: 'kubectl get pods -A -o wide', say: 'whereabouts' }]
  if (ready && ready.status !== 'True') {
    const text = ready.message ?? ''
    return {
      cause: 'node.notReady',
      facts,
      evidence: [{ text, from: `status Ready=${ready.status}`, at: ready.lastTransitionTime }],
      next,
    }
  }
  const pressure = ['MemoryPressure', 'DiskPressure', 'PIDPressure'].find(type => conditionOf(node, type)?.status === 'True')
  if (!pressure) return undefined
  const text = conditionOf(node, pressure)?.message ?? ''
  return { cause: 'node.pressure', facts: { ...facts, pressure }, evidence: [{ text, from: `status ${pressure}` }], next }
}

/** A Pod whose node is away: what its status says was true when the node last spoke. */
export const nodeAway: Rule<Pod & KubeObject> = (pod, snapshot) => {
  const name = pod.spec?.nodeName
  if (!name || pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed') return undefined
  const node = all<Node>(snapshot, 'Node').find(({ metadata }) => metadata.name === name)
  const found = node && nodeTrouble(node, snapshot)
  return found?.cause === 'node.notReady' ? found : undefined
}

/** Deleted, its time is over, and something still holds it. @returns undefined while it may still be leaving by itself */
export const heldBack: Rule<KubeObject> = object => {
  const finalizers = (object.metadata as { finalizers?: string[] }).finalizers ?? []
  if (object.metadata.deletionTimestamp === undefined || finalizers.length === 0) return undefined
  const own = finalizers.filter(name => name !== 'foregroundDeletion' && name !== 'orphan' && !name.startsWith('kubernetes.io/'))
  if (own.length === 0) return undefined
  return {
    cause: 'deletion.finalizer',
    facts: { finalizers: own.join(', ') },
    evidence: [{ text: `finalizers: ${own.join(', ')}`, from: 'metadata', at: object.metadata.deletionTimestamp }],
    next: [{ command: kubectl('get', object, ' -o yaml'), say: 'yaml' }],
  }
}
