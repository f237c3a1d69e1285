// The state of an imaginary Ubuntu, how it may begin, and what snapd makes of it.

import type { Bundle } from '../../electron/installer/job.ts'

export interface Snap {
  revision: string
  version: string
  status: string
  'tracking-channel': string
  hold?: string
  base?: string
  /** Revisions that lie beside it, the last one last. */
  others?: { revision: string; version: string }[]
}

export type Work =
  | { kind: 'install'; snap: string }
  | { kind: 'remove'; snap: string }
  | { kind: 'revert'; revision: string }
  | { kind: 'drop'; revision: string }

export interface State {
  files: Record<string, string>
  links: Record<string, string>
  sysctl: Record<string, string>
  snaps: Record<string, Snap>
  groups: string[]
  /** Of MicroK8s' group. */
  members: string[]
  units: string[]
  addons: string[]
  namespaces: string[]
  /** snapd at work: it goes on when we are dead, and is done after a few looks. */
  change?: { id: string; work: Work; looks: number }
  changes: number
}

const bare: State = {
  files: { '/etc/microk8s-is-not-here': 'x' },
  links: {},
  sysctl: { 'net.ipv4.ip_forward': '0', 'net.ipv6.conf.all.forwarding': '0' },
  snaps: {},
  groups: ['root', 'alice'],
  members: [],
  units: [],
  addons: [],
  namespaces: [],
  changes: 0,
}

/** With a MicroK8s that somebody installed from a file, one version behind the bundle's. */
const older: State = {
  ...bare,
  files: { ...bare.files, '/snap/microk8s/current/kubectl': 'program' },
  snaps: {
    snapd: { revision: '1', version: '1.0', status: 'active', 'tracking-channel': 'latest/stable' },
    core22: { revision: '2', version: '1.1', status: 'active', 'tracking-channel': 'latest/stable' },
    microk8s: { revision: 'x4', version: '1.1', status: 'active', 'tracking-channel': '1.34/stable', base: 'core22' },
  },
  groups: [...bare.groups, 'microk8s'],
  addons: ['core/dns', 'core/hostpath-storage'],
}

export const beginnings = { bare, older }
export type Beginning = keyof typeof beginnings

const hex = (letter: string, count: number) => letter.repeat(count)
export const bundle: Bundle = {
  folder: '/media/bundle',
  snaps: (['snapd', 'core22', 'microk8s'] as const).map((name, index) => ({
    name,
    path: `snaps/${name}_${index + 1}.snap`,
    size: 10,
    digest: `sha3-384:${hex('abc'[index] as string, 96)}`,
    version: `1.${index}`,
    signed: { revision: index + 1, assertions: `snaps/${name}_${index + 1}.assert`, channel: '1.35/stable' },
  })),
  archive: {
    path: 'images/images.tar',
    size: 9,
    digest: `sha256:${hex('d', 64)}`,
    references: ['docker.io/library/busybox:1.28.4'],
  },
}

export const under = (folder: string) => (path: string) => path === folder || path.startsWith(`${folder}/`)

export const removeTree = (state: State, folderPath: string) => {
  for (const name of Object.keys(state.files).filter(under(folderPath))) delete state.files[name]
  for (const name of Object.keys(state.links).filter(under(folderPath))) delete state.links[name]
}

/** What a MicroK8s that comes new brings with it. */
const settle = (state: State) => {
  state.files['/snap/microk8s/current/kubectl'] = 'program'
  state.files['/etc/apparmor.d/cri-containerd.apparmor.d'] = 'profile'
  state.groups.push('microk8s')
  state.sysctl = { 'net.ipv4.ip_forward': '1', 'net.ipv6.conf.all.forwarding': '1' }
  state.addons = state.files['/var/snap/microk8s/common/.microk8s.yaml'] ? ['core/dns'] : []
}

/** containerd takes what lies there as soon as it runs. */
const takeImages = (state: State) => {
  for (const file of Object.keys(state.files).filter(name => /sideload\/.*\.tar$/.test(name))) {
    state.files[`${file}.loaded`] = state.files[file] as string
    delete state.files[file]
  }
}

/** Beside an older one that is there, which stays; its channel and hold go on. */
const install = (state: State, name: string) => {
  const at = bundle.snaps.findIndex(snap => snap.name === name)
  const comes = { revision: String(at + 1), version: `1.${at}` }
  const there = state.snaps[name]
  if (there !== undefined) {
    const { revision, version, others = [] } = there
    const rest = others.filter(one => one.revision !== comes.revision)
    state.snaps[name] = { ...there, ...comes, others: [...rest, { revision, version }] }
  } else {
    state.snaps[name] = { ...comes, status: 'active', 'tracking-channel': '', ...(name === 'microk8s' ? { base: 'core22' } : {}) }
    if (name === 'microk8s') settle(state)
  }
  if (name === 'microk8s') takeImages(state)
}

const removeSnap = (state: State, name: string) => {
  delete state.snaps[name]
  removeTree(state, `/snap/${name}`)
  removeTree(state, `/var/snap/${name}`)
  if (name === 'microk8s') Object.assign(state, { addons: [], namespaces: [] })
}

const revert = (state: State, revision: string) => {
  const { microk8s } = state.snaps
  const to = microk8s?.others?.find(one => one.revision === revision)
  if (microk8s === undefined || to === undefined) throw new Error(`cannot find revision ${revision}`)
  const rest = microk8s.others?.filter(one => one !== to) ?? []
  state.snaps.microk8s = { ...microk8s, ...to, others: [...rest, { revision: microk8s.revision, version: microk8s.version }] }
}

const drop = (state: State, revision: string) => {
  const { microk8s } = state.snaps
  const rest = microk8s?.others?.filter(one => one.revision !== revision) ?? []
  if (microk8s === undefined || rest.length === microk8s.others?.length) throw new Error(`revision ${revision} is not here`)
  const { others: _, ...alone } = microk8s
  state.snaps.microk8s = rest.length > 0 ? { ...alone, others: rest } : alone
}

/** What a change of snapd's comes to. */
export const carryOut = (state: State, work: Work): void => {
  if (work.kind === 'install') install(state, work.snap)
  else if (work.kind === 'remove') removeSnap(state, work.snap)
  else if (work.kind === 'revert') revert(state, work.revision)
  else drop(state, work.revision)
}
