// The story of a rollout: ten Pods move to a new version in four rounds, then back again, never fewer than eight in service.

import { tell, type Write } from '../story.ts'
import { endings } from './names.ts'

const deployment = 'Deployment/openresty'
type Version = { set: `ReplicaSet/${string}`; pods: string[] }
const version = (hash: string, seed: number): Version => ({
  set: `ReplicaSet/openresty-${hash}`,
  pods: endings(10, seed).map(end => `openresty-${hash}-${end}`),
})
const [first, second] = [version('5d5f8c7b9', 1), version('7d9c6f5b8', 2)]
/** Who comes back with the old version is made anew. */
const firstAgain: Version = { ...first, pods: version('5d5f8c7b9', 3).pods }

const revision = (number: number) => ({ annotations: { 'deployment.kubernetes.io/revision': String(number) } })
const ofPods = ({ set, pods }: Version, from: number, to: number, by: Write['by'], deed: Write['deed']): Write[] =>
  pods.slice(from, to).map(name => ({ by, deed, object: `Pod/${name}`, owner: set }))
const sized = ({ set }: Version, wanted: number, more: Partial<Write> = {}): Write => ({
  by: 'deployment-controller',
  deed: 'changed',
  object: set,
  owner: deployment,
  wanted,
  ...more,
})

/** With ten replicas and 25 %: thirteen there at most, eight in service at least. */
const rounds = [
  [0, 10],
  [3, 8],
  [5, 5],
  [8, 3],
  [10, 0],
] as const

const rollOut = (from: Version, to: Version, number: number, isMade: boolean) =>
  rounds.slice(1).flatMap(([grown, shrunk], index) => {
    const [had, left] = rounds[index] as (typeof rounds)[number]
    const isFirst = index === 0
    const made: Partial<Write> = isFirst ? { deed: isMade ? 'created' : 'changed', fields: revision(number) } : {}
    return [
      { after: 300, writes: [sized(to, grown, made), sized(from, shrunk)] },
      {
        after: 200,
        writes: [
          ...ofPods(to, had, grown, 'replicaset-controller', 'created'),
          ...ofPods(from, shrunk, left, 'replicaset-controller', 'leaving'),
        ],
      },
      {
        after: 1500,
        writes: [...ofPods(to, had, grown, 'kubelet', 'ready'), ...ofPods(from, shrunk, left, 'kubelet', 'gone')],
      },
    ]
  })

const changed = (number: number): Write => ({
  by: 'kubectl',
  deed: 'changed',
  object: deployment,
  wanted: 10,
  fields: revision(number),
})
const done = { after: 100, writes: [{ by: 'deployment-controller', deed: 'ready', object: deployment }] } satisfies {
  after: number
  writes: Write[]
}

export const rolloutStory = tell(
  [
    { after: 0, writes: [changed(2)] },
    ...rollOut(first, second, 2, true),
    done,
    { after: 4000, writes: [changed(3)] },
    ...rollOut(second, firstAgain, 3, false),
    done,
  ],
  { step: 5, hop: 0 },
  [
    { ...changed(1), deed: 'created' },
    sized(first, 10, { deed: 'created', fields: revision(1) }),
    ...ofPods(first, 0, 10, 'kubelet', 'ready'),
  ],
)
