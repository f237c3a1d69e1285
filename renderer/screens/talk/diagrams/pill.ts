// What a pill says and where it is: words from its journeys, a place that keeps it on the drawing and off the boxes. Pure.

import type { Journey } from '../../../../electron/contract/trace.ts'
import { along, type Drawing, lengthOf, type Point } from './drawing.ts'
import type { Trip } from './traffic.ts'

export const pillHeight = 40
/** Of the monospaced face at its size in the drawing. */
const charWidth = 12.7
const padding = { start: 44, end: 20 }

/** Owners whose objects get a name of their own making, told apart by its end: `hello-8887b7699-v6knv` is `v6knv`. */
const naming = new Set(['Deployment', 'ReplicaSet', 'ReplicationController', 'DaemonSet', 'Job', 'CronJob', 'Service'])

export const shortName = ({ name, owner }: Pick<Journey, 'name' | 'owner'>): string =>
  owner && naming.has(owner.kind) ? (name.split('-').at(-1) ?? name) : name

/** Longer names end in an ellipsis: a pill covers its wire's surroundings. */
const mostChars = 14
const cut = (text: string): string => (text.length > mostChars ? `${text.slice(0, mostChars - 1)}…` : text)

export const pillText = ({ journeys }: Trip): string => {
  const [first] = journeys as readonly [Journey, ...Journey[]]
  const objects = new Set(journeys.map(({ uid }) => uid)).size
  return objects === 1 ? `${first.verb} ${cut(shortName(first))}` : `${first.verb} ${first.kind} ×${objects}`
}

export const pillWidth = (text: string): number => padding.start + padding.end + text.length * charWidth

/** How much of its wire a pill has behind it: between the boxes at both ends, never over them. */
export const shareOf = (points: readonly Point[], progress: number): number => {
  const edge = Math.min(0.5, (pillHeight / 2 + 2) / Math.max(1, lengthOf(points)))
  return edge + (1 - 2 * edge) * progress
}

/** The pill's middle: on the wire, but inside the drawing. */
export const pillAt = (drawing: Drawing, points: readonly Point[], share: number, width: number): Point => {
  const [x, y] = along(points, share)
  return [Math.min(Math.max(x, width / 2), drawing.width - width / 2), y]
}

/** Slow at both ends, as tokens' --ease-travel. */
export const ease = (share: number): number => share * share * (3 - 2 * share)
