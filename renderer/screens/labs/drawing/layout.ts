// Where everything goes in the live drawing: objects on the left, replicas and Pods' lives on one time axis. Pure geometry.

import type { PodLife, Timeline, Workload } from '../../../state/timeline.ts'
import type { Episode, Mark } from './episode.ts'

export interface Bar {
  phase: 1 | 2 | 3 | 4 | 5
  x: number
  width: number
}

export interface PodRow {
  uid: string
  /** The part of the name that differs: what follows the owner's name. */
  label: string
  name: string
  y: number
  bars: Bar[]
  /** x of the ready disc. */
  ready?: number
  /** The solid line of a ready life. */
  life?: [number, number]
  /** The dotted line of a leaving one. */
  leave?: [number, number]
  /** x of the dotted ring where it went, or will go. */
  bye?: number
  isLeaving: boolean
  waiting?: string
  /** Answered so far, with the width of their bar. */
  requests?: { count: number; width: number }
}

export interface ObjectBox {
  uid: string
  kind: string
  label: string
  y: number
  isIdle: boolean
}

export interface Drawing {
  width: number
  height: number
  /** Left end of the time axis. */
  left: number
  right: number
  chart?: {
    top: number
    bottom: number
    wanted: string
    ready: string
    gap: string
    /** Left out where its stretch of the line is too short for it. */
    wantedLabel?: { x: number; y: number; count: number }
    gapLabel?: { x: number; y: number }
    readyLabel: { x: number; y: number; count: number }
  }
  boxes: ObjectBox[]
  /** Box heights are all the same; links go from a box to a box or to a Pod row. */
  ownLinks: { path: string; isLeaving: boolean }[]
  rows: PodRow[]
  rowHeight: number
  marks: { x: number; label: string }[]
  ticks: { x: number; seconds: number }[]
  axisY: number
  /** Middle of each phase of the longest row, for the names written once. */
  phaseLabels: { phase: 1 | 2 | 3 | 4 | 5; x: number }[]
  /** Heading of the requests, where they are counted. */
  requestsLabel?: { x: number; y: number }
}

export const boxWidth = 144
export const boxHeight = 60
const nameWidth = 64
const chartTop = 36
const chartHeight = 92
const gapLabelWidth = 48
/** A bar and a figure at the end of a Pod's row. */
const requestsWidth = 96
const requestsBar = 48

const ownerLabel = (workload: Workload, deployment: Workload | undefined): string =>
  deployment && workload.name.startsWith(`${deployment.name}-`) ? workload.name.slice(deployment.name.length + 1) : workload.name

const podLabel = (life: PodLife, owner: Workload | undefined): string =>
  // a StatefulSet's Pods keep their names: those are worth reading whole
  owner && owner.kind !== 'StatefulSet' && life.name.startsWith(`${owner.name}-`)
    ? life.name.slice(owner.name.length + 1)
    : life.name

/** The moments that end each phase, in order, as far as they are known. */
export const phasesOf = (life: PodLife): { phase: 1 | 2 | 3 | 4 | 5; from: number; to: number }[] => {
  const ends = [life.scheduled, life.pulled, life.made, life.started, life.ready]
  const phases: { phase: 1 | 2 | 3 | 4 | 5; from: number; to: number }[] = []
  let from = life.created
  ends.forEach((end, index) => {
    if (end === undefined) return
    const to = Math.max(from, end)
    phases.push({ phase: (index + 1) as 1 | 2 | 3 | 4 | 5, from, to })
    from = to
  })
  return phases
}

const stepLine = (points: readonly { x: number; y: number }[], end: number): string => {
  const [first, ...rest] = points
  if (!first) return ''
  let path = `M${first.x} ${first.y}`
  for (const point of rest) path += `H${point.x}V${point.y}`
  return `${path}H${end}`
}

interface Scene {
  timeline: Timeline
  episode: Episode
  marks: readonly Mark[]
  /** Names of the Pods and workloads that belong to the lesson, by prefix; everything when empty. */
  isOurs(name: string, namespace: string): boolean
  width: number
  height: number
  now: number
  /** Answered by each Pod, by uid; none where nothing counts them. */
  requests?: ReadonlyMap<string, number>
}

/** Lays the whole drawing out for a pane of the given size. */
export const layout = ({ timeline, episode, marks, isOurs, width, height, now, requests = new Map() }: Scene): Drawing => {
  const isSeen = (item: { name: string; namespace: string; gone?: number }) =>
    isOurs(item.name, item.namespace) && (item.gone === undefined || item.gone >= episode.from)
  const workloads = [...timeline.workloads.values()].filter(isSeen)
  const deployment = workloads.filter(workload => workload.kind === 'Deployment').at(-1)
  const pods = [...timeline.pods.values()].filter(isSeen).sort((a, b) => a.created - b.created || a.name.localeCompare(b.name))
  const owners = boxed(
    workloads.filter(workload => workload.kind !== 'Deployment' && pods.some(pod => pod.owner === workload.uid)),
    height,
  )
  const graphWidth = owners.length > 0 || deployment ? boxWidth + 36 : 0
  const longest = Math.max(0, ...pods.map(pod => podLabel(pod, timeline.workloads.get(pod.owner ?? '')).length))
  const left = Math.round(graphWidth + Math.max(nameWidth, longest * 7.6 + 16))
  const right = width - 28 - (requests.size > 0 ? requestsWidth : 0)
  const span = episode.to - episode.from
  const x = (at: number) =>
    Math.round((left + ((Math.min(Math.max(at, episode.from), episode.to) - episode.from) / span) * (right - left)) * 10) / 10

  const charted = deployment ?? owners.find(owner => owner.kind === 'StatefulSet')
  const chart = charted && drawChart(charted, episode, x, right)
  const rowsTop = chart ? chartTop + chartHeight + 44 : 40
  const rowHeight = Math.max(5, Math.min(24, (height - rowsTop - 48) / Math.max(1, pods.length)))
  const rows = pods.map((pod, index) =>
    drawPod(pod, timeline.workloads.get(pod.owner ?? ''), rowsTop + rowHeight * (index + 0.5), x, episode, now),
  )
  const most = Math.max(1, ...requests.values())
  for (const row of rows) {
    const count = requests.get(row.uid)
    if (count !== undefined) row.requests = { count, width: Math.round((count / most) * requestsBar * 10) / 10 }
  }
  const axisY = rowsTop + rowHeight * pods.length + 18

  const boxes = placeBoxes(deployment, owners, pods, rows)
  return {
    width,
    height: Math.max(height, axisY + 28),
    left,
    right,
    ...(chart && { chart }),
    boxes,
    ownLinks: links(boxes, owners, pods, rows, left),
    rows,
    rowHeight,
    marks: spaced(
      marks
        .filter(mark => mark.at >= episode.from - 50 && mark.at <= episode.to)
        .map(mark => ({ x: x(mark.at), label: mark.label })),
    ),
    ticks: ticksOf(span, left, right),
    axisY,
    phaseLabels: phaseNames(pods, x),
    ...(requests.size > 0 && { requestsLabel: { x: right + 24, y: rowsTop - 8 } }),
  }
}

/** Where the pane is too low for all, ReplicaSets that are gone give up their boxes. */
const boxed = (owners: Workload[], height: number): Workload[] =>
  chartTop + (owners.length + 1) * (boxHeight + 16) + 40 <= height ? owners : owners.filter(owner => owner.gone === undefined)

/** Labels closer than their own width would lie on each other: the later one stays. */
const spaced = (marks: { x: number; label: string }[]): { x: number; label: string }[] =>
  marks.filter((mark, index) => {
    const next = marks[index + 1]
    return !next || next.x - mark.x > 60
  })

const ticksOf = (span: number, left: number, right: number): { x: number; seconds: number }[] => {
  const steps = [500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000]
  const step = steps.find(candidate => span / candidate <= 6) ?? 120_000
  return Array.from({ length: Math.floor(span / step) + 1 }, (_, index) => ({
    x: Math.round((left + ((index * step) / span) * (right - left)) * 10) / 10,
    seconds: (index * step) / 1000,
  }))
}

const drawChart = (deployment: Workload, episode: Episode, x: (at: number) => number, right: number): Drawing['chart'] => {
  const top = chartTop
  const bottom = chartTop + chartHeight
  const inside = deployment.samples.filter(sample => sample.at >= episode.from)
  const before = deployment.samples.filter(sample => sample.at < episode.from).at(-1)
  const samples = before ? [{ ...before, at: episode.from }, ...inside] : inside
  const end = deployment.gone === undefined ? right : x(deployment.gone)
  const most = Math.max(1, ...samples.map(sample => Math.max(sample.wanted, sample.ready)))
  const y = (count: number) => Math.round((bottom - (count / most) * chartHeight) * 10) / 10
  const points = (pick: 'wanted' | 'ready') => samples.map(sample => ({ x: x(sample.at), y: y(sample[pick]) }))
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
    gap: samples.length > 0 ? `${forward}${back.join('')}Z` : '',
    ...wantedLabel(wanted.at(-1), end, last?.wanted ?? 0),
    ...(gapAt && hasRoom && { gapLabel: { x: x(gapAt.at) + 12, y: y(gapAt.wanted) + 28 } }),
    readyLabel: { x: end, y: y(last?.ready ?? 0), count: last?.ready ?? 0 },
  }
}

const wantedLabel = (from: { x: number; y: number } | undefined, end: number, count: number) =>
  from && end - from.x >= 2 * gapLabelWidth ? { wantedLabel: { x: (from.x + end) / 2, y: from.y - 7, count } } : {}

const drawPod = (
  pod: PodLife,
  owner: Workload | undefined,
  y: number,
  x: (at: number) => number,
  episode: Episode,
  now: number,
): PodRow => {
  const isLeaving = pod.leaving !== undefined
  const end = pod.gone ?? Math.max(now, episode.to)
  const bars = phasesOf(pod)
    .filter(phase => phase.to > episode.from)
    .map(phase => ({ phase: phase.phase, x: x(phase.from), width: Math.max(0, x(phase.to) - x(phase.from)) }))
  const row: PodRow = { uid: pod.uid, name: pod.name, label: podLabel(pod, owner), y, bars, isLeaving }
  if (pod.ready !== undefined) {
    row.ready = x(pod.ready)
    row.life = [x(pod.ready), x(pod.leaving ?? end)]
  } else if (!isLeaving) {
    // Still on its way: the phase it is in grows until now.
    const lastEnd = phasesOf(pod).at(-1)
    const phase = Math.min(5, (lastEnd?.phase ?? 0) + 1) as Bar['phase']
    const from = x(lastEnd?.to ?? pod.created)
    bars.push({ phase, x: from, width: Math.max(0, x(end) - from) })
  }
  if (pod.leaving !== undefined) {
    row.leave = [x(pod.leaving), x(end)]
    row.bye = x(end)
  }
  if (pod.waiting) row.waiting = pod.waiting
  return row
}

const placeBoxes = (deployment: Workload | undefined, owners: Workload[], pods: PodLife[], rows: PodRow[]): ObjectBox[] => {
  const boxes: ObjectBox[] = []
  if (deployment)
    boxes.push({
      uid: deployment.uid,
      kind: 'Deployment',
      label: deployment.name,
      y: chartTop + 8,
      isIdle: deployment.gone !== undefined,
    })
  let free = deployment ? chartTop + 8 + boxHeight + 36 : 24
  for (const owner of owners) {
    const own = rows.filter((_, index) => pods[index]?.owner === owner.uid)
    const middle = own.reduce((sum, row) => sum + row.y, 0) / Math.max(1, own.length)
    const y = Math.max(free, middle - boxHeight / 2)
    boxes.push({ uid: owner.uid, kind: owner.kind, label: ownerLabel(owner, deployment), y, isIdle: owner.gone !== undefined })
    free = y + boxHeight + 16
  }
  return boxes
}

const links = (boxes: ObjectBox[], owners: Workload[], pods: PodLife[], rows: PodRow[], left: number): Drawing['ownLinks'] => {
  const result: Drawing['ownLinks'] = []
  const top = boxes.find(box => box.kind === 'Deployment')
  const nameX = left - Math.max(...rows.map(row => row.label.length), 0) * 7.6 - 18
  for (const owner of owners) {
    const box = boxes.find(candidate => candidate.uid === owner.uid) as ObjectBox
    if (top && box.kind === 'ReplicaSet')
      result.push({ path: `M${boxWidth / 2} ${top.y + boxHeight}V${box.y}`, isLeaving: box.isIdle })
    const from = box.y + boxHeight / 2
    rows.forEach((row, index) => {
      if (pods[index]?.owner !== owner.uid) return
      const bend = (boxWidth + nameX) / 2
      result.push({
        path: `M${boxWidth} ${from}C${bend + 6} ${from} ${bend - 6} ${row.y} ${nameX} ${row.y}`,
        isLeaving: row.isLeaving,
      })
    })
  }
  return result
}

const phaseNames = (pods: PodLife[], x: (at: number) => number): Drawing['phaseLabels'] => {
  const widths = pods.map(pod => phasesOf(pod).map(({ phase, from, to }) => ({ phase, from: x(from), to: x(to) })))
  const longest = widths.reduce<(typeof widths)[number]>(
    (best, phases) =>
      (phases.at(-1)?.to ?? 0) - (phases[0]?.from ?? 0) > (best.at(-1)?.to ?? 0) - (best[0]?.from ?? 0) ? phases : best,
    [],
  )
  const labels: Drawing['phaseLabels'] = []
  for (const { phase, from, to } of longest) {
    const middle = (from + to) / 2
    const last = labels.at(-1)
    if (to - from >= 6 && (!last || middle - last.x >= 30)) labels.push({ phase, x: middle })
  }
  return labels
}
