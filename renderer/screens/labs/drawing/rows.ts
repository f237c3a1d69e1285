// A Pod's life as a row: its phases, its ready line, and how it goes. Pure geometry.

import type { PodLife, Workload } from '../../../state/timeline.ts'
import type { Episode } from './episode.ts'

export type Phase = 1 | 2 | 3 | 4 | 5

export interface Bar {
  phase: Phase
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
  /** Where it ended by itself, and how. */
  end?: { x: number; how: 'succeeded' | 'failed' }
  isLeaving: boolean
  waiting?: string
  /** Answered so far, with the width of their bar. */
  requests?: { count: number; width: number }
}

const labelLetters = 14

/** Of a long name the end is kept: that is what differs. */
const tail = (name: string): string => (name.length > labelLetters ? `…${name.slice(1 - labelLetters)}` : name)

/** @param namers workloads that Pods may be named after: one that was let go bears its old owner's name still */
export const podLabel = (life: PodLife, owner: Workload | undefined, namers: readonly Workload[]): string => {
  // a StatefulSet's Pods keep their names: those are worth reading whole
  if (owner?.kind === 'StatefulSet') return tail(life.name)
  const namer = namers
    .filter(({ name, namespace }) => namespace === life.namespace && life.name.startsWith(`${name}-`))
    .toSorted((a, b) => b.name.length - a.name.length)
  const named = owner ?? namer[0]
  return tail(named && life.name.startsWith(`${named.name}-`) ? life.name.slice(named.name.length + 1) : life.name)
}

/** The moments that end each phase, in order, as far as they are known. */
export const phasesOf = (life: PodLife): { phase: Phase; from: number; to: number }[] => {
  const ends = [life.scheduled, life.pulled, life.made, life.started, life.ready]
  const phases: { phase: Phase; from: number; to: number }[] = []
  let from = life.created
  ends.forEach((end, index) => {
    if (end === undefined) return
    const to = Math.max(from, end)
    phases.push({ phase: (index + 1) as Phase, from, to })
    from = to
  })
  return phases
}

interface RowFrame {
  label: string
  y: number
  x(at: number): number
  episode: Episode
  now: number
}

export const drawPod = (pod: PodLife, { label, y, x, episode, now }: RowFrame): PodRow => {
  const isLeaving = pod.leaving !== undefined
  const end = pod.gone ?? Math.max(now, episode.to)
  const bars = phasesOf(pod)
    .filter(phase => phase.to > episode.from)
    .map(phase => ({ phase: phase.phase, x: x(phase.from), width: Math.max(0, x(phase.to) - x(phase.from)) }))
  const row: PodRow = { uid: pod.uid, name: pod.name, label, y, bars, isLeaving }
  if (pod.ready !== undefined) {
    row.ready = x(pod.ready)
    row.life = [x(pod.ready), x(pod.leaving ?? end)]
  } else if (!isLeaving) {
    // Still on its way: the phase it is in grows until now.
    const lastEnd = phasesOf(pod).at(-1)
    const phase = Math.min(5, (lastEnd?.phase ?? 0) + 1) as Phase
    const from = x(lastEnd?.to ?? pod.created)
    bars.push({ phase, x: from, width: Math.max(0, x(end) - from) })
  }
  if (pod.end && pod.gone !== undefined) row.end = { x: x(pod.gone), how: pod.end }
  else if (pod.leaving !== undefined) {
    row.leave = [x(pod.leaving), x(end)]
    row.bye = x(end)
  }
  if (pod.waiting) row.waiting = pod.waiting
  return row
}

/** The middle of each phase of the longest row, for the names written once. */
export const phaseNames = (pods: readonly PodLife[], x: (at: number) => number): { phase: Phase; x: number }[] => {
  const widths = pods.map(pod => phasesOf(pod).map(({ phase, from, to }) => ({ phase, from: x(from), to: x(to) })))
  const longest = widths.reduce<(typeof widths)[number]>(
    (best, phases) =>
      (phases.at(-1)?.to ?? 0) - (phases[0]?.from ?? 0) > (best.at(-1)?.to ?? 0) - (best[0]?.from ?? 0) ? phases : best,
    [],
  )
  const labels: { phase: Phase; x: number }[] = []
  for (const { phase, from, to } of longest) {
    const middle = (from + to) / 2
    const last = labels.at(-1)
    if (to - from >= 6 && (!last || middle - last.x >= 30)) labels.push({ phase, x: middle })
  }
  return labels
}
