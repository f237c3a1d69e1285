// Replicas wanted and ready over time, and the gap between them. Pure geometry.

import type { Workload } from '../../../state/timeline.ts'
import type { Episode } from './episode.ts'

export interface Chart {
  top: number
  bottom: number
  wanted: string
  ready: string
  /** Left out where it is what is ready: a Pod counts as available once it has stayed Ready for a while (minReadySeconds). */
  available?: string
  gap: string
  /** Left out where its stretch of the line is too short for it. */
  wantedLabel?: { x: number; y: number; count: number }
  gapLabel?: { x: number; y: number }
  readyLabel: { x: number; y: number; count: number }
}

export const chartTop = 36
export const chartHeight = 92
const gapLabelWidth = 48

/**
 * The one that is charted: what scales by itself, else what is there before what is gone, the latest before the others.
 * @param scaled uids of those that an autoscaler stands above
 */
export const chartedOf = (workloads: readonly Workload[], scaled: ReadonlySet<string>): Workload | undefined => {
  const roots = workloads.filter(({ owner, samples }) => owner === undefined && samples.length > 0)
  const alive = roots.filter(({ gone }) => gone === undefined)
  return alive.findLast(({ uid }) => scaled.has(uid)) ?? alive.at(-1) ?? roots.at(-1)
}

const stepLine = (points: readonly { x: number; y: number }[], end: number): string => {
  const [first, ...rest] = points
  if (!first) return ''
  let path = `M${first.x} ${first.y}`
  for (const point of rest) path += `H${point.x}V${point.y}`
  return `${path}H${end}`
}

export const drawChart = (workload: Workload, episode: Episode, x: (at: number) => number, right: number): Chart => {
  const top = chartTop
  const bottom = chartTop + chartHeight
  const inside = workload.samples.filter(sample => sample.at >= episode.from)
  const before = workload.samples.filter(sample => sample.at < episode.from).at(-1)
  const samples = before ? [{ ...before, at: episode.from }, ...inside] : inside
  const end = workload.gone === undefined ? right : x(workload.gone)
  const most = Math.max(1, ...samples.map(sample => Math.max(sample.wanted, sample.ready)))
  const y = (count: number) => Math.round((bottom - (count / most) * chartHeight) * 10) / 10
  const points = (pick: 'wanted' | 'ready' | 'available') => samples.map(sample => ({ x: x(sample.at), y: y(sample[pick]) }))
  const wanted = points('wanted')
  const ready = points('ready')
  const last = samples.at(-1)
  const gapAt = samples.find(sample => sample.wanted > sample.ready)
  const closedAt = gapAt && samples.find(sample => sample.at > gapAt.at && sample.ready > 0)
  const hasRoom = gapAt && x(closedAt?.at ?? episode.to) - x(gapAt.at) >= gapLabelWidth
  const path = (line: { x: number; y: number }[]) => stepLine(line, end)
  // There and back: along what is wanted, then backwards along what is ready.
  const forward = path(wanted)
  const back = [...ready].reverse().map((point, index, all) => {
    const next = all[index - 1]
    return next ? `L${next.x} ${point.y}L${point.x} ${point.y}` : `L${end} ${point.y}L${point.x} ${point.y}`
  })
  return {
    top,
    bottom,
    wanted: forward,
    ready: path(ready),
    ...(samples.some(sample => sample.available !== sample.ready) && { available: path(points('available')) }),
    gap: samples.length > 0 ? `${forward}${back.join('')}Z` : '',
    ...wantedLabel(wanted.at(-1), end, last?.wanted ?? 0),
    ...(gapAt && hasRoom && { gapLabel: { x: x(gapAt.at) + 12, y: y(gapAt.wanted) + 28 } }),
    readyLabel: { x: end, y: y(last?.ready ?? 0), count: last?.ready ?? 0 },
  }
}

const wantedLabel = (from: { x: number; y: number } | undefined, end: number, count: number) =>
  from && end - from.x >= 2 * gapLabelWidth ? { wantedLabel: { x: (from.x + end) / 2, y: from.y - 7, count } } : {}
