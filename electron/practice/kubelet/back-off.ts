// Waiting longer after each failure: 10 s, doubling to 5 minutes, forgotten after a long success.

// Models kubernetes/pkg/kubelet/kubelet.go and client-go/util/flowcontrol/backoff.go
const FIRST_MS = 10_000
const LAST_MS = 300_000
/** A run this long clears the record. */
const FORGET_MS = 600_000

export interface BackOff {
  /** The wait that now applies, and the next one doubled. */
  next(): number
  /** To call with how long things went well. */
  ran(ms: number): void
  /** The wait that applies now. */
  readonly wait: number
}

export const createBackOff = (wait = FIRST_MS): BackOff => {
  return {
    get wait() {
      return wait
    },
    next() {
      const now = wait
      wait = Math.min(wait * 2, LAST_MS)
      return now
    },
    ran(ms) {
      if (ms >= FORGET_MS) wait = FIRST_MS
    },
  }
}

/** As Go prints a time.Duration: `10s`, `1m20s`, `5m0s`, `231ms`, `1.5s`. */
export const goDuration = (ms: number): string => {
  if (ms < 1000) return `${Math.round(ms)}ms`
  const minutes = Math.floor(ms / 60_000)
  const seconds = Number(((ms - minutes * 60_000) / 1000).toFixed(3))
  return minutes > 0 ? `${minutes}m${seconds}s` : `${seconds}s`
}
