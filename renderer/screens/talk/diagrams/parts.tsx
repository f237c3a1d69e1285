// The pieces that every diagram is made of: a part that explains itself, and Pods as dots.

import type { KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { PodShape } from '../../../state/pod-state.ts'
import type { Box, Place } from './drawing.ts'
import type { PodDot } from './facts.ts'

/** Which part is lit, and how to light another. */
export interface Focus {
  lit: string
  onFocus(part: string): void
}

/** What a key does to that which is no HTML button; the slide does not turn by it. */
export const onPressed = (event: KeyboardEvent, act: () => void): void => {
  if (event.key !== 'Enter' && event.key !== ' ') return
  event.preventDefault()
  event.stopPropagation()
  act()
}

const drum = ({ x, y, width, height }: Box): string => {
  const r = 12
  const right = x + width
  const body = `M${x} ${y + r}C${x} ${y - 4} ${right} ${y - 4} ${right} ${y + r}V${y + height - r}C${right} ${y + height + 4} ${x} ${y + height + 4} ${x} ${y + height - r}Z`
  return `${body}M${x} ${y + r}C${x} ${y + r * 2 + 4} ${right} ${y + r * 2 + 4} ${right} ${y + r}`
}

/** A Pod's state by colour and shape: disc, half disc, ring, dotted ring, diamond, triangle. */
export const StateDot = ({ state, x, y, name }: { state: PodShape; x: number; y: number; name?: string }) => {
  const title = name && <title>{name}</title>
  if (state === 'failed' || state === 'attention') {
    const corners = state === 'failed' ? 'm0-13 13 13-13 13-13-13Z' : 'm0-12 13 23h-26Z'
    return (
      <path className={`dot is-${state}`} d={`M${x} ${y}${corners}`}>
        {title}
      </path>
    )
  }
  return (
    <>
      <circle className={`dot is-${state}`} cx={x} cy={y} r={state === 'ready' ? 11 : 10}>
        {title}
      </circle>
      {state === 'progressing' && <path className="half" d={`M${x} ${y - 10}a10 10 0 0 0 0 20Z`} />}
    </>
  )
}

/** Where a part's name and note stand: in its middle, along a bar, or at the top of what holds others. */
const Label = ({ place, name }: { place: Place; name: string }) => {
  const { x, y, width, height, note, state, shape = 'box' } = place
  if (shape === 'frame' || shape === 'store' || shape === 'bar' || shape === 'strip' || shape === 'row') {
    const line = shape === 'frame' ? y + 36 : shape === 'store' ? y + 66 : y + height / 2 + (shape === 'row' ? 7 : 9)
    const edge = shape === 'bar' ? 32 : shape === 'row' ? 18 : 24
    return (
      <>
        {state && <StateDot state={state} x={x + edge + 10} y={line - (shape === 'row' ? 7 : 9)} />}
        <text className={shape === 'row' ? 'code' : 'name'} x={x + edge + (state ? 32 : 0)} y={line}>
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
  const line = y + height / 2 + (note ? -5 : 9) + (shape === 'drum' ? 8 : 0)
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

interface PartProps extends Focus {
  place: Place
  name: string
  says: string
  /** A pill has to do with it. */
  isBusy?: boolean
}

/**
 * A focusable part: pointing at it, focusing it or pressing Enter lights it.
 * @param says its name for those who do not see it: with all that stands in it
 */
export const Part = ({ place, name, says, isBusy, lit, onFocus }: PartProps) => {
  const { id, part, x, y, width, height, shape = 'box', isAbsent = false } = place
  const light = () => onFocus(part)
  return (
    <g
      className={['part', `is-${shape}`, part === lit && 'is-lit', isAbsent && 'is-absent', isBusy && 'is-busy']
        .filter(Boolean)
        .join(' ')}
      role="button"
      tabIndex={0}
      aria-pressed={part === lit}
      aria-label={says}
      data-part={part}
      data-place={id}
      onClick={light}
      onFocus={light}
      onMouseEnter={light}
      onKeyDown={event => onPressed(event, light)}
    >
      {shape === 'drum' || shape === 'store' ? (
        <path className="shape" d={drum(place)} />
      ) : (
        <rect className="shape" x={x} y={y} width={width} height={height} rx={8} />
      )}
      <Label place={place} name={name} />
    </g>
  )
}

/** From one Pod of a row to the next. */
export const dotStep = 30

/** Which Pod is followed, and how to follow another; absent where nothing can be chosen. */
export interface Following {
  uid: string | undefined
  onFollow(uid: string): void
}

interface DotsProps {
  pods: readonly PodDot[]
  x: number
  y: number
  most?: number
  following?: Following
}

/** Pods as dots: beyond the most that there is room for, a count says the rest. */
export const Dots = ({ pods, x, y, most = 9, following }: DotsProps) => {
  const { t } = useTranslation('talk')
  return (
    <g className="dots">
      {pods.slice(0, most).map(({ uid, name, state }, index) => {
        const place = { x: x + index * dotStep, y }
        const isFollowed = uid === following?.uid
        const follow = () => following?.onFollow(uid)
        const dot = (
          <>
            {isFollowed && <circle className="ring" cx={place.x} cy={y} r={16} />}
            <StateDot {...place} state={state} name={name} />
          </>
        )
        if (!following) return <g key={uid}>{dot}</g>
        return (
          <g
            key={uid}
            className="pod"
            role="button"
            tabIndex={0}
            aria-pressed={isFollowed}
            aria-label={t('life.follow', { name })}
            data-pod={name}
            onClick={follow}
            onKeyDown={event => onPressed(event, follow)}
          >
            {dot}
          </g>
        )
      })}
    </g>
  )
}
