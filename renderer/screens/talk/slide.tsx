// One slide, laid out in slide units (1/1920 of its width) by container queries: no CSS scale anywhere.

import { useEffect, useRef, useState } from 'react'
import type { Slide } from '../../../electron/contract/talk.ts'
import { Markdown } from '../../parts/markdown.tsx'
import { Architecture } from './diagrams/architecture.tsx'
import { ControlPlane } from './diagrams/control-plane.tsx'
import { Explanation } from './diagrams/explanation.tsx'
import type { ClusterFacts } from './diagrams/facts.ts'
import { NodeDiagram } from './diagrams/node.tsx'
import { useFit } from './use-fit.ts'
import './slide.css'

const diagrams = { architecture: Architecture, 'control-plane': ControlPlane, node: NodeDiagram }

const DiagramSlide = ({ slide, facts }: { slide: Slide; facts: ClusterFacts | undefined }) => {
  const [part, setPart] = useState(slide.focus ?? 'kube-apiserver')
  useEffect(() => setPart(slide.focus ?? 'kube-apiserver'), [slide.focus])
  const Diagram = diagrams[slide.diagram ?? 'architecture']
  return (
    <div className="slide-diagram">
      <Diagram facts={facts} part={part} onFocus={setPart} />
      <Explanation part={part} />
    </div>
  )
}

const Prose = ({ text }: { text: string }) => {
  const prose = useRef<HTMLDivElement>(null)
  useFit(prose)
  return (
    <div className="slide-prose" ref={prose}>
      <Markdown>{text}</Markdown>
    </div>
  )
}

/** `page` is printed at the corner, `3 / 15`; left out in previews. */
export const SlideView = ({ slide, facts, page }: { slide: Slide; facts: ClusterFacts | undefined; page?: string }) => (
  <div className="slide-box">
    <article className={`slide is-${slide.layout}`} aria-label={slide.title} data-slide={slide.id}>
      <h1>{slide.title}</h1>
      {slide.layout === 'diagram' ? <DiagramSlide slide={slide} facts={facts} /> : <Prose key={slide.body} text={slide.body} />}
      {page && <p className="slide-page">{page}</p>}
    </article>
  </div>
)
