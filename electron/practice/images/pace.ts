// The pace of programs that never rest: a client's requests one after another, and loops that only compute.

import { scheduler } from 'node:timers/promises'
import type { Burst } from '../network/wire.ts'
import type { ContainerView, ProcessIO, Socket } from './program.ts'

/** There and back, with all that a client does between two requests. */
const TURN_MS = 20
/** What a request costs the client itself. */
const CLIENT_MS = 1
/** A request stands for at most so many times as many as the clock's own lateness explains: nobody told what else was waited for. */
const SLACK = 10

/** What the requests of one loop, the children of one process, have waited for since the last of them. */
interface Pace {
  at: number
  /** Sleeps as they were asked for, and as they came out: a hurried clock lets them oversleep. */
  asked: number
  took: number
  /** What the last request stood for. */
  burst: Burst
}

const paces = new WeakMap<ContainerView, Map<number, Pace>>()

const paceOf = (io: ProcessIO, container: ContainerView): { paces: Map<number, Pace>; parent: number } => {
  const known = paces.get(container) ?? new Map<number, Pace>()
  paces.set(container, known)
  return { paces: known, parent: container.processes.find(({ pid }) => pid === io.pid)?.parent ?? 0 }
}

/**
 * Waits for a client's turn and answers what its next request stands for. Alone, a request is one and goes at once; in a loop
 * the rate is what it would be without the host's delays: one for each turn and what the loop sleeps in between.
 */
export const nextRequest = async (io: ProcessIO, container: ContainerView): Promise<Burst> => {
  const { paces, parent } = paceOf(io, container)
  const last = parent === 0 ? undefined : paces.get(parent)
  const begun = container.now()
  if (last) await container.sleep(TURN_MS, io.signal)
  const now = container.now()
  const burst: Burst = { weight: 1, since: last?.at ?? now }
  if (last) {
    const wanted = TURN_MS + last.asked + (last.burst.waited ?? 0)
    const lateness = Math.max(1, (now - begun + last.took) / wanted)
    burst.weight = Math.min(Math.max(1, (now - last.at) / wanted), SLACK * lateness)
  }
  if (parent !== 0) paces.set(parent, { at: now, asked: 0, took: 0, burst })
  container.work(CLIENT_MS * burst.weight, burst.since)
  return burst
}

/** Counts the work for a request that came by this socket, for all that it stands for. */
export const workFor = (container: ContainerView, { burst }: Socket, ms: number): void =>
  container.work(ms * (burst?.weight ?? 1), burst?.since)

/** Tells the loop that a process slept: how long it was to be, and how long it was. */
export const noteSleep = (io: ProcessIO, container: ContainerView, asked: number, took: number): void => {
  const { paces, parent } = paceOf(io, container)
  const pace = paces.get(parent)
  if (!pace) return
  pace.asked += asked
  pace.took += took
}

/** Tells whoever sent a request by this socket that its answer waits on purpose, not because the host is slow. */
export const noteWait = ({ burst }: Socket, ms: number): void => {
  if (burst) burst.waited = (burst.waited ?? 0) + ms
}

/** A shell reads what somebody types: its next request is no part of a loop. */
export const endLoop = (io: ProcessIO, container: ContainerView): void => void paces.get(container)?.delete(io.pid)

/** A bite of a loop that never waits, in the cluster's time; between two bites the host is free for others. */
const BITE_MS = 5

/** Lets a computing loop run as fast as the host can for so many turns; one that goes on has a core of the cluster and little of the host. */
export const createBusy = (container: ContainerView, freeTurns: number) => {
  let turns = 0
  /** When the last bite ended, for as long as nothing else has had a turn: what comes then is the loop's own computing. */
  let ended: number | undefined
  return {
    async turn(signal?: AbortSignal): Promise<void> {
      if (++turns <= freeTurns) return scheduler.yield()
      const stop = container.computes(ended ?? container.now())
      try {
        await container.sleep(BITE_MS, signal)
      } finally {
        stop()
      }
      ended = container.now()
      void scheduler.yield().then(() => {
        ended = undefined
      })
    },
    /** The loop waited for something else than itself. */
    rest() {
      turns = 0
    },
  }
}
