// The wires of one drawing, alive: journeys go in, pills fly. One loop of animation frames, and only while something flies.

import { type RefObject, useCallback, useEffect, useRef, useState } from 'react'
import type { Journey } from '../../../../electron/contract/trace.ts'
import type { Drawing } from './drawing.ts'
import { ease } from './pill.ts'
import type { Route } from './route.ts'
import { advance, enqueue, type Flight, groupOf, isQuiet, noTraffic, type Traffic } from './traffic.ts'
import { moveTravels } from './travels.tsx'

/** One hop of a pill at speed 1, unhurried. */
export const hopMs = 700
/** Where a pill stands that may not move: past the middle, so that its trail is the longer end. */
export const stillProgress = 0.55

const isReduced = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches

/** A long queue hurries, so that the wires are never far behind the cluster. */
const paceOf = ({ queue }: Traffic, speed: number): number => hopMs / speed / Math.min(4, 1 + queue.length / 3)

export interface TrafficControl {
  flights: readonly Flight[]
  /** True where any of them has a wire here. */
  add(journeys: readonly Journey[]): boolean
  clear(): void
}

export const useTraffic = (
  drawing: Drawing,
  root: RefObject<Element | null>,
  speed: number,
  route: (journey: Journey) => Route,
): TrafficControl => {
  const traffic = useRef<Traffic>(noTraffic)
  const [flights, setFlights] = useState<readonly Flight[]>([])
  const frame = useRef(0)
  const given = useRef({ drawing, route, speed })
  given.current = { drawing, route, speed }

  const fly = useCallback(
    (now: number) => {
      const pace = paceOf(traffic.current, given.current.speed)
      const next = advance(traffic.current, now, pace)
      if (next !== traffic.current) {
        traffic.current = next
        setFlights(next.flying)
      }
      if (root.current && !isReduced())
        for (const flight of next.flying)
          moveTravels(root.current, given.current.drawing, flight, ease(Math.min(1, (now - flight.since) / pace)))
      frame.current = isQuiet(next) ? 0 : requestAnimationFrame(fly)
    },
    [root],
  )
  const add = useCallback(
    (journeys: readonly Journey[]) => {
      const { drawing: on, route: way } = given.current
      const before = traffic.current
      for (const journey of journeys) traffic.current = enqueue(traffic.current, groupOf(journey, way(journey), on))
      if (frame.current === 0 && !isQuiet(traffic.current)) frame.current = requestAnimationFrame(fly)
      return traffic.current !== before
    },
    [fly],
  )
  const clear = useCallback(() => {
    cancelAnimationFrame(frame.current)
    frame.current = 0
    traffic.current = noTraffic
    setFlights([])
  }, [])
  useEffect(() => clear, [clear])
  return { flights, add, clear }
}
