// A line between two panes that the mouse or the arrow keys move. What lies below it grows upwards.

import type { KeyboardEvent, PointerEvent } from 'react'
import './resize-handle.css'

/** One press of an arrow key, in pixels. */
const keyStep = 19

interface ResizeHandleProps {
  label: string
  /** Of what lies below the line, in pixels. */
  height: number
  least: number
  most(): number
  onResize(height: number): void
}

export const ResizeHandle = ({ label, height, least, most, onResize }: ResizeHandleProps) => {
  const resize = (wanted: number) => onResize(Math.round(Math.min(most(), Math.max(least, wanted))))

  const drag = (start: PointerEvent<HTMLElement>) => {
    const handle = start.currentTarget
    handle.setPointerCapture(start.pointerId)
    const move = (event: globalThis.PointerEvent) => resize(height + start.clientY - event.clientY)
    handle.addEventListener('pointermove', move)
    handle.addEventListener('lostpointercapture', () => handle.removeEventListener('pointermove', move), { once: true })
  }
  const press = (event: KeyboardEvent) => {
    const step = { ArrowUp: keyStep, ArrowDown: -keyStep }[event.key]
    if (!step) return
    event.preventDefault()
    resize(height + step)
  }

  return (
    <hr
      className="resize-handle"
      aria-label={label}
      aria-orientation="horizontal"
      aria-valuenow={height}
      aria-valuemin={least}
      aria-valuemax={most()}
      tabIndex={0}
      onPointerDown={drag}
      onKeyDown={press}
    />
  )
}
