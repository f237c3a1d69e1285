// Where everything goes in the live drawing: objects on the left, replicas and Pods' lives on one time axis. Pure geometry.

import type { Objects } from '../../../state/objects.ts'
import type { Timeline } from '../../../state/timeline.ts'
import { boxWidth, drawLinks, type LinkPath, type ObjectBox, placeBoxes } from './boxes.ts'
import { type Chart, chartedOf, chartHeight, chartTop, drawChart } from './chart.ts'
import type { Episode, Mark } from './episode.ts'
import { graphOf } from './graph.ts'
import type { IsOurs } from './mine.ts'
import { drawPod, type Phase, type PodRow, phaseNames, podLabel } from './rows.ts'

export interface Drawing {
  width: number
  height: number
  /** Left end of the time axis. */
  left: number
  right: number
  chart?: Chart
  boxes: ObjectBox[]
  /** Left edge of the boxes. */
  boxX: number
  links: LinkPath[]
  rows: PodRow[]
  rowHeight: number
  marks: { x: number; label: string }[]
  ticks: { x: number; seconds: number }[]
  axisY: number
  /** Middle of each phase of the longest row, for the names written once. */
  phaseLabels: { phase: Phase; x: number }[]
  /** Heading of the requests, where they are counted. */
  requestsLabel?: { x: number; y: number }
}

const nameWidth = 64
const letterWidth = 7.6
/** Rows as low as this bear no names. */
export const namedRow = 13
const linkWidth = 36
/** A bar and a figure at the end of a Pod's row. */
const requestsWidth = 96
const requestsBar = 48
const tickWidth = 46

interface Scene {
  timeline: Timeline
  /** What lives in the cluster now, by kind: for what has no past to be drawn. */
  objects: Objects['byKind']
  episode: Episode
  marks: readonly Mark[]
  isOurs: IsOurs
  width: number
  height: number
  now: number
  /** Answered by each Pod, by uid; none where nothing counts them. */
  requests?: ReadonlyMap<string, number>
}

const tenths = (value: number): number => Math.round(value * 10) / 10

/** Lays the whole drawing out for a pane of the given size. */
export const layout = (scene: Scene): Drawing => {
  const { timeline, objects, episode, marks, isOurs, width, height, now, requests = new Map<string, number>() } = scene
  const isSeen = (item: { name: string; namespace: string; gone?: number }) =>
    isOurs(item.name, item.namespace) && (item.gone === undefined || item.gone >= episode.from)
  const workloads = [...timeline.workloads.values()].filter(isSeen)
  const graph = graphOf({ workloads, pods: [...timeline.pods.values()].filter(isSeen), objects, isOurs })
  const scaled = graph.things.filter(
    ({ under }) => graph.things.find(({ uid }) => uid === under)?.kind === 'HorizontalPodAutoscaler',
  )
  const charted = chartedOf(workloads, new Set(scaled.map(({ uid }) => uid)))
  const rooms = roomsOf([...timeline.pods.values(), ...workloads].filter(isSeen), charted?.namespace)
  const pods = [...timeline.pods.values()]
    .filter(isSeen)
    .sort(
      (a, b) => rooms.indexOf(a.namespace) - rooms.indexOf(b.namespace) || a.created - b.created || a.name.localeCompare(b.name),
    )
  const rowsTop = charted ? chartTop + chartHeight + 44 : 40
  const rowHeight = Math.max(5, Math.min(24, (height - rowsTop - 48) / Math.max(1, pods.length)))
  const axisY = rowsTop + rowHeight * pods.length + 18
  const rowY = new Map(pods.map((pod, index) => [pod.uid, rowsTop + rowHeight * (index + 0.5)]))

  const boxes = placeBoxes({
    graph,
    rows: rowY,
    rooms,
    bottom: Math.max(height, axisY) - 12,
    ...(charted && { charted: { uid: charted.uid, y: chartTop + 8 } }),
  })
  const boxX = boxes.some(box => box.mountedBy !== undefined) ? 14 : 1
  const labels = new Map(pods.map(pod => [pod.uid, podLabel(pod, timeline.workloads.get(pod.owner ?? ''), workloads)]))
  const longest = rowHeight < namedRow ? 0 : Math.max(0, ...[...labels.values()].map(label => label.length))
  const graphWidth = boxes.length > 0 ? boxX + boxWidth + linkWidth : 0
  const left = Math.round(graphWidth + (longest === 0 ? 16 : Math.max(nameWidth, longest * letterWidth + 16)))
  const right = width - 28 - (requests.size > 0 ? requestsWidth : 0)
  const span = episode.to - episode.from
  const x = (at: number) =>
    tenths(left + ((Math.min(Math.max(at, episode.from), episode.to) - episode.from) / span) * (right - left))

  const most = Math.max(1, ...requests.values())
  const rows = pods.map((pod): PodRow => {
    const row = drawPod(pod, { label: labels.get(pod.uid) ?? pod.name, y: rowY.get(pod.uid) ?? 0, x, episode, now })
    const count = requests.get(pod.uid)
    return count === undefined ? row : { ...row, requests: { count, width: tenths((count / most) * requestsBar) } }
  })
  return {
    width,
    height: Math.max(height, axisY + 28, (boxes.at(-1)?.y ?? 0) + (boxes.at(-1)?.height ?? 0) + 8),
    left,
    right,
    ...(charted && { chart: drawChart(charted, episode, x, right) }),
    boxes,
    boxX,
    links: drawLinks({
      graph,
      boxes,
      rows: rowY,
      leaving: new Set(rows.filter(({ isLeaving }) => isLeaving).map(({ uid }) => uid)),
      boxX,
      nameX: left - (longest === 0 ? 10 : longest * letterWidth + 18),
      apart: rowHeight < namedRow ? 0 : 4,
    }),
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

/** Namespaces by name, that of the chart before the others. */
const roomsOf = (items: readonly { namespace: string }[], first: string | undefined): string[] =>
  [...new Set(items.map(({ namespace }) => namespace))].sort(
    (a, b) => Number(b === first) - Number(a === first) || a.localeCompare(b),
  )

/** Labels closer than their own width would lie on each other: the later one stays. */
const spaced = (marks: { x: number; label: string }[]): { x: number; label: string }[] =>
  marks.filter((mark, index) => {
    const next = marks[index + 1]
    return !next || next.x - mark.x > 60
  })

const ticksOf = (span: number, left: number, right: number): { x: number; seconds: number }[] => {
  const steps = [500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000]
  const most = Math.max(1, Math.min(6, Math.floor((right - left) / tickWidth)))
  const step = steps.find(candidate => span / candidate <= most) ?? 120_000
  return Array.from({ length: Math.floor(span / step) + 1 }, (_, index) => ({
    x: tenths(left + ((index * step) / span) * (right - left)),
    seconds: (index * step) / 1000,
  }))
}
