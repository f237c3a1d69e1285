// A story: a trace that nobody recorded, so that a diagram moves without a cluster. The same journeys, step by step. Pure.

import type { Actor, Deed, Journey, Role } from '../../../../electron/contract/trace.ts'

/** One moment of a story: what is written at the same time. */
export type Step = readonly Journey[]

export interface Story {
  steps: readonly Step[]
  /** Which moment stands still on paper, and until somebody plays: a step, and one of its hops. */
  still: { step: number; hop: number }
}

/** One write of a story, in short. */
export interface Write {
  /** A role, or a role on a node: `kubelet/node1`. */
  by: Role | `${'kubelet' | 'kube-proxy'}/${string}`
  deed: Deed
  /** `Pod/hello-v6knv`. */
  object: `${string}/${string}`
  /** The object that looks after it. */
  owner?: `${string}/${string}`
  /** A Pod's node. */
  node?: string
  /** How many Pods a workload wants. */
  wanted?: number
}

const verbs: Partial<Record<Deed, Journey['verb']>> = { created: 'ADDED', gone: 'DELETED' }

const split = (text: string): [string, string] => {
  const [head = '', tail = ''] = text.split('/')
  return [head, tail]
}

const journeyOf = ({ by, deed, object, owner, node, wanted }: Write, id: string, at: number): Journey => {
  const [kind, name] = split(object)
  const [role, of] = split(by) as [Role, string]
  const writer: Actor = of === '' ? { role } : { role, node: of }
  return {
    id,
    at,
    verb: verbs[deed] ?? 'MODIFIED',
    deed,
    kind,
    namespace: 'default',
    name,
    uid: object,
    ...(owner !== undefined && { owner: { kind: split(owner)[0], uid: owner } }),
    ...(node !== undefined && { node }),
    ...(wanted !== undefined && { wanted }),
    by: writer,
  }
}

/** @param steps each with its writes and, in milliseconds, how long after the step before it happens */
export const tell = (
  steps: readonly { after: number; writes: readonly Write[] }[],
  still: Story['still'] = { step: 0, hop: 0 },
): Story => {
  let at = 0
  return {
    still,
    steps: steps.map(({ after, writes }, step) => {
      at += after
      return writes.map((write, index) => journeyOf(write, `${step}.${index}`, at))
    }),
  }
}
