// A slide's diagram: still on paper and in previews; alive on the stage, from the cluster's trace or from its story.

import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Slide } from '../../../../electron/contract/talk.ts'
import { useObjects, useTrace } from '../../../state/use-state.ts'
import type { Diagram } from './diagram.ts'
import { DiagramView } from './diagram-view.tsx'
import { isShown } from './drawing.ts'
import { Explanation } from './explanation.tsx'
import { type ClusterFacts, clusterFacts, storyFacts } from './facts.ts'
import { diagrams } from './registry.ts'
import { routeOf } from './route.ts'
import { toldBy } from './story.ts'
import { frozen } from './traffic.ts'
import { Travels } from './travels.tsx'
import { stillProgress, useTraffic } from './use-traffic.ts'
import './diagram.css'

/** The cluster's facts for the diagrams, drawn again only when its objects change. */
const useClusterFacts = (): ClusterFacts | undefined => {
  const { value } = useObjects()
  return useMemo(() => value && clusterFacts([...value.byKind.values()].flatMap(kind => [...kind.values()])), [value])
}

const useFocus = ({ focus = 'kube-apiserver' }: Slide) => {
  const [lit, onFocus] = useState(focus)
  useEffect(() => onFocus(focus), [focus])
  return { lit, onFocus }
}

/** One moment of the story: what was written before it, and its pills half-way. */
const StillDiagram = ({ slide, diagram }: { slide: Slide; diagram: Diagram }) => {
  const { t } = useTranslation('talk')
  const focus = useFocus(slide)
  const { steps, still } = diagram.story
  const drawing = diagram.draw(storyFacts(toldBy(diagram.story, still.step)), t)
  const flights = frozen(steps[still.step] ?? [], still.hop, diagram.route ?? routeOf, drawing)
  return (
    <div className="slide-diagram">
      <DiagramView drawing={drawing} label={diagram.label(t)} {...focus}>
        <Travels drawing={drawing} flights={flights} progress={stillProgress} />
      </DiagramView>
      <Explanation part={focus.lit} />
    </div>
  )
}

/** What the cluster writes from now on flies. */
const LiveDiagram = ({ slide, diagram, facts }: { slide: Slide; diagram: Diagram; facts: ClusterFacts }) => {
  const { t } = useTranslation('talk')
  const focus = useFocus(slide)
  const root = useRef<HTMLDivElement>(null)
  const drawing = useMemo(() => diagram.draw(facts, t), [diagram, facts, t])
  const { flights, add } = useTraffic(drawing, root, { route: diagram.route })
  const { value: trace } = useTrace()
  const shown = useRef(drawing)
  shown.current = drawing
  const heard = useRef(trace?.journeys.at(-1)?.id)
  useEffect(() => {
    const journeys = trace?.journeys ?? []
    const known = journeys.findLastIndex(({ id }) => id === heard.current)
    add(journeys.slice(known + 1).filter(journey => isShown(shown.current, journey)))
    heard.current = journeys.at(-1)?.id
  }, [trace, add])
  return (
    <div className="slide-diagram" ref={root}>
      <DiagramView drawing={drawing} label={diagram.label(t)} {...focus}>
        <Travels drawing={drawing} flights={flights} progress={stillProgress} />
      </DiagramView>
      <Explanation part={focus.lit} />
    </div>
  )
}

/** @param isStill for previews and paper */
export const DiagramSlide = ({ slide, isStill }: { slide: Slide; isStill: boolean }) => {
  const facts = useClusterFacts()
  const diagram = diagrams[slide.diagram ?? 'architecture']
  if (isStill || !facts || diagram.isIn?.(facts) === false) return <StillDiagram slide={slide} diagram={diagram} />
  return <LiveDiagram slide={slide} diagram={diagram} facts={facts} />
}
