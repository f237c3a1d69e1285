// One Pod's life across the parts: the stages on the slide's bottom line, and the writes that tell it again. Pure.

import type { Journey } from '../../../../electron/contract/trace.ts'
import type { PodLife } from '../../../state/timeline.ts'
import { shortName } from './pill.ts'
import type { Step } from './story.ts'

export const lifeStages = ['submitted', 'stored', 'made', 'placed', 'started', 'ready'] as const
export type LifeStage = (typeof lifeStages)[number]

export interface Life {
  uid: string
  name: string
  /** The end of it that tells it from its like. */
  short: string
  /** When each stage was reached, in milliseconds since the epoch; undefined: not yet, or nobody saw when. */
  at: Partial<Record<LifeStage, number>>
  reached: ReadonlySet<LifeStage>
}

type Uid = string

/** What somebody asked for, down to what was made of it: the Deployment's write, its ReplicaSet's, and the Pod's own. */
const causesOf = (journeys: readonly Journey[], pod: Journey): Journey[] => {
  const causes: Journey[] = []
  const end = journeys.indexOf(pod)
  let owner: Uid | undefined = pod.owner?.uid
  while (owner !== undefined) {
    const uid: Uid = owner
    const wish = journeys
      .slice(0, end)
      .findLast(journey => journey.uid === uid && (journey.deed === 'created' || journey.deed === 'changed'))
    // Above an owner that did not change lies whoever changed: the chain is known by any of its journeys.
    owner = journeys.find(journey => journey.uid === uid)?.owner?.uid
    if (wish) causes.unshift(wish)
  }
  return causes
}

const madeOf = (journeys: readonly Journey[], uid: Uid): Journey | undefined =>
  journeys.find(journey => journey.uid === uid && journey.deed === 'created')

/** @param known what is known of it from before the trace began, with its own, coarser, times */
export const lifeOf = (journeys: readonly Journey[], uid: Uid, known?: PodLife): Life | undefined => {
  const made = madeOf(journeys, uid)
  const own = journeys.filter(journey => journey.uid === uid)
  const name = made?.name ?? own[0]?.name ?? known?.name
  if (name === undefined) return undefined
  const when = (deed: Journey['deed']): number | undefined => own.find(journey => journey.deed === deed)?.at
  const wish = made && (causesOf(journeys, made)[0] ?? made)
  const at: Life['at'] = made
    ? // Containers that run and are ready in one write have started by it.
      {
        stored: wish?.at,
        made: made.at,
        placed: when('scheduled'),
        started: when('started') ?? when('ready'),
        ready: when('ready'),
      }
    : { made: known?.created, placed: known?.scheduled, started: known?.started, ready: known?.ready }
  const isThere = (stage: LifeStage, index: number) =>
    // What lies behind it was reached, even where nobody saw when.
    lifeStages.slice(index).some(later => at[later] !== undefined) || stage === 'submitted'
  return { uid, name, short: shortName(own[0] ?? { name }), at, reached: new Set(lifeStages.filter(isThere)) }
}

/** The recorded writes that led to a Pod and were made of it, one moment after the other. Empty where its birth was not recorded. */
export const replayOf = (journeys: readonly Journey[], uid: Uid): Step[] => {
  const made = madeOf(journeys, uid)
  if (!made) return []
  const own = journeys.filter(journey => journey.uid === uid && journey.deed !== 'told')
  return [...causesOf(journeys, made), ...own].map(journey => [journey])
}

/** The Pod that was made last, but for those of the system. */
export const newestPod = (journeys: readonly Journey[]): Uid | undefined =>
  journeys.findLast(({ kind, deed, namespace }) => kind === 'Pod' && deed === 'created' && namespace !== 'kube-system')?.uid
