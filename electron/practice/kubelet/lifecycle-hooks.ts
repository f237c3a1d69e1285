// postStart and preStop: what a container does right after it began, and before it is told to end.

import type { Container, LifecycleHandler } from 'kubernetes-types/core/v1.js'
import type { NodeKit } from './node-kit.ts'
import { attempt } from './probes.ts'
import type { RunningContainer } from './runtime.ts'

// Models kubernetes/pkg/kubelet/lifecycle/handlers.go and kuberuntime_container.go
/** Longer than any lesson: postStart has no limit of its own. */
const NO_LIMIT_MS = 1_000_000_000

/** A container with its hooks. */
export interface Hooked {
  readonly container: Container
  readonly current: RunningContainer | undefined
  record(type: 'Normal' | 'Warning', reason: string, message: string): void
}

interface Hook {
  handler: LifecycleHandler
  ip: string
  limitMs: number
}

/** Whether it went well; waits no longer than the container runs. */
const perform = async (
  { container, current }: Hooked,
  { handler, ip, limitMs }: Hook,
  { network, clock }: NodeKit,
): Promise<boolean> => {
  if (!current) return false
  const ended = new AbortController()
  void current.exited.then(() => ended.abort())
  const { exec, httpGet, tcpSocket, sleep } = handler
  if (sleep) {
    await clock.sleep(Math.min(sleep.seconds * 1000, limitMs), ended.signal).catch(() => undefined)
    return true
  }
  if (!exec && !httpGet && !tcpSocket) return true
  const action = exec ? { exec } : httpGet ? { httpGet } : { tcpSocket: tcpSocket! }
  const target = { container, running: current, ip, network, clock }
  return (await attempt({ timeoutSeconds: limitMs / 1000, ...action }, target, ended.signal)).ok
}

/** Runs the hook for at most the grace period. */
export const stopHook = async (life: Hooked, ip: string, kit: NodeKit, graceMs: number): Promise<void> => {
  const handler = life.container.lifecycle?.preStop
  if (!handler || !life.current || graceMs === 0) return
  if (!(await perform(life, { handler, ip, limitMs: graceMs }, kit)))
    life.record('Warning', 'FailedPreStopHook', 'PreStopHook failed')
}

/** Runs the hook; a container whose hook fails is to be stopped. */
export const startHook = async (life: Hooked, ip: string, kit: NodeKit): Promise<boolean> => {
  const handler = life.container.lifecycle?.postStart
  if (!handler || (await perform(life, { handler, ip, limitMs: NO_LIMIT_MS }, kit))) return true
  life.record('Warning', 'FailedPostStartHook', 'PostStartHook failed')
  life.record('Normal', 'Killing', 'FailedPostStartHook')
  return false
}
