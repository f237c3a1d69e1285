// A slide on a stage: under the lens that everybody shares, with ink and laser over it. The lens lays the slide out larger; nothing is scaled.

import { type CSSProperties, useEffect, useRef } from 'react'
import { type Position, type Slide, slideShapes } from '../../../../electron/contract/talk.ts'
import { SlideView } from '../slide.tsx'
import type { Talk } from '../use-talk.ts'
import { lensStyle } from './lens.ts'
import { Overlay } from './overlay.tsx'
import type { Hand } from './use-hand.ts'
import type { InkView } from './use-ink.ts'
import './stage.css'

interface StageProps {
  talk: Talk
  slide: Slide
  position: Position
  ink: InkView
  hand: Hand
  page?: string
  /** The presenter sees the whole slide, and a frame around what the audience sees of it. */
  isWhole?: boolean
}

export const Stage = ({ talk, slide, position, ink, hand, page, isWhole = false }: StageProps) => {
  const { shape, zoom } = position
  const lens = lensStyle(isWhole ? null : zoom, shape) as CSSProperties
  const seen = isWhole ? zoom : null
  const over = talk.sheet && <Overlay sheet={talk.sheet} {...{ ink, hand, shape, seen }} fail={talk.fail} />
  return (
    <div className="stage-view">
      <div className="lens" style={lens}>
        <SlideView {...{ slide, page, over }} />
      </div>
    </div>
  )
}

/** Tells the shape of the slide as the audience sees it, whenever this window's changes. Put it around a Stage. */
export const useShape = ({ go }: Pick<Talk, 'go'>, isShown: boolean) => {
  const around = useRef<HTMLElement>(null)
  useEffect(() => {
    const slide = isShown ? around.current?.querySelector('.slide') : undefined
    if (!slide) return
    const observer = new ResizeObserver(([entry]) => {
      const { inlineSize, blockSize } = entry?.borderBoxSize[0] ?? { inlineSize: 0, blockSize: 0 }
      if (inlineSize > 0 && blockSize > 0)
        go({ shape: Math.min(Math.max(inlineSize / blockSize, slideShapes.least), slideShapes.most) })
    })
    observer.observe(slide)
    return () => observer.disconnect()
  }, [go, isShown])
  return around
}
