// One slide, laid out in slide units (1/1920 of its width) by container queries: no CSS scale anywhere.

import { useRef } from 'react'
import type { Slide } from '../../../electron/contract/talk.ts'
import { Markdown } from '../../parts/markdown.tsx'
import { DiagramSlide } from './diagrams/diagram-slide.tsx'
import { useFit } from './use-fit.ts'
import './slide.css'

const Prose = ({ text }: { text: string }) => {
  const prose = useRef<HTMLDivElement>(null)
  useFit(prose)
  return (
    <div className="slide-prose" ref={prose}>
      <Markdown>{text}</Markdown>
    </div>
  )
}

interface SlideProps {
  slide: Slide
  /** Printed at the corner, `3 / 15`; left out in previews. */
  page?: string
  /** On paper and in previews: nothing moves. */
  isStill?: boolean
}

export const SlideView = ({ slide, page, isStill = false }: SlideProps) => (
  <div className="slide-box">
    <article className={`slide is-${slide.layout}`} aria-label={slide.title} data-slide={slide.id}>
      <h1>{slide.title}</h1>
      {slide.layout === 'diagram' ? (
        <DiagramSlide slide={slide} isStill={isStill} />
      ) : (
        <Prose key={slide.body} text={slide.body} />
      )}
      {page && <p className="slide-page">{page}</p>}
    </article>
  </div>
)
