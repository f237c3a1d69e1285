// What is on the wires: journeys wait their turn, fly hop by hop, and go together where they are many. Pure: time is given.

import type { Deed, Journey, Role } from '../../../../electron/contract/trace.ts'
import { type Drawing, type Point, placesOf, wayOf } from './drawing.ts'
import type { Route } from './route.ts'

/** One pill on one wire; several journeys of the same kind share it. */
export interface Trip {
  /** From place to place. */
  id: string
  points: readonly Point[]
  /** The two roles at its ends. */
  ends: readonly Role[]
  journeys: readonly Journey[]
}

/** Journeys that do the same at about the same time. */
export interface Group {
  key: string
  deed: Deed
  /** One after the other; those of one hop at the same time. */
  hops: readonly (readonly Trip[])[]
}

export interface Flight extends Group {
  /** Tells one flight from the next of the same key. */
  number: number
  hop: number
  /** When this hop began. */
  since: number
}

export interface Traffic {
  queue: readonly Group[]
  flying: readonly Flight[]
  /** How many flights there were. */
  count: number
}

export const noTraffic: Traffic = { queue: [], flying: [], count: 0 }

/** So many groups wait; what is older than that is told by the record alone. */
export const mostWaiting = 24
/** So many fly at the same time: more would be a swarm, not an explanation. */
export const mostFlying = 3

/** What two journeys must have in common to share a pill. */
const keyOf = ({ verb, deed, kind, by }: Journey): string => `${verb} ${deed} ${kind} ${by.role} ${by.node ?? ''}`

/** One pill a wire: two controllers of one program hear of a write by the same one. */
const joined = (trips: readonly Trip[]): Trip[] => {
  const all = new Map<string, Trip>()
  for (const trip of trips) {
    const { ends = [], journeys = [] } = all.get(trip.id) ?? {}
    all.set(trip.id, {
      ...trip,
      ends: [...new Set([...ends, ...trip.ends])],
      journeys: [...new Set([...journeys, ...trip.journeys])],
    })
  }
  return [...all.values()]
}

/** A journey on a drawing's wires; without hops where the drawing has none of them. */
export const groupOf = (journey: Journey, route: Route, drawing: Drawing): Group => {
  const hops = route.map(legs =>
    legs.flatMap(({ from, to }) =>
      placesOf(drawing, from).flatMap(a =>
        placesOf(drawing, to).flatMap(b => {
          const points = wayOf(drawing, a, b)
          return points ? [{ id: `${a.id} ${b.id}`, points, ends: [from.role, to.role], journeys: [journey] }] : []
        }),
      ),
    ),
  )
  return { key: keyOf(journey), deed: journey.deed, hops: hops.filter(trips => trips.length > 0).map(trips => joined(trips)) }
}

const merge = (group: Group, more: Group): Group => ({
  ...group,
  hops: Array.from({ length: Math.max(group.hops.length, more.hops.length) }, (_, hop) =>
    joined([...(group.hops[hop] ?? []), ...(more.hops[hop] ?? [])]),
  ),
})

/** So many may wait before what is only told of a status is left to the record. */
const untilToldWaits = 2

/** Queues a group, together with one of its key that still waits. */
export const enqueue = (traffic: Traffic, group: Group): Traffic => {
  if (group.hops.length === 0) return traffic
  if (group.deed === 'told' && traffic.queue.length >= untilToldWaits) return traffic
  const like = traffic.queue.findIndex(({ key }) => key === group.key)
  const queue =
    like < 0
      ? [...traffic.queue, group]
      : traffic.queue.map((waiting, index) => (index === like ? merge(waiting, group) : waiting))
  return { ...traffic, queue: queue.slice(-mostWaiting) }
}

/** All of these at one moment, each group at one of its hops: for what stands still. */
export const frozen = (
  journeys: readonly Journey[],
  hop: number,
  route: (journey: Journey) => Route,
  drawing: Drawing,
): Flight[] =>
  journeys
    .reduce((traffic, journey) => enqueue(traffic, groupOf(journey, route(journey), drawing)), noTraffic)
    .queue.map((group, number) => ({ ...group, number, hop, since: 0 }))

const tripsOf = ({ hops, hop }: Pick<Flight, 'hops' | 'hop'>): readonly Trip[] => hops[hop] ?? []

/** Would it meet another pill on one wire, now or later? All hops take the same time. */
const isInTheWay = (flying: readonly Flight[], { hops }: Group): boolean => {
  const wire = ({ id }: Trip) => id.split(' ').toSorted().join(' ')
  const wires = (trips: readonly Trip[] = []) => trips.map(wire)
  return flying.some(flight =>
    hops.some((trips, index) => {
      const at = flight.hop + index
      const taken = new Set([...wires(flight.hops[at]), ...wires(flight.hops[at + 1])])
      return wires(trips).some(id => taken.has(id))
    }),
  )
}

/** The moment `now`: hops end, flights land, and the next in the queue starts once the one before has made its first hop and is out of its way. */
export const advance = (traffic: Traffic, now: number, hopMs: number): Traffic => {
  let isSame = true
  let flying = traffic.flying.flatMap(flight => {
    const hops = Math.floor((now - flight.since) / hopMs)
    if (hops < 1) return [flight]
    isSame = false
    const hop = flight.hop + hops
    return hop < flight.hops.length ? [{ ...flight, hop, since: flight.since + hops * hopMs }] : []
  })
  let { queue, count } = traffic
  const next = queue[0]
  if (next && flying.length < mostFlying && (flying.at(-1)?.hop ?? 1) > 0 && !isInTheWay(flying, next)) {
    isSame = false
    queue = queue.slice(1)
    count += 1
    flying = [...flying, { ...next, number: count, hop: 0, since: now }]
  }
  return isSame ? traffic : { queue, flying, count }
}

/** Who writes, or hears of a write, at the newest pill: neither the API server nor its store. */
export const actingIn = (flying: readonly Flight[]): Role | undefined =>
  flying
    .flatMap(tripsOf)
    .flatMap(({ ends }) => ends)
    .findLast(role => role !== 'kube-apiserver' && role !== 'etcd')

/** Who has to do with what flies now: at work, in their own name. */
export const busyIn = (flying: readonly Flight[]): Set<string> => new Set(flying.flatMap(tripsOf).flatMap(({ ends }) => ends))

export const isQuiet = ({ queue, flying }: Traffic): boolean => queue.length === 0 && flying.length === 0
