// The pieces that every diagram is made of: a part that explains itself, the API server's bar, a node, a wire, Pods as dots.

import type { KeyboardEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { PodDot } from './facts.ts'

/** Which part is lit, and how to light another. */
export interface Focus {
  part: string | undefined
  onFocus(part: string): void
}

interface Place {
  x: number
  y: number
  width: number
  height: number
}

interface PartProps extends Place, Focus {
  id: string
  /** A live or explaining second line. */
  note?: string
  shape?: 'box' | 'drum' | 'bar'
  /** Several places may show the same part: a kubelet on each node. */
  label?: string
}

const drum = ({ x, y, width, height }: Place): string => {
  const r = 12
  const right = x + width
  const body = `M${x} ${y + r}C${x} ${y - 4} ${right} ${y - 4} ${right} ${y + r}V${y + height - r}C${right} ${y + height + 4} ${x} ${y + height + 4} ${x} ${y + height - r}Z`
  return `${body}M${x} ${y + r}C${x} ${y + r * 2 + 4} ${right} ${y + r * 2 + 4} ${right} ${y + r}`
}

/** A focusable part: pointing at it, focusing it or pressing Enter lights it. */
export const Part = ({ id, x, y, width, height, note, shape = 'box', label, part, onFocus }: PartProps) => {
  const { t } = useTranslation('talk')
  const name = label ?? t(`parts.${id}.name`)
  const light = () => onFocus(id)
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      event.stopPropagation()
      light()
    }
  }
  const middle = x + width / 2
  const titleY =
    shape === 'bar' ? y + height / 2 + 9 : note ? y + height / 2 - 5 + (shape === 'drum' ? 8 : 0) : y + height / 2 + 9
  return (
    <g
      className={`part is-${shape}${part === id ? ' is-lit' : ''}`}
      role="button"
      tabIndex={0}
      aria-pressed={part === id}
      aria-label={note ? `${name}, ${note}` : name}
      data-part={id}
      onClick={light}
      onFocus={light}
      onMouseEnter={light}
      onKeyDown={onKeyDown}
    >
      {shape === 'drum' ? (
        <path className="shape" d={drum({ x, y, width, height })} />
      ) : (
        <rect className="shape" x={x} y={y} width={width} height={height} rx={8} />
      )}
      {shape === 'bar' ? (
        <>
          <text className="name" x={x + 32} y={titleY}>
            {name}
          </text>
          {note && (
            <text className="note" x={x + width - 32} y={titleY} textAnchor="end">
              {note}
            </text>
          )}
        </>
      ) : (
        <>
          <text className="name" x={middle} y={titleY} textAnchor="middle">
            {name}
          </text>
          {note && (
            <text className="note" x={middle} y={titleY + 30} textAnchor="middle">
              {note}
            </text>
          )}
        </>
      )}
    </g>
  )
}

export const Wire = ({ d, isLit = false }: { d: string; isLit?: boolean }) => (
  <path className={isLit ? 'wire is-lit' : 'wire'} d={d} />
)

/** A frame that is not a part: a node's box, a group. */
export const Frame = ({ x, y, width, height, children }: Place & { children?: ReactNode }) => (
  <g className="frame">
    <rect x={x} y={y} width={width} height={height} rx={8} />
    {children}
  </g>
)

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
