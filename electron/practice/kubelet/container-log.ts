// A container's log: whole lines with their times, the newest mebibyte of them, for `logs` with all its options.
// Models kubernetes/pkg/kubelet/kuberuntime/logs and containerd's CRI log writer

/** What is asked of a log. */
export interface LogOptions {
  follow: boolean
  tailLines?: number
  /** Only lines written at or after this time, in milliseconds since the epoch. */
  sinceMs?: number
  timestamps: boolean
  limitBytes?: number
  signal: AbortSignal
}

interface Line {
  time: number
  bytes: Uint8Array
}

/** The newest lines of a log at one moment. */
export type SavedLog = readonly Line[]

/** What is kept of a container's log. */
const keptBytes = 1024 * 1024
/** containerd cuts longer lines into pieces. */
const longestLine = 16 * 1024
/** Lines that outlive their container in a snapshot of the cluster. */
const savedLines = 500

export interface ContainerLog {
  append(stream: 'stdout' | 'stderr', bytes: Uint8Array): void
  /** The process has ended: what has no newline yet is a line now, and followers end. */
  close(): void
  read(options: LogOptions): AsyncIterable<Uint8Array>
  save(): SavedLog
}

const join = (a: Uint8Array | undefined, b: Uint8Array): Uint8Array => {
  if (!a || a.length === 0) return b.slice()
  const whole = new Uint8Array(a.length + b.length)
  whole.set(a)
  whole.set(b, a.length)
  return whole
}

export const createContainerLog = (now: () => number, saved: SavedLog = []): ContainerLog => {
  const lines: Line[] = [...saved]
  /** Lines thrown away so far: the number of the first one kept. */
  let first = 0
  let size = lines.reduce((sum, { bytes }) => sum + bytes.length, 0)
  let last: { line: number; saved: SavedLog } | undefined
  let closed = false
  const partial: { stdout?: Uint8Array; stderr?: Uint8Array } = {}
  let wake: (() => void)[] = []

  const tell = () => {
    const waiting = wake
    wake = []
    for (const resume of waiting) resume()
  }
  const keep = (bytes: Uint8Array) => {
    lines.push({ time: now(), bytes })
    size += bytes.length
    if (size <= keptBytes) return
    // A quarter at once, so that a full log costs little a line.
    let dropped = 0
    while (size > keptBytes * 0.75) size -= lines[dropped++]!.bytes.length
    lines.splice(0, dropped)
    first += dropped
  }
  const stamped = (line: Line): Uint8Array => {
    const iso = new Date(line.time).toISOString()
    return join(new TextEncoder().encode(`${iso.slice(0, -1)}000000Z `), line.bytes)
  }

  return {
    append(stream, bytes) {
      if (closed) return
      let rest = bytes
      for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
        keep(join(partial[stream], rest.subarray(0, end + 1)))
        partial[stream] = undefined
        rest = rest.subarray(end + 1)
      }
      if (rest.length > 0) partial[stream] = join(partial[stream], rest)
      if ((partial[stream]?.length ?? 0) > longestLine) {
        keep(partial[stream]!)
        partial[stream] = undefined
      }
      tell()
    },
    close() {
      for (const rest of [partial.stdout, partial.stderr]) if (rest) keep(rest)
      closed = true
      tell()
    },
    save() {
      const line = first + lines.length
      if (last?.line !== line) last = { line, saved: lines.slice(-savedLines) }
      return last.saved
    },
    async *read(options) {
      let budget = options.limitBytes ?? Number.POSITIVE_INFINITY
      const since = options.sinceMs ?? 0
      let next = options.tailLines === undefined ? first : Math.max(first, first + lines.length - options.tailLines)
      while (!options.signal.aborted) {
        next = Math.max(next, first)
        const batch: Uint8Array[] = []
        let taken = 0
        for (; next < first + lines.length && taken < 65_536; next++) {
          const line = lines[next - first]!
          if (line.time < since) continue
          const bytes = options.timestamps ? stamped(line) : line.bytes
          batch.push(bytes)
          taken += bytes.length
        }
        if (batch.length > 0) {
          const whole = Buffer.concat(batch)
          yield whole.length > budget ? whole.subarray(0, budget) : whole
          budget -= whole.length
          if (budget <= 0) return
          continue
        }
        if (next < first + lines.length) continue
        if (closed || !options.follow) return
        await new Promise<void>(resolve => {
          const done = () => {
            options.signal.removeEventListener('abort', done)
            resolve()
          }
          wake.push(done)
          options.signal.addEventListener('abort', done, { once: true })
        })
      }
    },
  }
}
