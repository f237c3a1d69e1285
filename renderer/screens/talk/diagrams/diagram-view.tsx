// Draws a diagram's data: boxes, wires, parts that explain themselves, Pods as dots, and what travels.

import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Words } from './diagram.ts'
import { type Drawing, type Place, pathOf } from './drawing.ts'
import { PagerView } from './pager-view.tsx'
import { Dots, type Focus, type Following, Part } from './parts.tsx'

interface DiagramViewProps extends Focus {
  drawing: Drawing
  /** What the whole shows, in one sentence. */
  label: string
  following?: Following
  /** Shows another of those that the picture is of one of. */
  onTurn?(name: string): void
  /** Parts at work: chips and boxes that a pill has to do with. */
  busy?: ReadonlySet<string>
  /** What lies over the wires. */
  children?: ReactNode
}

/** A part's name, and the same for those who do not see it: with its kind, its note and its state. */
const namesOf = ({ part, label, note, state, word }: Place, t: Words): { name: string; says: string } => {
  const kind = t(`parts.${part}.name`)
  const name = label ?? kind
  const whole = name.includes(kind) || kind.includes(name) ? name : `${kind} ${name}`
  return { name, says: [whole, note, word ?? (state && t(`states.${state}`))].filter(Boolean).join(', ') }
}

export const DiagramView = ({ drawing, label, following, onTurn, busy, children, ...focus }: DiagramViewProps) => {
  const { t } = useTranslation('talk')
  const { width, height, frames = [], places, wires, lines = [], ties = [], lengths = [], words = [], dots = [], pager } = drawing
  // All wires end at the API server's bar: lighting them would say nothing.
  const isLit = (id: string) => places.some(place => place.id === id && place.shape !== 'bar' && place.part === focus.lit)
  const holders = places.filter(({ shape }) => shape === 'frame')
  const parts = places.filter(({ shape }) => shape !== 'frame')
  return (
    <svg
      className="diagram"
      viewBox={`-3 -3 ${width + 6} ${height + 6}`}
      preserveAspectRatio="xMinYMin"
      role="group"
      aria-label={label}
    >
      {frames.map(box => (
        <rect key={`${box.x} ${box.y}`} className="frame" {...box} rx={8} />
      ))}
      {holders.map(place => (
        <Part key={place.id} place={place} isBusy={busy?.has(place.part)} {...namesOf(place, t)} {...focus} />
      ))}
      {lengths.map(({ look, ...box }) => (
        <rect key={`${look} ${box.x} ${box.y}`} className={`length is-${look}`} {...box} rx={box.height / 2} />
      ))}
      {ties.map(({ look, points }) => (
        <path key={pathOf(points)} className={`tie is-${look}`} d={pathOf(points)} />
      ))}
      {lines.map(points => (
        <path key={pathOf(points)} className="wire" d={pathOf(points)} />
      ))}
      {wires.map(({ from, to, points }) => (
        <path
          key={`${from} ${to}`}
          className={isLit(from) || isLit(to) ? 'wire is-lit' : 'wire'}
          data-wire={`${from} ${to}`}
          d={pathOf(points)}
        />
      ))}
      {parts.map(place => (
        <Part key={place.id} place={place} isBusy={busy?.has(place.part)} {...namesOf(place, t)} {...focus} />
      ))}
      {words.map(({ x, y, text, look, anchor = 'start' }) => (
        <text key={`${x} ${y}`} className={look} x={x} y={y} textAnchor={anchor}>
          {text}
        </text>
      ))}
      {dots.map(({ x, y, ...row }) => (
        <Dots key={`${x} ${y}`} x={x} y={y} following={following} {...row} />
      ))}
      {pager && onTurn && <PagerView pager={pager} onTurn={onTurn} />}
      {children}
    </svg>
  )
}
