// What a diagram is: how it is drawn from a cluster's facts, and the story that it tells where there is none.

import type { TFunction } from 'i18next'
import type { Journey } from '../../../../electron/contract/trace.ts'
import type { Drawing } from './drawing.ts'
import type { ClusterFacts } from './facts.ts'
import type { Route } from './route.ts'
import type { Story } from './story.ts'

export type Words = TFunction<'talk'>

export interface Diagram {
  /** The whole in one sentence, for those who do not see it. */
  label(t: Words): string
  /** Whether a live cluster has what it is a picture of; where it has none, the story is told. Always, where left out. */
  isIn?(facts: ClusterFacts): boolean
  /** Where everything stands. Pure: the same for a live cluster's facts and for a story's. `at` names the node, where one of them is shown. */
  draw(facts: ClusterFacts, t: Words, at?: string): Drawing
  story: Story
  /** Lights whoever writes or hears of a write, so that the explanation goes along. */
  isGuided?: boolean
  /** Where its writes go, where that is not the usual way. */
  route?(journey: Journey): Route
}

/** What stands at the end of the API server's bar: its own figures, or why it stands in the middle. */
export const barNote = ({ load }: ClusterFacts, t: Words): string => {
  if (!load) return t('diagram.everybody')
  const rate = load.requestsPerSecond
  return t('diagram.load', { watches: load.watches, rate: rate < 10 ? rate.toFixed(1) : Math.round(rate) })
}
