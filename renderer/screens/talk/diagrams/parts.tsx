// The pieces that every diagram is made of: a part that explains itself, and Pods as dots.

import type { KeyboardEvent } from 'react'
import type { Box, Place } from './drawing.ts'
import type { PodDot } from './facts.ts'

/** Which part is lit, and how to light another. */
export interface Focus {
  lit: string
  onFocus(part: string): void
}

const drum = ({ x, y, width, height }: Box): string => {
  const r = 12
  const right = x + width
  const body = `M${x} ${y + r}C${x} ${y - 4} ${right} ${y - 4} ${right} ${y + r}V${y + height - r}C${right} ${y + height + 4} ${x} ${y + height + 4} ${x} ${y + height - r}Z`
  return `${body}M${x} ${y + r}C${x} ${y + r * 2 + 4} ${right} ${y + r * 2 + 4} ${right} ${y + r}`
}

/** Where a part's name and note stand: in its middle, along a bar, or at the top of what holds others. */
const Label = ({ place, name }: { place: Place; name: string }) => {
  const { x, y, width, height, note, shape = 'box' } = place
  if (shape === 'frame' || shape === 'bar' || shape === 'strip') {
    const line = shape === 'frame' ? y + 36 : y + height / 2 + 9
    const edge = shape === 'bar' ? 32 : 24
    return (
      <>
        <text className="name" x={x + edge} y={line}>
          {name}
        </text>
        {note && (
          <text className="note" x={x + width - edge} y={line} textAnchor="end">
            {note}
          </text>
        )}
      </>
    )
  }
  if (shape === 'chip')
    return (
      <text className="note" x={x + width / 2} y={y + height / 2 + 7} textAnchor="middle">
        {name}
      </text>
    )
  const line = y + height / 2 + (note ? -5 + (shape === 'drum' ? 8 : 0) : 9)
  return (
    <>
      <text className="name" x={x + width / 2} y={line} textAnchor="middle">
        {name}
      </text>
      {note && (
        <text className="note" x={x + width / 2} y={line + 30} textAnchor="middle">
          {note}
        </text>
      )}
    </>
  )
}

/** A focusable part: pointing at it, focusing it or pressing Enter lights it. */
export const Part = ({ place, name, lit, onFocus }: { place: Place; name: string } & Focus) => {
  const { id, part, x, y, width, height, note, shape = 'box' } = place
  const light = () => onFocus(part)
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      event.stopPropagation()
      light()
    }
  }
  return (
    <g
      className={`part is-${shape}${part === lit ? ' is-lit' : ''}`}
      role="button"
      tabIndex={0}
      aria-pressed={part === lit}
      aria-label={note ? `${name}, ${note}` : name}
      data-part={part}
      data-place={id}
      onClick={light}
      onFocus={light}
      onMouseEnter={light}
      onKeyDown={onKeyDown}
    >
      {shape === 'drum' ? (
        <path className="shape" d={drum(place)} />
      ) : (
        <rect className="shape" x={x} y={y} width={width} height={height} rx={8} />
      )}
      <Label place={place} name={name} />
    </g>
  )
}

const most = 9

/** Pods as dots: their state by colour and shape; beyond nine, a count says the rest. */
export const Dots = ({ pods, x, y }: { pods: readonly PodDot[]; x: number; y: number }) => (
  <g className="dots">
    {pods.slice(0, most).map((pod, index) => (
      <circle key={pod.uid} className={`dot is-${pod.state}`} cx={x + index * 30} cy={y} r={11}>
        <title>{pod.name}</title>
      </circle>
    ))}
  </g>
)
