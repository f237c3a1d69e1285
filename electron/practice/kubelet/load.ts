// How much CPU and memory a container takes: the load model.
//
// Nothing here is measured on the host: programs say what they do, in the cluster's time, so that the same walk gives the same
// numbers on every machine and at every speed of the clock.
// - CPU is counted in milliseconds of one core, in windows of 15 s as a metrics-server scrapes. A server counts a cost for
//   each request, a client for each that it sends, a started process one for itself; a program that never waits counts
//   the time for which it runs, and a container that does nothing counts what its image idles at.
// - A client in a loop sends fewer requests than a real one would: the host could not keep up with a hurried clock. Each of its
//   requests stands for as many as a real client would have sent meanwhile (images/pace.ts), and costs that much.
// - Memory is what the image holds at rest, something for each process, and what its program says that it keeps.
// - A limit caps what is had, and a node's cores what its Pods have together: metrics.ts does both when somebody looks.

/** A metrics-server's resolution. */
export const WINDOW_MS = 15_000
/** To fork, to load and to end: what a program costs before it does anything. */
export const SPAWN_MS = 1
const PROCESS_BYTES = 300 * 1024

/** What an image takes while it does nothing. */
export interface Idle {
  /** Thousandths of a core. */
  milliCpu: number
  memoryBytes: number
}

/** A small program that waits. */
export const idleByDefault: Idle = { milliCpu: 0.1, memoryBytes: 700 * 1024 }

export interface Meter {
  /** Milliseconds since the epoch. */
  readonly startedAt: number
  readonly idle: Idle
  /** Counts so many milliseconds of one core, spent now, or evenly since then. */
  work(ms: number, since?: number): void
  /** Computes without a pause from then on, until what it returns is called. */
  computes(since: number): () => void
  /** Has a program's own memory counted, in bytes: it is asked only when somebody looks. Ends with what it returns. */
  holds(bytes: () => number): () => void
  /** Milliseconds of one core spent in the window that ended, or ends, at `end`, one of the last three; a multiple of the window. */
  worked(end: number): number
  /** In bytes, now. */
  memory(): number
  /** Another object after each work: while it is the same, the container has done nothing. */
  readonly mark: object
}

/** The meters of a Pod's running containers, by the Pod's uid. */
export interface Meters {
  running(uid: string): readonly { name: string; meter: Meter }[]
}

export interface MeterOptions {
  now(): number
  idle?: Idle | undefined
  /** How many processes run. */
  processes?(): number
}

/** The running window, and those that may still be asked for: a window is read a while after its end. */
const KEPT_WINDOWS = 3

/** Keeps a few windows and no timer: nobody pays while nobody looks. */
export const createMeter = ({ now, idle = idleByDefault, processes = () => 1 }: MeterOptions): Meter => {
  const held = new Set<() => number>()
  /** Since when those compute that do. */
  const computing = new Set<{ since: number }>()
  /** Milliseconds worked, by the number of the window. */
  const windows = new Map<number, number>()
  let mark: object | undefined

  const work: Meter['work'] = (ms, since) => {
    mark = undefined
    const at = now()
    const newest = Math.floor(at / WINDOW_MS)
    const begun = since ?? at
    for (const window of windows.keys()) if (window <= newest - KEPT_WINDOWS) windows.delete(window)
    for (let window = newest; window > newest - KEPT_WINDOWS; window--) {
      const inside = Math.min(at, (window + 1) * WINDOW_MS) - Math.max(begun, window * WINDOW_MS)
      // Work of no time is done in the newest.
      const share = at > begun ? inside / (at - begun) : window === newest ? 1 : 0
      if (share > 0) windows.set(window, (windows.get(window) ?? 0) + ms * share)
    }
  }
  /** What those have spent in a window that compute still: nobody else could tell, however late the host lets them go on. */
  const underWay = (end: number): number => {
    let ms = 0
    for (const { since } of computing) ms += Math.max(0, Math.min(now(), end) - Math.max(since, end - WINDOW_MS))
    return ms
  }
  return {
    startedAt: now(),
    idle,
    work,
    computes(since) {
      const one = { since }
      computing.add(one)
      mark = undefined
      return () => {
        if (computing.delete(one)) work(now() - since, since)
      }
    },
    holds(bytes) {
      held.add(bytes)
      return () => void held.delete(bytes)
    },
    worked(end) {
      return (windows.get(end / WINDOW_MS - 1) ?? 0) + underWay(end)
    },
    memory() {
      let bytes = idle.memoryBytes + processes() * PROCESS_BYTES
      for (const each of held) bytes += each()
      return bytes
    },
    get mark() {
      mark ??= {}
      return mark
    },
  }
}
