// The probes of a running container: the startup probe first, then liveness and readiness beside each other.

import type { Container, Probe } from 'kubernetes-types/core/v1.js'
import { type ProbeTarget, probeLoop } from './probes.ts'

// Models kubernetes/pkg/kubelet/prober/worker.go
export interface Probing {
  target: ProbeTarget
  random: () => number
  /** Its startup probe has passed already, or it has none. */
  isStarted: boolean
  record(type: 'Normal' | 'Warning', reason: string, message: string): void
  onStarted(): void
  onReady(ready: boolean): void
  /** Ends the container: a probe has failed for good. */
  stop(probe: Probe): void
}

/** Probes until the signal fires. */
export const startProbes = (
  { target, random, isStarted, record, onStarted, onReady, stop }: Probing,
  signal: AbortSignal,
): void => {
  const { container } = target
  const loop = (kind: string, probe: Probe | undefined, until: AbortSignal, onResult: (ok: boolean) => void) => {
    if (!probe) return
    const onFailure = (message: string) => record('Warning', 'Unhealthy', `${kind} probe failed: ${message}`)
    probeLoop({ probe, target, signal: until, random, onResult, onFailure }).catch(error => {
      if (!until.aborted) throw error
    })
  }
  /** One probe that decides over the container's life, until it has decided. */
  const judge = (kind: 'liveness' | 'startup', probe: Container['livenessProbe'], onGood?: () => void) => {
    const over = new AbortController()
    signal.addEventListener('abort', () => over.abort(), { once: true })
    loop(kind === 'liveness' ? 'Liveness' : 'Startup', probe, over.signal, ok => {
      if (over.signal.aborted || (ok && !onGood)) return
      over.abort()
      if (ok) {
        onGood?.()
        return
      }
      record('Normal', 'Killing', `Container ${container.name} failed ${kind} probe, will be restarted`)
      if (probe) stop(probe)
    })
  }
  const afterStart = () => {
    judge('liveness', container.livenessProbe)
    loop('Readiness', container.readinessProbe, signal, onReady)
  }
  if (isStarted) afterStart()
  else
    judge('startup', container.startupProbe, () => {
      onStarted()
      afterStart()
    })
}
