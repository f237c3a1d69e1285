// A slide's diagram: still on paper and in previews, alive on the stage.

import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Slide } from '../../../../electron/contract/talk.ts'
import type { Diagram } from './diagram.ts'
import { DiagramView } from './diagram-view.tsx'
import { Explanation } from './explanation.tsx'
import { storyFacts } from './facts.ts'
import { LivingDiagram } from './living-diagram.tsx'
import type { Focus } from './parts.tsx'
import { diagrams } from './registry.ts'
import { routeOf } from './route.ts'
import { toldBy } from './story.ts'
import { busyIn, frozen } from './traffic.ts'
import { Travels } from './travels.tsx'
import { stillProgress } from './use-traffic.ts'
import './diagram.css'

const useFocus = ({ focus = 'kube-apiserver' }: Slide): Focus => {
  const [lit, onFocus] = useState(focus)
  useEffect(() => onFocus(focus), [focus])
  return { lit, onFocus }
}

/** One moment of the story: what was written before it, and its pills half-way. */
const StillDiagram = ({ diagram, focus }: { diagram: Diagram; focus: Focus }) => {
  const { t } = useTranslation('talk')
  const { steps, still } = diagram.story
  const written = toldBy(diagram.story, still.step)
  const facts = storyFacts(written)
  const drawing = diagram.draw(facts, t)
  const flights = frozen(steps[still.step] ?? [], still.hop, diagram.route ?? routeOf, drawing)
  return (
    <div className="slide-diagram">
      <DiagramView drawing={drawing} label={diagram.label(t)} busy={busyIn(flights)} {...focus}>
        <Travels drawing={drawing} flights={flights} progress={stillProgress} />
      </DiagramView>
      <div className="slide-aside">
        <Explanation part={focus.lit} journeys={written} objects={facts.objects} />
      </div>
    </div>
  )
}

/** @param isStill for previews and paper */
export const DiagramSlide = ({ slide, isStill }: { slide: Slide; isStill: boolean }) => {
  const focus = useFocus(slide)
  const id = slide.diagram ?? 'architecture'
  const Stage = isStill ? StillDiagram : LivingDiagram
  return <Stage key={id} diagram={diagrams[id]} focus={focus} />
}
