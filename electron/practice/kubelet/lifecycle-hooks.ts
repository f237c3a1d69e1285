// preStop: what a container may do before it is told to end. postStart is left to a later lesson.

import type { ContainerLife, NodeKit } from './container-life.ts'
import { attempt } from './probes.ts'

// Models kubernetes/pkg/kubelet/lifecycle/handlers.go
/** Runs the hook for at most the grace period. */
export const stopHook = async (life: ContainerLife, ip: string, { network, clock }: NodeKit, graceMs: number): Promise<void> => {
  const hook = life.container.lifecycle?.preStop
  const running = life.current
  if (!hook || !running || graceMs === 0) return
  const ended = new AbortController()
  void running.exited.then(() => ended.abort())
  if (hook.sleep) {
    await clock.sleep(Math.min(hook.sleep.seconds * 1000, graceMs), ended.signal).catch(() => undefined)
    return
  }
  const { exec, httpGet } = hook
  if (!exec && !httpGet) return
  const probe = { timeoutSeconds: graceMs / 1000, ...(exec && { exec }), ...(httpGet && { httpGet }) }
  const result = await attempt(probe, { container: life.container, running, ip, network, clock }, ended.signal)
  if (!result.ok) life.record('Warning', 'FailedPreStopHook', `PreStopHook failed`)
}
