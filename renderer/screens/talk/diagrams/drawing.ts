// A diagram as data: what stands where, and which wires join what. Units are the drawing's own; all of it pure.

import type { Actor, Journey, Role } from '../../../../electron/contract/trace.ts'
import type { PodShape } from '../../../state/pod-state.ts'
import type { PodDot } from './facts.ts'

export type Point = readonly [x: number, y: number]

export interface Box {
  x: number
  y: number
  width: number
  height: number
}

/** A part where it is drawn. */
export interface Place extends Box {
  /** Of its own in the drawing: `kubelet/node1` where there are several. */
  id: string
  /** Whose words explain it: `parts.<part>` in the locale files. */
  part: string
  /**
   * A `frame` holds other parts, a `chip` is one of those; a `bar` and a `strip` have their note at the other end,
   * and so has a `row`, whose name is that of an object, and a `store`, a drum with room for what it keeps.
   */
  shape?: 'box' | 'drum' | 'store' | 'bar' | 'strip' | 'frame' | 'chip' | 'row'
  /** In place of the part's own name. */
  label?: string
  /** A live or explaining second line. */
  note?: string
  /** Drawn before the name. */
  state?: PodShape
  /** What that state is called, where it is not a Pod's. */
  word?: string
  /** Not there yet, or no more: outlined with dots. */
  isAbsent?: boolean
  /** Whose pills start and end here, beside the part of the same name. */
  roles?: readonly Role[]
}

/** From place to place, by corners; what travels does so in both directions. */
export interface Wire {
  from: string
  to: string
  points: readonly Point[]
}

/** Words that explain nothing by themselves: a node's name, a count. */
export interface Words {
  x: number
  y: number
  text: string
  look: 'name' | 'note' | 'code'
  anchor?: 'start' | 'middle' | 'end'
}

/** How objects belong together: who owns whom, whom a selector chooses, what traffic follows; a `limit` bounds a figure. */
export interface Tie {
  points: readonly Point[]
  look: 'owns' | 'flows' | 'limit'
}

/** Across, down or up, and across: the bend at a share of the way. */
export const bent = (look: Tie['look'], [x, y]: Point, [toX, toY]: Point, share = 0.5): Tie => {
  const bend = x + (toX - x) * share
  return {
    look,
    points: [
      [x, y],
      [bend, y],
      [bend, toY],
      [toX, toY],
    ],
  }
}

/** A figure as a length. */
export interface Length extends Box {
  look: 'ready' | 'wanted' | 'used'
}

/** Which of several is shown, with the others' names; `x` is its right edge, `y` its middle. */
export interface Pager {
  x: number
  y: number
  names: readonly string[]
  index: number
}

export interface Drawing {
  width: number
  height: number
  /** Boxes that are no parts. */
  frames?: readonly Box[]
  places: readonly Place[]
  wires: readonly Wire[]
  /** Lines that nothing travels along. */
  lines?: readonly (readonly Point[])[]
  words?: readonly Words[]
  ties?: readonly Tie[]
  lengths?: readonly Length[]
  /** Rows of Pods, no more than `most` drawn. */
  dots?: readonly { x: number; y: number; pods: readonly PodDot[]; most?: number }[]
  pager?: Pager
  /** The uids of what it shows, where it is a picture of single objects: only their writes, and those of what they own, travel. */
  of?: ReadonlySet<string>
}

/** Is a live cluster's write one of those that this drawing shows? */
export const isShown = ({ of }: Drawing, { uid, owner }: Journey): boolean =>
  of === undefined || of.has(uid) || (owner !== undefined && of.has(owner.uid))

/** The program that a controller lives in: where a diagram has no wire to the one, it goes to the other. */
const homeOf = (role: Role): string | undefined => {
  if (role === 'ingress-controller') return undefined
  if (role === 'service-controller') return 'cloud-controller-manager'
  return /-controller$|^horizontal-pod-autoscaler$|^garbage-collector$/.test(role) ? 'kube-controller-manager' : undefined
}

/** Whether a part is the writer, or the program that the writer lives in. */
export const isPlayedBy = (part: string, role: Role): boolean => part === role || part === homeOf(role)

/** Where an actor is reached: on its node, by its own wire, or in its program; on every node where it names none. */
export const placesOf = ({ places, wires }: Drawing, { role, node }: Actor): Place[] => {
  const reached = places.filter(({ id }) => wires.some(({ from, to }) => from === id || to === id))
  const own = reached.filter(({ id, part, roles }) => id === role || part === role || roles?.includes(role))
  if (own.length === 0) return reached.filter(({ part }) => part === homeOf(role))
  return node === undefined ? own : own.filter(({ id }) => id === `${role}/${node}` || !id.includes('/'))
}

/** The corners from one place to the other; undefined where no wire joins them. */
export const wayOf = ({ wires }: Drawing, from: Place, to: Place): readonly Point[] | undefined => {
  const there = wires.find(wire => wire.from === from.id && wire.to === to.id)
  if (there) return there.points
  return wires.find(wire => wire.from === to.id && wire.to === from.id)?.points.toReversed()
}

const distance = ([ax, ay]: Point, [bx, by]: Point): number => Math.hypot(bx - ax, by - ay)

export const lengthOf = (points: readonly Point[]): number =>
  points.reduce((sum, point, index) => sum + (index > 0 ? distance(points[index - 1] as Point, point) : 0), 0)

/** The point at a share, 0 to 1, of the way. */
export const along = (points: readonly Point[], share: number): Point => {
  let left = lengthOf(points) * Math.min(1, Math.max(0, share))
  for (let index = 1; index < points.length; index++) {
    const [a, b] = [points[index - 1] as Point, points[index] as Point]
    const step = distance(a, b)
    if (left <= step && step > 0) return [a[0] + ((b[0] - a[0]) * left) / step, a[1] + ((b[1] - a[1]) * left) / step]
    left -= step
  }
  return points.at(-1) ?? [0, 0]
}

/** An SVG path through corners. */
export const pathOf = (points: readonly Point[]): string =>
  points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${x} ${y}`).join('')
