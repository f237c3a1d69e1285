// Faults and what must come of them: each case breaks one thing at one instant; the next run completes it or takes it back.

import type { JournalEvent } from '../../electron/installer/journal.ts'
import type { BundleOptions } from './bundle.ts'
import type { Machine } from './machine.ts'
import { apply, applyAll, installOlder, journalOf, setupFolder, undo, type Wish, withoutNetwork } from './person.ts'
import type { Typed } from './typed.ts'

/** What is done to the machine after the fault, before anybody is asked to judge it. */
export type Next = 'apply' | 'undo'

export interface Fault {
  name: string
  /** Of the bundle that the faulty run gets; a good one is there for the next run. */
  bundle?: BundleOptions
  /** Breaks the bundle's files. */
  spoil?(folder: string): Promise<void> | void
  /** On a machine with the snaps that Ubuntu brings. */
  seeded?: boolean
  /** Of the machine's disk. */
  size?: string
  /** Before the machine is looked at: what it is to be like again in the end. */
  before?(machine: Machine): Promise<unknown>
  /** Before the run. */
  arrange?(machine: Machine): Promise<unknown>
  /** The run that meets the fault; `apply` unless said. */
  act?(machine: Machine): Promise<Typed>
  /** What must be true of the run's end; any end is good where it is not said. */
  ends?(typed: Typed): boolean
  /** Takes the fault away before the next run. */
  repair?(machine: Machine): Promise<unknown>
  next: Next
  /** How the next run is started; `apply` unless said. */
  again?(machine: Machine): Promise<Typed>
}

const preload = 'tests/lab/die.ts'

/** A run that kills itself at a line of its journal. */
const dying = (how: string, run: (machine: Machine, wish?: Wish) => Promise<Typed> = applyAll) => ({
  act: (machine: Machine) => run(machine, { env: { KHW_DIE: how }, preload }),
  // systemd-run's word for a signal.
  ends: ({ code }: Typed) => code === 255,
})

const describe = (event: JournalEvent): string =>
  'step' in event
    ? `${event.type} ${event.step}${'what' in event ? ` ${event.what}` : ''}`
    : event.type + ('id' in event ? ` ${event.id}` : '')

/** On a machine without a network, so that every step has something to do. Kills at every line that a whole run writes: before it, in the midst of it, after it, and while its command runs. */
export const kills = (run: readonly JournalEvent[], kind: 'apply' | 'undo'): Fault[] => {
  const act = kind === 'apply' ? applyAll : undo
  return run.flatMap((event, index) => {
    const at = index + 1
    // Both ways out are walked, in turn, so that half of the cases go on and half go back.
    const next = (offset: number): Next => ((index + offset) % 2 === 0 ? 'apply' : 'undo')
    const installed = kind === 'undo' ? { arrange: (machine: Machine) => applyAll(machine) } : {}
    const kill = (how: string, words: string, offset: number): Fault => ({
      name: `${kind} killed ${words} ${at}: ${describe(event)}`,
      before: withoutNetwork,
      ...installed,
      ...dying(how, act),
      next: next(offset),
      again: applyAll,
    })
    const isCommand = event.type === 'change-intended' || event.type === 'change-undoing'
    return [
      kill(`after:${at}`, 'after', 0),
      ...(isCommand ? [kill(`during:${at}:40`, '40 ms into', 1), kill(`during:${at}:700`, '700 ms into', 0)] : []),
      ...(event.type === 'change-made' || event.type === 'change-undone' ? [kill(`before:${at}`, 'before', 1)] : []),
      ...(index % 7 === 3 ? [kill(`torn:${at}`, 'in the midst of', 1)] : []),
    ]
  })
}

/** Lets a run go on until its journal says something, then does something to the machine. */
const when =
  (word: string, then: (machine: Machine) => Promise<unknown>, start: (machine: Machine) => Promise<Typed> = apply) =>
  async (machine: Machine): Promise<Typed> => {
    const running = start(machine)
    const script = `for i in $(seq 1200); do grep -q '${word}' ${setupFolder}/journal.jsonl 2>/dev/null && exit 0; sleep 0.05; done; exit 1`
    await machine.run(['bash', '-c', script])
    await then(machine)
    return running
  }

/** As `when`, with the plug; the run must have been in the midst of its work. */
const cut = (word: string, afterSeconds: number, start?: (machine: Machine) => Promise<Typed>) => {
  const act = when(
    word,
    async machine => {
      await machine.sh(`sleep ${afterSeconds}`)
      await machine.cutPower()
      if (journalOf(machine).at(-1)?.type === 'run-ended') throw new Error('too late: the run was over already')
    },
    start,
  )
  return async (machine: Machine): Promise<Typed> => ({ ...(await act(machine)), code: 255 })
}

const failed = ({ code, text }: Typed) => code !== 0 && /KHW-\d{3}/.test(text) && !text.includes('KHW-006')

/** On a machine whose MicroK8s is one version behind. */
const older = { seeded: true, before: installOlder, again: (machine: Machine) => apply(machine, {}, '--renew') }

/** Everything else that can go wrong. */
export const troubles: Fault[] = [
  {
    name: 'the helper is killed while snapd installs',
    next: 'apply',
    act: when('"microk8s-installed"', machine => machine.sh("sleep 0.3; pkill -KILL -f '[s]etup-helper.cjs' || true")),
  },
  {
    name: 'snapd restarts while it installs',
    next: 'undo',
    act: when('"step-started".*"step":"microk8s"', machine => machine.sh('sleep 0.5; systemctl restart snapd')),
  },
  {
    name: 'snapd is killed while it installs',
    next: 'apply',
    act: when('"step-started".*"step":"microk8s"', machine => machine.sh('sleep 0.8; systemctl kill -s KILL snapd')),
  },
  {
    name: 'the plug is pulled while snapd installs',
    next: 'apply',
    act: cut('"step-started".*"step":"microk8s"', 0.5),
  },
  {
    name: 'the plug is pulled while it waits',
    next: 'undo',
    act: cut('"step-started".*"step":"ready"', 0),
  },
  {
    ...older,
    name: 'the plug is pulled while snapd renews',
    next: 'apply',
    act: cut('"microk8s-renewed"', 0.5, older.again),
  },
  {
    ...older,
    name: 'the plug is pulled while snapd renews, and it is taken back',
    next: 'undo',
    act: cut('"microk8s-renewed"', 1, older.again),
  },
  {
    ...older,
    name: 'the plug is pulled while snapd goes back to the version before',
    arrange: older.again,
    next: 'undo',
    act: cut('"kind":"undo"', 1.5, undo),
  },
  { name: "a snap's install hook fails", bundle: { microk8s: 'failing-hook' }, ends: failed, next: 'apply' },
  { name: "a snap's install hook fails, and it is taken back", bundle: { microk8s: 'failing-hook' }, ends: failed, next: 'undo' },
  {
    name: 'a corrupt snap',
    spoil: async folder => (await import('node:fs')).appendFileSync(`${folder}/snaps/microk8s_lab.snap`, 'x'),
    ends: failed,
    next: 'apply',
  },
  {
    name: 'a snap with one wrong byte',
    spoil: async folder => flip(`${folder}/snaps/core22_lab.snap`),
    ends: failed,
    next: 'undo',
  },
  {
    name: 'a corrupt archive of images',
    spoil: folder => flip(`${folder}/images/images-${arch}.tar`),
    ends: failed,
    next: 'apply',
  },
  { name: 'a corrupt assertion', bundle: { assertions: 'corrupt' }, ends: failed, next: 'apply' },
  { name: 'a corrupt assertion, and it is taken back', bundle: { assertions: 'corrupt' }, ends: failed, next: 'undo' },
  {
    name: 'a broken lock',
    spoil: async folder => (await import('node:fs')).writeFileSync(`${folder}/bundle.lock.json`, '{'),
    ends: failed,
    next: 'apply',
  },
  {
    name: 'a full disk in /var/lib/snapd',
    arrange: machine => machine.sh('mkdir -p /var/lib/snapd/snaps; mount -t tmpfs -o size=300k tmpfs /var/lib/snapd/snaps'),
    ends: failed,
    repair: machine => machine.sh('umount --lazy /var/lib/snapd/snaps'),
    next: 'apply',
  },
  {
    name: 'a full disk where images are put',
    arrange: machine => machine.sh('mkdir -p /var/snap; mount -t tmpfs -o size=300k,mode=755 tmpfs /var/snap'),
    act: machine => apply(machine, {}, '--no-preflight'),
    ends: failed,
    repair: machine => machine.sh('umount --lazy /var/snap'),
    next: 'undo',
  },
  {
    name: "a full disk in the user's home",
    // The home as it was, with room for the first lines of a journal.
    arrange: machine =>
      machine.sh(`cp -a /home/alice /tmp/home; mount -t tmpfs -o size=28k,uid=1000,gid=1000,mode=700 tmpfs /home/alice
        cp -a /tmp/home/. /home/alice`),
    ends: ({ code }) => code !== 0,
    repair: machine => machine.sh('mount -o remount,size=100m /home/alice'),
    next: 'apply',
  },
  {
    name: 'a port taken by another program',
    arrange: machine =>
      machine.must(['systemd-run', '--unit=taken', '/opt/lab/node', '-e', 'require("net").createServer().listen(16443)']),
    ends: failed,
    repair: machine => machine.must(['systemctl', 'stop', 'taken']),
    next: 'apply',
  },
  {
    name: 'no default route, against the advice of the checks: the start stalls',
    arrange: machine => machine.must(['ip', 'route', 'del', 'default']),
    act: machine => stopped(machine, /▲ There is no default route/, 500, '--no-preflight'),
    ends: ({ code, text }) => code !== 0 && text.includes('--route'),
    repair: machine => machine.sh('ip route add default via 192.0.2.1 dev lab0 2>/dev/null || true'),
    next: 'undo',
  },
  {
    name: 'no default route',
    ends: failed,
    arrange: machine => machine.must(['ip', 'route', 'del', 'default']),
    repair: machine => machine.sh('ip route add default via 192.0.2.1 dev lab0 2>/dev/null || true'),
    next: 'apply',
  },
  {
    name: 'an image that cannot be pulled: the start stalls',
    bundle: { without: ['docker.io/calico/node:v3.29.3'] },
    act: machine => stopped(machine, /calico\/node|pull/i),
    ends: ({ text }) => /calico\/node/.test(text),
    next: 'undo',
  },
  {
    name: 'a service that crashes again and again',
    bundle: { microk8s: 'crash-loop' },
    act: machine => stopped(machine, /kubelite|daemon|▲/),
    next: 'undo',
  },
  {
    name: 'Ctrl-C in the midst of it',
    act: machine => stopped(machine, /Install snapd and core22/, 0),
    next: 'apply',
  },
  {
    name: 'the terminal is closed in the midst of it',
    act: async machine => {
      let isClosed = false
      const typed = await apply(machine, {
        onText: (all, hand) => {
          if (isClosed || !/snap install --classic/.test(all.slice(all.indexOf('assword')))) return
          isClosed = true
          hand.close()
        },
      })
      const idle = `for i in $(seq 600); do pgrep -f '[k]hw.js.*setup' > /dev/null || exit 0; sleep 0.1; done; exit 1`
      await machine.must(['bash', '-c', idle])
      return typed
    },
    next: 'undo',
  },
]

const arch = process.arch === 'arm64' ? 'arm64' : 'amd64'

const flip = async (path: string): Promise<void> => {
  const { readFileSync, writeFileSync } = await import('node:fs')
  const bytes = readFileSync(path)
  const at = Math.floor(bytes.length / 2)
  bytes[at] = (bytes[at] ?? 0) ^ 1
  writeFileSync(path, bytes)
}

/** Presses Ctrl-C once the screen says something; a stall is named before that, or the case's time is over. */
const stopped = (machine: Machine, sign: RegExp, afterMs = 1500, ...words: string[]): Promise<Typed> => {
  let isPressed = false
  const wish: Wish = {
    timeout: 150_000,
    onText: (all, hand) => {
      const run = all.slice(all.lastIndexOf('assword'))
      if (isPressed || !sign.test(run)) return
      isPressed = true
      setTimeout(() => hand.write('\x03'), afterMs)
    },
  }
  return apply(machine, wish, ...words)
}
