// How the machine is, in everything that Setup may change: written down before the first change, compared after the undoing.

import { aliasPath } from './alias.ts'
import { kubeconfigPaths } from './kubeconfig/index.ts'
import { snapsOf } from './look.ts'
import type { Machine } from './machine.ts'
import { forwardUnitFile, kubectlLink, launchFile, routeUnitFile, stageParent, sysctlFile } from './places.ts'

export type Baseline = Readonly<Record<string, string>>

const values = ['/proc/sys/net/ipv4/ip_forward', '/proc/sys/net/ipv6/conf/all/forwarding']
const places = [
  sysctlFile,
  forwardUnitFile,
  routeUnitFile,
  kubectlLink,
  launchFile,
  stageParent,
  '/var/snap/microk8s',
  '/snap/microk8s',
]

/** Without root and in well under a second. */
export const observe = async (machine: Machine): Promise<Baseline> => {
  const seen: Record<string, string> = {}
  for (const path of values) seen[path] = (await machine.read(path))?.trim() ?? 'absent'
  for (const path of places) {
    const info = await machine.info(path)
    seen[path] =
      info === undefined ? 'absent' : (info.target ?? (info.kind === 'folder' ? 'folder' : `${info.kind} ${info.size} bytes`))
  }
  for (const path of [...kubeconfigPaths(machine.env, machine.user.home), aliasPath(machine.user.home)]) {
    const info = await machine.info(path)
    seen[path] = info === undefined ? 'absent' : `${info.kind} ${info.size} bytes, mode ${info.mode.toString(8)}`
  }
  for (const snap of ['snapd', 'core22', 'microk8s']) {
    const found = (await snapsOf(machine))?.find(({ name }) => name === snap)
    seen[`snap ${snap}`] = found === undefined ? 'absent' : found.revision
  }
  seen['group microk8s'] = /^microk8s:(.*)$/m.exec((await machine.read('/etc/group')) ?? '')?.[1] ?? 'absent'
  return seen
}

export interface Difference {
  what: string
  before: string
  now: string
}

/** Pure. What neither knows is no difference. */
export const differences = (before: Baseline, now: Baseline): Difference[] =>
  Object.keys(before).flatMap(what => {
    const [was, is] = [before[what] as string, now[what] ?? 'absent']
    return was === is ? [] : [{ what, before: was, now: is }]
  })
