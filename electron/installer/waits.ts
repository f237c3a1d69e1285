// Waits with a bound: until MicroK8s is ready, its addons are there, its Pods run. Names what is in the way all along.

import { AppError } from '../contract/errors.ts'
import { waitErrors } from '../contract/setup.ts'
import { archiveName } from './job.ts'
import { isLaunching, isPodReady, microk8sStatus, objects, podState } from './look.ts'
import { sideloadFolder } from './places.ts'
import type { Blocker, RunContext } from './run-context.ts'
import { nameBlocker, type Scene } from './stall.ts'
import { systemPods } from './steps/run.ts'

const pollMs = 2000
/** Only then is it worth asking what is in the way: a start takes its time. */
const patienceMs = 15_000

/** Seconds until a wait gives up; generous, as the machine may be slow and nothing is lost by waiting. */
export const bounds = { ready: 600, images: 300, addons: 180, pods: 600 } as const

interface Look {
  isDone: boolean
  progress?: { done: number; total: number; label: string }
  addons?: readonly string[]
}

const stalled = (seconds: number, blocker: Blocker | undefined): AppError =>
  new AppError(waitErrors[blocker?.code ?? ''] ?? 'stall.unknown', { ...blocker?.facts, seconds })

/** @throws AppError stall.* when the bound has passed, setup.stopped when somebody asked */
const waitUntil = async (context: RunContext, seconds: number, look: () => Promise<Look>): Promise<void> => {
  const { clock, tell, stop } = context
  const startedAt = clock.now()
  let named = ''
  let since = 0
  let blocker: Blocker | undefined
  for (;;) {
    // Looking goes through root: nobody who asks to stop is to wait for that.
    const seen = await orStop(look(), stop.signal)
    if (seen.progress) tell({ type: 'progress', ...seen.progress })
    if (seen.isDone) {
      if (named !== '') tell({ type: 'wait-over' })
      return
    }
    const passed = clock.now() - startedAt
    if (passed > patienceMs) {
      blocker = nameBlocker(await orStop(sceneOf(context, startedAt, seen.addons), stop.signal))
      const name = blocker === undefined ? '' : JSON.stringify([blocker.code, blocker.facts.image ?? blocker.facts.pod ?? ''])
      if (name !== named) {
        since = clock.now()
        if (named !== '') tell({ type: 'wait-over' })
      }
      if (blocker !== undefined && name !== named) tell({ type: 'wait', ...blocker, since })
      named = name
    }
    if (passed > seconds * 1000) throw stalled(seconds, blocker)
    if (stop.signal.aborted) throw new AppError('setup.stopped')
    await clock.sleep(pollMs, stop.signal).catch(() => {})
  }
}

/** @throws AppError setup.stopped as soon as somebody asks to stop */
const orStop = async <T>(work: Promise<T>, signal: AbortSignal): Promise<T> => {
  let stop = (): void => {}
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(new AppError('setup.stopped'))
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
  })
  try {
    return await Promise.race([work, stopped])
  } finally {
    signal.removeEventListener('abort', stop)
    // Whatever becomes of the other one is nobody's concern any more.
    work.catch(() => {})
    stopped.catch(() => {})
  }
}

const sceneOf = async ({ machine, clock, job }: RunContext, startedAt: number, addons?: readonly string[]): Promise<Scene> => {
  const [v4, v6] = await Promise.all([machine.read('/proc/net/route'), machine.read('/proc/net/ipv6_route')])
  const hasRoute = /^\S+\t00000000\t/m.test(v4 ?? '') || /^0{32} 00 (?!.* lo$)/m.test(v6 ?? '')
  const archive = job().bundle?.archive
  const isWaiting = archive !== undefined && (await machine.info(`${sideloadFolder}/${archiveName(archive)}.tar`)) !== undefined
  const pods = await objects(machine, 'pods')
  return {
    hasRoute,
    deadServices: await deadServices(machine),
    pods: pods?.map(podState),
    events: pods === undefined ? [] : ((await objects(machine, 'events')) ?? []),
    nodes: pods === undefined ? [] : ((await objects(machine, 'nodes')) ?? []),
    ...(isWaiting ? { archiveSeconds: (clock.now() - startedAt) / 1000 } : {}),
    ...(addons ? { addons } : {}),
    stopped: (await microk8sStatus(machine)).state === 'stopped',
  }
}

/** Enabled and not active; etcd and flanneld idle on a MicroK8s of today and are not enabled. */
const deadServices = async (machine: RunContext['machine']): Promise<string[]> => {
  const { status, result } = await machine.snapd('/v2/apps?names=microk8s&select=service')
  if (status !== 200 || !Array.isArray(result)) return []
  const needed = ['daemon-containerd', 'daemon-kubelite', 'daemon-k8s-dqlite']
  return (result as { name?: string; enabled?: boolean; active?: boolean }[])
    .filter(({ name, enabled, active }) => needed.includes(name ?? '') && enabled === true && active !== true)
    .map(({ name }) => `snap.microk8s.${name}`)
}

export const waitReady = (context: RunContext): Promise<void> =>
  waitUntil(context, bounds.ready, async () => ({ isDone: (await microk8sStatus(context.machine)).state === 'running' }))

/** Until containerd has taken the archive and called it loaded. */
export const waitImages = (context: RunContext): Promise<void> => {
  const archive = context.job().bundle?.archive
  if (archive === undefined) return Promise.resolve()
  const path = `${sideloadFolder}/${archiveName(archive)}.tar`
  return waitUntil(context, bounds.images, async () => ({ isDone: (await context.machine.info(path)) === undefined }))
}

/** Until the first configuration has been applied, whatever it brought: what is missing then is enabled by name. */
export const waitAddons = async (context: RunContext): Promise<void> => {
  const { machine } = context
  const names = ['core/dns', 'core/hostpath-storage']
  await waitUntil(context, bounds.addons, async () => {
    const { addons } = await microk8sStatus(machine)
    const missing = names.filter(name => addons.get(name) !== true)
    return { isDone: missing.length === 0 || !(await isLaunching(machine)), addons: missing }
  })
}

export const waitPods = (context: RunContext): Promise<void> =>
  waitUntil(context, bounds.pods, async () => {
    const seen = (await objects(context.machine, 'pods'))?.map(podState) ?? []
    const { done, total } = systemPods(seen)
    const next = seen.find(pod => pod.namespace === 'kube-system' && !isPodReady(pod))
    return { isDone: done === total, progress: { done, total, label: next?.name ?? 'kube-system' } }
  })
