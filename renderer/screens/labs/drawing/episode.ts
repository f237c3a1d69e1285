// Which stretch of time the drawing shows: the latest episode, from somebody's act until everything came to rest.

import type { PodLife, Timeline } from '../../../state/timeline.ts'

export interface Mark {
  label: string
  at: number
}

/** Milliseconds since the epoch; `isMoving` while something is still on its way, so that the axis grows with the clock. */
export interface Episode {
  from: number
  to: number
  isMoving: boolean
}

/** Two happenings further apart than this belong to different episodes. */
const quietMs = 12_000
/** An episode starts at the first act within so long before its end: older ones would only make the newest too small to read. */
const sceneMs = 12_000
const shortestMs = 3_000
/** Air after the last happening, so that its end can be seen. */
const restMs = 800

const momentsOf = (life: PodLife): number[] =>
  [life.created, life.scheduled, life.started, life.ready, life.leaving, life.gone].filter(moment => moment !== undefined)

export const isMoving = (life: PodLife): boolean => life.gone === undefined && (life.leaving !== undefined || !life.isReady)

/** The episode to draw, or undefined where nothing ever happened. Pure. */
export const latestEpisode = (timeline: Timeline, marks: readonly Mark[], now: number): Episode | undefined => {
  const pods = [...timeline.pods.values()]
  const workloads = [...timeline.workloads.values()]
  const moments = [
    ...pods.flatMap(momentsOf),
    ...workloads.flatMap(workload => workload.samples.map(sample => sample.at)),
    ...marks.map(mark => mark.at),
  ].sort((a, b) => a - b)
  const last = moments.at(-1)
  if (last === undefined) return undefined

  const moving = pods.some(isMoving)
  let from = last
  for (let index = moments.length - 2; index >= 0; index--) {
    const moment = moments[index] as number
    if (from - moment > quietMs) break
    from = moment
  }
  const acts = marks.filter(mark => mark.at >= from && mark.at <= last).map(mark => mark.at)
  from = acts.find(act => last - act <= sceneMs) ?? acts.at(-1) ?? Math.max(from, last - sceneMs)
  const to = moving ? Math.max(now, last) : Math.min(Math.max(now, last), last + restMs)
  return { from, to: Math.max(to, from + shortestMs), isMoving: moving }
}
