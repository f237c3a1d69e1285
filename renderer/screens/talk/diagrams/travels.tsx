// What travels along the wires: a pill with its trail behind it and a thin line ahead, so that a still picture tells the direction too.

import { type Drawing, pathOf } from './drawing.ts'
import { pillAt, pillHeight, pillText, pillWidth, shareOf } from './pill.ts'
import type { Flight, Trip } from './traffic.ts'

interface TravelProps {
  drawing: Drawing
  trip: Trip
  /** How far it is, 0 to 1. */
  progress: number
}

/** Drawn once; while it flies, `moveTravel` carries it on. */
const Travel = ({ drawing, trip, progress, name }: TravelProps & { name?: string }) => {
  const text = pillText(trip)
  const width = pillWidth(text)
  const share = shareOf(trip.points, progress)
  const [x, y] = pillAt(drawing, trip.points, share, width)
  return (
    <g className="travel" data-travel={name}>
      <path className="ahead" d={pathOf(trip.points)} />
      <path className="behind" d={pathOf(trip.points)} pathLength={1} strokeDasharray={`${share} 1`} />
      <g className="pill" transform={`translate(${x} ${y})`}>
        <rect x={-width / 2} y={-pillHeight / 2} width={width} height={pillHeight} rx={pillHeight / 2} />
        <circle cx={-width / 2 + 24} cy={0} r={7} />
        <text x={-width / 2 + 44} y={7}>
          {text}
        </text>
      </g>
    </g>
  )
}

const nameOf = ({ number, hop }: Flight, { id }: Trip): string => `${number} ${hop} ${id}`

/** Every pill in the air, where it stands at the first moment of its hop. */
export const Travels = ({ drawing, flights, progress }: { drawing: Drawing; flights: readonly Flight[]; progress: number }) => (
  <g className="travels">
    {flights.flatMap(flight =>
      (flight.hops[flight.hop] ?? []).map(trip => (
        <Travel key={nameOf(flight, trip)} name={nameOf(flight, trip)} drawing={drawing} trip={trip} progress={progress} />
      )),
    )}
  </g>
)

/** Carries the pills of a flight on, past React: sixty times a second there is nothing to compare. */
export const moveTravels = (root: Element, drawing: Drawing, flight: Flight, progress: number): void => {
  for (const trip of flight.hops[flight.hop] ?? []) {
    const travel = root.querySelector(`[data-travel="${CSS.escape(nameOf(flight, trip))}"]`)
    const share = shareOf(trip.points, progress)
    const [x, y] = pillAt(drawing, trip.points, share, pillWidth(pillText(trip)))
    travel?.querySelector('.pill')?.setAttribute('transform', `translate(${x} ${y})`)
    travel?.querySelector('.behind')?.setAttribute('stroke-dasharray', `${share} 1`)
  }
}
