// The way from a press to a running practice cluster, as steps that are judged by what is seen, never by what was asked.

import type { KubeObject, Target } from '../../../electron/contract/cluster.ts'

export type StepId = 'ask' | 'ready' | 'nodes' | 'open'
export type StepState = 'done' | 'now' | 'later'

export interface StartStep {
  id: StepId
  state: StepState
}

const isNodeReady = (node: KubeObject): boolean => {
  const { conditions } = (node.status ?? {}) as { conditions?: { type: string; status: string }[] }
  return conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false
}

/** @param nodes of the practice cluster; none is known before its first snapshot */
export const startSteps = (isAsked: boolean, practice: Target | undefined, nodes: readonly KubeObject[]): StartStep[] => {
  const isReady = practice?.state === 'ready'
  const facts: [StepId, boolean][] = [
    ['ask', isReady || practice?.state === 'starting' || isAsked],
    ['ready', isReady],
    ['nodes', isReady && nodes.length > 0 && nodes.every(isNodeReady)],
    ['open', false],
  ]
  const now = facts.findIndex(([, isDone]) => !isDone)
  return facts.map(([id], index) => ({ id, state: index < now ? 'done' : index === now ? 'now' : 'later' }))
}

/** Everything is there but the lesson itself. */
export const isStarted = (steps: readonly StartStep[]): boolean => steps.at(-1)?.state === 'now'
