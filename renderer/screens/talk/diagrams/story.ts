// A story: a trace that nobody recorded, so that a diagram moves without a cluster. The same journeys, step by step. Pure.

import type { Actor, Deed, Journey, Role } from '../../../../electron/contract/trace.ts'

/** What a journey does not tell of its object, and its picture shows. */
export interface Fields {
  labels?: Record<string, string>
  annotations?: Record<string, string>
  spec?: object
  status?: object
  /** What has neither spec nor status: an EndpointSlice's endpoints. */
  rest?: object
}

/** A journey, and what its object is from then on. */
export interface Told extends Journey {
  fields?: Fields
}

/** One moment of a story: what is written at the same time. */
export type Step = readonly Told[]

export interface Story {
  /** What was there before it began. */
  before?: Step
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
  fields?: Fields
}

const verbs: Partial<Record<Deed, Journey['verb']>> = { created: 'ADDED', gone: 'DELETED' }

const split = (text: string): [string, string] => {
  const [head = '', tail = ''] = text.split('/')
  return [head, tail]
}

const journeyOf = ({ by, deed, object, owner, node, wanted, fields }: Write, id: string, at: number, revision: number): Told => {
  const [kind, name] = split(object)
  const [role, of] = split(by) as [Role, string]
  const writer: Actor = of === '' ? { role } : { role, node: of }
  return {
    id,
    revision,
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
    ...(fields !== undefined && { fields }),
    by: writer,
  }
}

/**
 * @param steps each with its writes and, in milliseconds, how long after the step before it happens
 * @param before what had been written when it begins
 */
export const tell = (
  steps: readonly { after: number; writes: readonly Write[] }[],
  still: Story['still'] = { step: 0, hop: 0 },
  before: readonly Write[] = [],
): Story => {
  let at = 0
  let revision = 0
  return {
    still,
    before: before.map((write, index) => journeyOf(write, `before.${index}`, 0, ++revision)),
    steps: steps.map(({ after, writes }, step) => {
      at += after
      return writes.map((write, index) => journeyOf(write, `${step}.${index}`, at, ++revision))
    }),
  }
}

/** All that was written by the end of a step. */
export const toldBy = ({ before = [], steps }: Story, step: number): Told[] => [...before, ...steps.slice(0, step + 1).flat()]
