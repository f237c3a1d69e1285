// What steps and waits see of snapd and of MicroK8s: through snapd's open interface, through root once we are let in, or as the user.

import * as z from 'zod/mini'
import type { Machine } from './machine.ts'
import { snapKubectl } from './places.ts'

const snapInfo = z.object({
  name: z.string(),
  version: z.string(),
  revision: z.string(),
  status: z.string(),
  confinement: z.optional(z.string()),
  type: z.optional(z.string()),
  base: z.optional(z.string()),
  'tracking-channel': z.optional(z.string()),
  hold: z.optional(z.string()),
})
export type SnapInfo = z.infer<typeof snapInfo>

export type Installed = { state: 'installed'; snap: SnapInfo } | { state: 'absent' } | { state: 'silent' }

export const installed = async (machine: Machine, name: string): Promise<Installed> => {
  const { status, result } = await machine.snapd(`/v2/snaps/${name}`)
  if (status === 404) return { state: 'absent' }
  const read = snapInfo.safeParse(result)
  return status === 200 && read.success ? { state: 'installed', snap: read.data } : { state: 'silent' }
}

const listed = async (machine: Machine, path: string): Promise<SnapInfo[] | undefined> => {
  const { status, result } = await machine.snapd(path)
  const read = z.array(snapInfo).safeParse(result)
  return status === 200 && read.success ? read.data : undefined
}

/** All snaps; undefined where snapd is silent. */
export const snapsOf = (machine: Machine): Promise<SnapInfo[] | undefined> => listed(machine, '/v2/snaps')

/** Every revision of a snap that lies on this machine, in use or not; undefined where snapd is silent. */
export const revisionsOf = async (machine: Machine, snap: string): Promise<string[] | undefined> =>
  (await listed(machine, '/v2/snaps?select=all'))?.filter(({ name }) => name === snap).map(({ revision }) => revision)

/** snapd's own version: `2.68.3+ubuntu24.04`. */
export const snapdVersion = async (machine: Machine): Promise<string | undefined> => {
  const { status, result } = await machine.snapd('/v2/system-info')
  const read = z.object({ version: z.string() }).safeParse(result)
  return status === 200 && read.success ? read.data.version : undefined
}

/** As much of a Kubernetes object as we look at. */
export interface Seen {
  metadata: { name: string; namespace?: string; creationTimestamp?: string }
  spec?: Record<string, unknown>
  status?: Record<string, unknown>
  [field: string]: unknown
}
export type LookedKind = 'nodes' | 'pods' | 'events' | 'persistentvolumes'

/** Objects of a kind in all namespaces; undefined where nobody answers, or not to us. */
export const objects = async (machine: Machine, kind: LookedKind): Promise<Seen[] | undefined> => {
  const answer = machine.root ? await machine.root({ verb: 'look-objects', kind }) : await machine.run(userKubectl('get', kind))
  if (answer.code !== 0) return undefined
  try {
    const list = JSON.parse(answer.stdout) as { items?: Seen[] }
    return Array.isArray(list.items) ? list.items : undefined
  } catch {
    return undefined
  }
}

const userKubectl = (...words: string[]): [string, ...string[]] => [
  snapKubectl,
  '--context=microk8s',
  '--request-timeout=5s',
  // Nothing is to be left in the user's home.
  '--cache-dir=/dev/null',
  ...words,
  '--all-namespaces',
  '--output=json',
]

export interface Microk8sStatus {
  state: 'running' | 'starting' | 'stopped' | 'unknown'
  /** `core/dns` to whether it is enabled; empty while it is not running. */
  addons: ReadonlyMap<string, boolean>
}

const noAddons: ReadonlyMap<string, boolean> = new Map()

/** Reads `microk8s status --format short`. Its exit code says nothing: a stopped MicroK8s answers 0. */
export const readStatus = (stdout: string): Microk8sStatus => {
  if (/try microk8s start/.test(stdout)) return { state: 'stopped', addons: noAddons }
  if (!/^microk8s is running$/m.test(stdout)) return { state: 'starting', addons: noAddons }
  const rows = [...stdout.matchAll(/^([\w-]+\/[\w-]+): (enabled|disabled)$/gm)]
  return { state: 'running', addons: new Map(rows.map(([, name, state]) => [name as string, state === 'enabled'])) }
}

const isReadyNode = (node: Seen): boolean => {
  const conditions = (node.status?.conditions ?? []) as { type?: string; status?: string }[]
  return conditions.some(({ type, status }) => type === 'Ready' && status === 'True')
}

/** Without root: what the user's own kubectl can tell. */
export const microk8sStatus = async (machine: Machine): Promise<Microk8sStatus> => {
  if (machine.root) {
    const { code, stdout, stderr } = await machine.root({ verb: 'look-status' })
    return code === 127 ? { state: 'unknown', addons: noAddons } : readStatus(`${stdout}\n${stderr}`)
  }
  const nodes = await objects(machine, 'nodes')
  if (nodes === undefined) return { state: 'unknown', addons: noAddons }
  if (!nodes.some(isReadyNode)) return { state: 'starting', addons: noAddons }
  const pods = (await objects(machine, 'pods')) ?? []
  const has = (prefix: string) =>
    pods.some(({ metadata }) => metadata.namespace === 'kube-system' && metadata.name.startsWith(prefix))
  return {
    state: 'running',
    addons: new Map([
      ['core/dns', has('coredns-')],
      ['core/hostpath-storage', has('hostpath-provisioner-')],
    ]),
  }
}

export interface PodState {
  namespace: string
  name: string
  phase: string
  ready: number
  total: number
  /** A container's waiting reason, such as ImagePullBackOff; empty where it waits for nothing. */
  reason: string
  message: string
  image: string
  restarts: number
}

interface ContainerStatus {
  ready?: boolean
  image?: string
  restartCount?: number
  state?: { waiting?: { reason?: string; message?: string } }
}

/** One Pod as `kubectl get pods` shows it, and what its first unready container waits for. */
export const podState = ({ metadata, spec, status }: Seen): PodState => {
  const all = (status?.containerStatuses ?? []) as ContainerStatus[]
  const init = (status?.initContainerStatuses ?? []) as ContainerStatus[]
  const waiting = [...init, ...all].find(({ state }) => state?.waiting !== undefined)
  const containers = (spec?.containers ?? []) as { image?: string }[]
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    phase: String(status?.phase ?? 'Unknown'),
    ready: all.filter(({ ready }) => ready).length,
    total: Math.max(all.length, containers.length),
    reason: waiting?.state?.waiting?.reason ?? '',
    message: waiting?.state?.waiting?.message ?? '',
    image: waiting?.image ?? containers[0]?.image ?? '',
    restarts: Math.max(0, ...all.map(({ restartCount }) => restartCount ?? 0)),
  }
}

export const isPodReady = ({ phase, ready, total }: PodState): boolean =>
  phase === 'Succeeded' || (phase === 'Running' && ready === total && total > 0)

const launcherFile = '/var/snap/microk8s/common/etc/launcher/install.yaml'
/** MicroK8s tries its first configuration again and again, for ever; after so long it is better asked by name. */
const launchPatienceMs = 120_000

/** Whether MicroK8s is still at work on its first configuration. */
export const isLaunching = async (machine: Machine): Promise<boolean> => {
  const file = await machine.info(launcherFile)
  return file !== undefined && machine.now() - (file.changedAt ?? machine.now()) < launchPatienceMs
}

/** Volumes that would be lost with the cluster, by their claims; undefined where nobody tells. */
export const volumesOf = async (machine: Machine): Promise<string[] | undefined> =>
  (await objects(machine, 'persistentvolumes'))?.map(({ metadata, spec }) => {
    const claim = spec?.claimRef as { namespace?: string; name?: string } | undefined
    return claim?.name === undefined ? metadata.name : `${claim.namespace}/${claim.name}`
  })
