// What lies over a slide: ink, the laser's dot, and the surface that takes the hand's movements. In slide units.

import { memo, useEffect, useState } from 'react'
import { type Region, type Spot, type Stroke, slideUnits } from '../../../../electron/contract/talk.ts'
import { useApi } from '../../../api/use-api.ts'
import { linesOn, pathOf, type Sheet } from './ink.ts'
import type { Hand } from './use-hand.ts'
import type { InkView } from './use-ink.ts'

const Line = memo(({ stroke }: { stroke: Stroke }) => <path className={`ink is-${stroke.pen}`} d={pathOf(stroke.points)} />)

/** A frame around what the audience sees, or will see. */
const Frame = ({ region, shape }: { region: Region; shape: number }) => (
  <rect className="lens-frame" x={region.x} y={region.y} width={region.width} height={region.width / shape} rx="6" />
)

const usePointer = (fail: (fault: unknown) => void): Spot => {
  const api = useApi()
  const [spot, setSpot] = useState<Spot>(null)
  useEffect(() => api.talk.pointer({}, setSpot, { onError: fail }), [api, fail])
  return spot
}

interface OverlayProps {
  sheet: Sheet
  ink: InkView
  hand: Hand
  shape: number
  /** What the audience sees of it, shown as a frame. */
  seen?: Region | null
  fail(fault: unknown): void
}

export const Overlay = ({ sheet, ink, hand, shape, seen, fail }: OverlayProps) => {
  const told = usePointer(fail)
  const spot = hand.spot ?? told
  const { tool, drag } = hand
  const region = drag ?? seen
  return (
    // Its unit is the slide's whatever the slide's height is: the width always fits.
    <svg
      className={tool ? `overlay is-${tool}` : 'overlay'}
      viewBox={`0 0 ${slideUnits.width} ${slideUnits.height}`}
      preserveAspectRatio="xMinYMin slice"
      aria-hidden="true"
      onPointerDown={hand.onPointerDown}
      onPointerMove={hand.onPointerMove}
      onPointerUp={hand.onPointerUp}
      onPointerCancel={hand.onPointerUp}
      onPointerLeave={hand.onPointerLeave}
    >
      <rect className="surface" width={slideUnits.width} height={slideUnits.height} />
      {linesOn(ink.lines, sheet).map(stroke => (
        <Line key={stroke.id} stroke={stroke} />
      ))}
      {region && <Frame region={region} shape={shape} />}
      {spot && <circle className="laser" cx={spot.x} cy={spot.y} r="13" />}
    </svg>
  )
}
