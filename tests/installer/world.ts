// An imaginary Ubuntu in a JSON file: it does what the helper's acts ask, survives the death of whoever asked, and can be compared.

import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { choices } from '../../electron/contract/setup.ts'
import { type Act, commandsOf } from '../../electron/installer/helper/commands.ts'
import type { RootRequest } from '../../electron/installer/helper/verbs.ts'
import type { Machine, RootAnswer } from '../../electron/installer/machine.ts'
import { microk8sGroup, routeUnit } from '../../electron/installer/places.ts'
import { type RunOptions, type RunOutcome, startRun } from '../../electron/installer/session.ts'
import { steps } from '../../electron/installer/steps/index.ts'
import type { Clock } from '../../electron/platform/clock.ts'
import {
  type Beginning,
  beginnings,
  bundle,
  carryOut,
  removeTree,
  type Snap,
  type State,
  under,
  type Work,
} from './world-state.ts'

/** A machine without a network, but for what Setup brings. */
const routes = (hasOurs: boolean): string =>
  `Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\n${hasOurs ? 'khw0\t00000000\t00000000\t0001\t0\t0\t20000\t00000000\n' : ''}`

const config = `apiVersion: v1
kind: Config
clusters:
- name: microk8s-cluster
  cluster: {certificate-authority-data: QQ==, server: "https://127.0.0.1:16443"}
users:
- name: admin
  user: {client-certificate-data: QQ==, client-key-data: QQ==}
contexts:
- name: microk8s
  context: {cluster: microk8s-cluster, user: admin}
current-context: microk8s
`

const answer = (stdout = '', code = 0): RootAnswer => ({ code, stdout, stderr: code === 0 ? '' : stdout })
const list = (items: object[]) => answer(JSON.stringify({ items }))

/** @param tick called around everything that changes the world: where a test may kill us */
export const openWorld = (folder: string, { tick = () => {}, from = 'bare' }: { tick?(): void; from?: Beginning } = {}) => {
  const path = join(folder, 'world.json')
  const home = join(folder, 'home')
  if (!existsSync(path)) {
    mkdirSync(home, { recursive: true })
    writeFileSync(path, JSON.stringify(beginnings[from]))
  }
  const load = (): State => JSON.parse(readFileSync(path, 'utf8'))
  const change = (edit: (state: State) => void) => {
    tick()
    const state = load()
    edit(state)
    writeFileSync(`${path}.new`, JSON.stringify(state))
    renameSync(`${path}.new`, path)
    tick()
  }
  const finishChange = () =>
    change(state => {
      if (state.change !== undefined) carryOut(state, state.change.work)
      delete state.change
    })

  const begin = (work: Work): RootAnswer => {
    let id = ''
    change(state => {
      if (state.change !== undefined) throw new Error('busy')
      state.changes += 1
      id = String(state.changes)
      state.change = { id, work, looks: 1 }
    })
    return { ...answer(id), change: id }
  }

  const runProgram = (argv: readonly string[]): RootAnswer => {
    const line = argv.map(word => word.replace(/^\/(usr\/s?bin|snap\/bin)\//, '')).join(' ')
    const state = load()
    const has = state.snaps.microk8s !== undefined
    const revision = /--revision=(\S+)/.exec(line)?.[1] ?? ''
    const word = (argv.at(-1) ?? '').replace(/.*\/|\.snap$/g, '')
    if (line.startsWith('sysctl -p')) change(s => Object.assign(s.sysctl, { 'net.ipv4.ip_forward': '1' }))
    else if (line.startsWith('sysctl -w'))
      change(s => Object.assign(s.sysctl, Object.fromEntries([(argv[2] as string).split('=')])))
    else if (line.startsWith('systemctl enable')) change(s => void s.units.push(word))
    else if (line.startsWith('systemctl disable')) change(s => Object.assign(s, { units: s.units.filter(unit => unit !== word) }))
    else if (line.startsWith('systemctl')) tick()
    else if (line.startsWith('snap ack')) tick()
    else if (line.startsWith('snap install')) {
      if (!state.files[argv.at(-1) as string]) return answer('no such file', 1)
      return begin({ kind: 'install', snap: word })
    } else if (line.startsWith('snap revert')) return begin({ kind: 'revert', revision })
    else if (line.startsWith('snap remove') && revision !== '') return begin({ kind: 'drop', revision })
    else if (line.startsWith('snap remove')) return begin({ kind: 'remove', snap: word })
    else if (line.startsWith('snap switch'))
      change(s => Object.assign(s.snaps.microk8s as Snap, { 'tracking-channel': (argv[2] as string).slice('--channel='.length) }))
    else if (line.startsWith('snap refresh --hold'))
      change(s => Object.assign(s.snaps.microk8s as Snap, { hold: '2315-01-01T00:00:00Z' }))
    else if (line.startsWith('snap refresh --unhold')) change(s => void delete (s.snaps.microk8s as Snap).hold)
    else if (line.startsWith('groupdel'))
      change(s => Object.assign(s, { groups: s.groups.filter(group => group !== word), members: [] }))
    else if (line.startsWith('usermod')) change(s => Object.assign(s, { members: [...new Set([...s.members, word])] }))
    else if (line.startsWith('gpasswd'))
      change(s => Object.assign(s, { members: s.members.filter(member => member !== argv[2]) }))
    else if (!has) return answer('no microk8s', 127)
    else if (line.startsWith('microk8s status')) {
      const row = (name: string) => `${name}: ${state.addons.includes(name) ? 'enabled' : 'disabled'}`
      return answer(`microk8s is running\naddons:\n${row('core/dns')}\n${row('core/hostpath-storage')}\n`)
    } else if (line.startsWith('microk8s enable')) change(s => void s.addons.push(argv[2] as string))
    else if (line.startsWith('microk8s config')) return answer(config)
    else if (line.startsWith('microk8s ctr')) tick()
    else if (line.startsWith('microk8s kubectl get pods')) {
      const names = ['calico-node-1', 'calico-kube-controllers-1', 'coredns-1', 'hostpath-provisioner-1']
      const hello = state.namespaces.map(namespace => ({
        metadata: { name: 'hello', namespace },
        status: { phase: 'Succeeded' },
      }))
      const system = names.map(name => ({
        metadata: { name, namespace: 'kube-system' },
        status: { phase: 'Running', containerStatuses: [{ ready: true }] },
      }))
      return list([...system, ...hello])
    } else if (line.startsWith('microk8s kubectl get')) return list([])
    else if (line.startsWith('iptables')) return answer('-P FORWARD ACCEPT\n-A FORWARD -j DROP\n')
    else throw new Error(`the world does not know: ${line}`)
    return answer()
  }

  const doAct = (act: Act): RootAnswer => {
    if (act.type === 'run') {
      const did = act.argv[0] === '/usr/sbin/iptables' ? answer('-P FORWARD ACCEPT\n-A FORWARD -j DROP\n') : runProgram(act.argv)
      if (did.code !== 0 && !act.asks && !act.mayFail) throw new Error(`${act.argv.join(' ')}: ${did.stdout}`)
      return did
    }
    if (act.type === 'write')
      change(state => {
        state.files[act.path] = act.text
      })
    if (act.type === 'copy' || act.type === 'place')
      change(state => {
        state.files[act.to] = 'copied'
      })
    if (act.type === 'link')
      change(state => {
        state.links[act.path] = act.target
      })
    if (act.type === 'unlink') change(state => void delete state.links[act.path])
    if (act.type === 'remove') change(state => removeTree(state, act.path))
    return answer()
  }

  const ask = async (request: RootRequest): Promise<RootAnswer> => {
    let last = answer()
    for (const act of commandsOf(request)) last = doAct(act)
    return last
  }

  const snapd = async (asked: string): Promise<{ status: number; result: unknown }> => {
    const { change: current } = load()
    if (current !== undefined) {
      if (current.looks === 0) finishChange()
      else
        change(state => {
          state.change = { ...current, looks: current.looks - 1 }
        })
    }
    const state = load()
    const shown = (id: string, ready: boolean) => ({
      id,
      kind: 'install-snap',
      summary: `change ${id}`,
      status: ready ? 'Done' : 'Doing',
      ready,
      tasks: [],
    })
    if (asked === '/v2/system-info') return { status: 200, result: { version: '2.68.3' } }
    if (asked === '/v2/snaps')
      return { status: 200, result: Object.entries(state.snaps).map(([name, snap]) => ({ name, ...snap })) }
    if (asked === '/v2/snaps?select=all') {
      const all = Object.entries(state.snaps).flatMap(([name, snap]) =>
        [snap, ...(snap.others ?? []).map(other => ({ ...other, status: 'installed' }))].map(one => ({ name, ...one })),
      )
      return { status: 200, result: all }
    }
    if (asked.startsWith('/v2/changes?')) return { status: 200, result: state.change ? [shown(state.change.id, false)] : [] }
    if (asked.startsWith('/v2/changes/')) {
      const id = asked.slice('/v2/changes/'.length)
      return { status: 200, result: shown(id, state.change?.id !== id) }
    }
    if (asked.startsWith('/v2/apps')) return { status: 200, result: [] }
    const name = asked.slice('/v2/snaps/'.length)
    const snap = state.snaps[name]
    return snap ? { status: 200, result: { name, ...snap } } : { status: 404, result: {} }
  }

  const isHome = under(home)
  const infoOf: Machine['info'] = async asked => {
    if (isHome(asked)) {
      if (!existsSync(asked)) return undefined
      const { size, mode, uid } = statSync(asked)
      return { kind: 'file', size, mode: mode & 0o777, uid }
    }
    const state = load()
    const target = state.links[asked]
    if (target !== undefined) return { kind: 'link', size: 0, mode: 0o777, uid: 0, target }
    const text = state.files[asked]
    if (text !== undefined) return { kind: 'file', size: text.length, mode: 0o644, uid: 0 }
    return Object.keys(state.files).some(under(asked)) ? { kind: 'folder', size: 0, mode: 0o755, uid: 0 } : undefined
  }
  const machine: Machine = {
    read: async asked => {
      const state = load()
      if (isHome(asked)) return existsSync(asked) ? readFileSync(asked, 'utf8') : undefined
      if (asked === '/proc/net/route') return routes(state.units.includes(routeUnit))
      if (asked === '/etc/group')
        return state.groups.map(group => `${group}:x:1:${group === microk8sGroup ? state.members.join() : ''}\n`).join('')
      const sysctl = /^\/proc\/sys\/(.*)$/.exec(asked)?.[1]?.replaceAll('/', '.')
      return sysctl === undefined ? state.files[asked] : state.sysctl[sysctl]
    },
    list: async () => [],
    info: infoOf,
    space: async () => ({ free: 50e9, total: 100e9 }),
    run: async ([program, ...words]) => ({
      code: program === 'systemctl' && load().units.includes(words.at(-1) ?? '') ? 0 : 127,
      stdout: '',
      stderr: '',
    }),
    snapd,
    now: () => Date.now(),
    user: { uid: 1000, gid: 1000, name: 'alice', home },
    env: { PATH: '/usr/bin', HOME: home },
    arch: 'x64',
    hostname: 'desk',
  }
  const kubectl: RunOptions['kubectl'] = async words => {
    if (words[0] === 'apply') change(state => void state.namespaces.push('kubernetes-hello-world-setup'))
    if (words[0] === 'delete')
      change(state => {
        state.namespaces = []
      })
    return { code: 0, stdout: words.includes('logs') ? 'Hello World!\n' : '', stderr: '' }
  }
  const clock: Clock = { now: () => Date.now(), sleep: ms => new Promise(done => setTimeout(done, Math.min(ms, 1))) }

  /** What a run may change, all of it, and nothing that only counts. */
  const picture = () => {
    const { changes: _, ...state } = load()
    const sorted = (record: Record<string, unknown>) => Object.fromEntries(Object.entries(record).sort())
    const real = readdirSync(home, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
    const own = real.map(entry => join(entry.parentPath, entry.name)).sort()
    const texts = own.map(file => [file, `${(statSync(file).mode & 0o777).toString(8)} ${readFileSync(file, 'utf8')}`])
    return { ...state, files: sorted(state.files), snaps: sorted(state.snaps), home: Object.fromEntries(texts) }
  }
  const start = (kind: 'apply' | 'undo', options: Partial<RunOptions> = {}): Promise<RunOutcome> =>
    startRun({
      kind,
      folder: join(folder, 'setup'),
      machine: { ...machine },
      aim: { bundle, channel: '1.35/stable', online: false, choices: new Set(choices) },
      steps,
      elevate: async () => ({ how: 'sudo', ask, close: async () => {} }),
      kubectl,
      stopSignal: new AbortController().signal,
      onEvent: ({ type }) => {
        if (['step', 'command', 'undo'].includes(type)) tick()
      },
      clock,
      ...options,
    })
  return { machine, ask, picture, start, home, setup: join(folder, 'setup') }
}
