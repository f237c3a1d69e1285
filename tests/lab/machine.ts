// A machine of the lab: booted in two seconds, run commands on as root or a user, typed to, rebooted, unplugged, and gone without a trace.

import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import type { KeeperOptions, News, Order } from './keeper.ts'
import { type Ran, type RunOptions, run } from './run.ts'
import { type Typed, type TypedOptions, typeTo } from './typed.ts'

export interface As {
  /** root, unless said. A user gets a session, as a login does. */
  user?: string
  env?: Readonly<Record<string, string>>
}

export interface Machine {
  /** Its files as root sees them from outside; changes with each boot. */
  root(): string
  run(argv: readonly [string, ...string[]], options?: RunOptions & As): Promise<Ran>
  /** As run, and gives what it printed. @throws Error with all that was said, unless it ends with 0 */
  must(argv: readonly [string, ...string[]], options?: RunOptions & As): Promise<string>
  /** The same for a line of shell. */
  sh(script: string, options?: RunOptions & As): Promise<string>
  /** In a pseudo terminal, answering what it asks. */
  type(argv: readonly [string, ...string[]], options: TypedOptions & As): Promise<Typed>
  /** As its user would. Settles once all is up again. */
  reboot(): Promise<void>
  /** Pulls the plug in the midst of whatever it does, and puts it back. */
  cutPower(): Promise<void>
  /** Powers it off as its user would, and settles when what it wrote is kept. */
  powerOff(): Promise<void>
  close(): Promise<void>
}

const groups = existsSync('/sys/fs/cgroup/unified/cgroup.procs') ? '/sys/fs/cgroup/unified' : '/sys/fs/cgroup'
const prefix = 'khw-lab-'
const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/snap/bin'

const isAlive = (pid: number): boolean => existsSync(`/proc/${pid}`)

/** Ends what a killed run of tests left behind: groups named for processes that are no more. */
export const sweep = async (): Promise<void> => {
  for (const name of readdirSync(groups)) {
    const pid = name.startsWith(prefix) ? Number(name.slice(prefix.length).split('-')[0]) : Number.NaN
    if (Number.isNaN(pid) || isAlive(pid)) continue
    const group = join(groups, name)
    writeFileSync(join(group, 'cgroup.kill'), '1')
    for (let tries = 0; tries < 100 && existsSync(group); tries++) {
      const inner = readdirSync(group, { withFileTypes: true, recursive: true }).filter(entry => entry.isDirectory())
      const deepest = inner.map(entry => join(entry.parentPath, entry.name)).sort((a, b) => b.length - a.length)
      try {
        for (const folder of [...deepest, group]) rmdirSync(folder)
      } catch {
        await sleep(20) // the killed are still leaving
      }
    }
  }
}

let count = 0

export type BootOptions = Pick<KeeperOptions, 'layers' | 'tools'> & Partial<Pick<KeeperOptions, 'size' | 'binds' | 'keep'>>

export const boot = async (options: BootOptions): Promise<Machine> => {
  await sweep()
  const name = `${prefix}${process.pid}-${++count}`
  const keeperOptions: KeeperOptions = { size: '2g', binds: [], ...options, name: 'lab', group: join(groups, name) }
  const keeper = spawn(
    'unshare',
    [
      ...['--mount', '--propagation', 'private', process.execPath],
      ...[join(import.meta.dirname, 'keeper.ts'), JSON.stringify(keeperOptions)],
    ],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  )
  let words = ''
  keeper.stderr.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-4000)
  })
  keeper.stdin.on('error', () => {}) // it may be gone already
  const ended = new Promise<void>(done => keeper.once('close', () => done()))
  let leader = 0
  let heard = () => {}
  createInterface({ input: keeper.stdout }).on('line', line => {
    const news = JSON.parse(line) as News
    if (!('leader' in news)) return
    leader = news.leader
    heard()
  })
  const order = (power: Order['power']) => keeper.stdin.write(`${JSON.stringify({ power } satisfies Order)}\n`)

  /** Until the next first process is told of and all its units are up. */
  const up = async (act: () => unknown): Promise<void> => {
    const next = new Promise<void>(done => {
      heard = done
    })
    await act()
    await Promise.race([
      next,
      ended.then(() => {
        throw new Error(`the container did not start: ${words}`)
      }),
    ])
    for (let tries = 0; ; tries++) {
      const { code, stdout, stderr } = await run([...enter(), 'systemctl', 'is-system-running', '--wait'])
      if (/^(running|degraded)/.test(stdout)) return
      if (tries === 1000) throw new Error(`not up: ${code} ${stdout}${stderr}${words}`)
      await sleep(20)
    }
  }

  const enter = (): [string, ...string[]] => [
    ...(['nsenter', '-t', String(leader), '-m', '-u', '-i', '-n', '-p', '-C', '-U', '--'] as const),
    ...['/usr/bin/env', '-i', `PATH=${path}`, 'TERM=xterm-256color', 'LANG=C.UTF-8'],
  ]

  /** As a unit of its own: in a control group of its own, and for a user in a session of his. */
  const unit = (how: 'pipe' | 'pty', argv: readonly string[], as: As): [string, ...string[]] => [
    ...enter(),
    ...[
      'systemd-run',
      '--quiet',
      '--wait',
      `--${how}`,
      '--collect',
      '--service-type=exec',
      '--expand-environment=no',
      '-E',
      'PATH',
      '-E',
      'TERM',
      '-E',
      'LANG',
    ],
    ...Object.entries(as.env ?? {}).map(([key, value]) => `--setenv=${key}=${value}`),
    ...(as.user === undefined ? [] : ['-p', `User=${as.user}`, '-p', 'PAMName=login', '-p', 'WorkingDirectory=~']),
    '--',
    ...argv,
  ]

  const machine: Machine = {
    root: () => `/proc/${leader}/root`,
    run: (argv, options = {}) =>
      run(unit('pipe', argv, options), { stdin: options.stdin, timeout: options.timeout, check: options.check }),
    must: async (argv, options) => (await machine.run(argv, { ...options, check: true })).stdout,
    sh: (script, options) => machine.must(['bash', '-c', script], options),
    type: (argv, options) => typeTo(unit('pty', argv, options), options),
    reboot: () => up(() => machine.run(['systemctl', 'reboot'])),
    cutPower: () => up(() => order('cut')),
    powerOff: async () => {
      await machine.run(['systemctl', 'poweroff'])
      await ended
    },
    close: async () => {
      keeper.stdin.end()
      await ended
    },
  }
  try {
    await up(() => {})
  } catch (error) {
    await machine.close()
    throw error
  }
  return machine
}

/** Why no machine can be booted here; undefined where one can. */
export const whyNoMachine = async (): Promise<string | undefined> => {
  if (process.platform !== 'linux') return 'not Linux'
  if (process.getuid?.() !== 0) return 'not root'
  if (!existsSync('/dev/fuse')) return 'no /dev/fuse'
  const { code, stderr } = await run(['unshare', '--mount', '--propagation', 'private', 'true']).catch((error: Error) => ({
    code: 127,
    stderr: error.message,
  }))
  if (code !== 0) return `unshare --mount: ${stderr.trim()}`
  const controllers = join(groups, 'cgroup.controllers')
  if (!existsSync(controllers)) return 'no control groups of the second version'
  return /overlay/.test(readFileSync('/proc/filesystems', 'utf8')) ? undefined : 'no overlay file system'
}
