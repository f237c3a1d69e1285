// One slide, laid out in slide units (1/1920 of its width) by container queries: no CSS scale anywhere.

import { memo, type ReactNode, useRef } from 'react'
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
  /** What lies over the slide, as large as it is. */
  over?: ReactNode
}

/** Drawn again only for another slide: what lies over it moves with every movement of the hand. */
const Content = memo(({ slide, isStill }: { slide: Slide; isStill: boolean }) => (
  <>
    <h1>{slide.title}</h1>
    {slide.layout === 'diagram' ? <DiagramSlide slide={slide} isStill={isStill} /> : <Prose key={slide.body} text={slide.body} />}
  </>
))

export const SlideView = ({ slide, page, isStill = false, over }: SlideProps) => (
  <div className="slide-box">
    <article className={`slide is-${slide.layout}`} aria-label={slide.title} data-slide={slide.id}>
      <Content slide={slide} isStill={isStill} />
      {page && <p className="slide-page">{page}</p>}
      {over}
    </article>
  </div>
)
