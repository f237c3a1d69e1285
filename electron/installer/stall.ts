// Names what a slow start waits for: the first thing in the chain that is not as it should be. Pure.

import type { PodState, Seen } from './look.ts'
import type { Blocker } from './run-context.ts'

export interface Scene {
  /** Destination 00000000 stands in /proc/net/route, or ::/0 in the other one. */
  hasRoute: boolean
  /** Services of MicroK8s that are not active. */
  deadServices: readonly string[]
  /** Undefined while nobody answers. */
  pods: readonly PodState[] | undefined
  events: readonly Seen[]
  nodes: readonly Seen[]
  /** The archive of images lies untaken for this many seconds; undefined where it has been taken. */
  archiveSeconds?: number
  /** Addons that have not come yet. */
  addons?: readonly string[]
  stopped?: boolean
}

const field = (event: Seen, name: string): string => String(event[name] ?? '')

/** The image that could not be had, out of kubelet's and containerd's own words. */
const imageIn = (message: string): string | undefined =>
  /(?:sandbox image|pull image|pulling image|image) "([^"]+)"/i.exec(message)?.[1]

/** Newest last. */
const lastEvent = (events: readonly Seen[], matches: (event: Seen) => boolean): Seen | undefined => events.filter(matches).at(-1)

const pulls = new Set(['ErrImagePull', 'ImagePullBackOff', 'ErrImageNeverPull', 'InvalidImageName'])

const condition = (node: Seen, type: string): { status?: string; message?: string } | undefined =>
  ((node.status?.conditions ?? []) as { type?: string; status?: string; message?: string }[]).find(one => one.type === type)

/** What to say while it lasts; undefined where nothing stands out and only time has passed. */
export const nameBlocker = (scene: Scene): Blocker | undefined => {
  const { hasRoute, deadServices, pods, events, nodes, archiveSeconds, addons = [], stopped } = scene
  if (stopped) return { code: 'stopped', facts: {} }
  if (!hasRoute && pods === undefined) return { code: 'route', facts: {} }
  const dead = deadServices[0]
  if (dead !== undefined) return { code: 'service', facts: { service: dead } }
  const full = nodes.find(node => condition(node, 'DiskPressure')?.status === 'True')
  if (full !== undefined) return { code: 'disk', facts: { node: full.metadata.name } }
  // Every Pod needs its sandbox's image first: one missing image holds them all.
  const sandbox = lastEvent(events, event => field(event, 'reason') === 'FailedCreatePodSandBox')
  const sandboxImage = sandbox && imageIn(field(sandbox, 'message'))
  const unready = (pods ?? []).filter(({ phase, ready, total }) => phase !== 'Succeeded' && ready < total)
  if (sandboxImage !== undefined && unready.length > 0)
    return {
      code: 'image',
      facts: { image: sandboxImage, reason: reasonIn(field(sandbox as Seen, 'message')), pods: unready.length },
    }
  const pulling = unready.find(({ reason }) => pulls.has(reason))
  if (pulling !== undefined)
    return {
      code: 'image',
      facts: { image: pulling.image, reason: reasonIn(pulling.message || pulling.reason), pods: unready.length },
    }
  if (archiveSeconds !== undefined && archiveSeconds > 60)
    return { code: 'archive', facts: { seconds: Math.round(archiveSeconds) } }
  const crashing = unready.find(({ reason }) => reason === 'CrashLoopBackOff')
  if (crashing !== undefined) return podBlocker('crash', crashing)
  const pending = unready.find(({ phase }) => phase === 'Pending') ?? unready[0]
  if (pending !== undefined)
    return podBlocker(
      'pod',
      pending,
      lastEvent(events, event => isAbout(event, pending) && field(event, 'type') === 'Warning'),
    )
  if (addons.length > 0) return { code: 'addons', facts: { addons: addons.join(', ') } }
  if (pods === undefined) return { code: 'api', facts: {} }
  return nodes.length === 0 ? { code: 'node', facts: {} } : undefined
}

const isAbout = (event: Seen, { name }: PodState): boolean =>
  (event.involvedObject as { name?: string } | undefined)?.name === name

const podBlocker = (code: string, pod: PodState, event?: Seen): Blocker => {
  const { namespace, name, ready, total, reason, message, restarts } = pod
  const words = event === undefined ? message || reason : field(event, 'message')
  return { code, facts: { pod: name, namespace, ready, total, restarts, reason: reason || '-', words: words.slice(0, 300) } }
}

/** The end of a chain of "a: b: c" is where the cause stands. */
const reasonIn = (message: string): string => message.split(': ').slice(-2).join(': ').trim().slice(0, 200)
