// Keeps one container: runs in a mount namespace of its own, and takes everything with it when its stdin ends, however that came.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'

export interface KeeperOptions {
  name: string
  /** Of the control group, in the unified hierarchy as it is seen from outside. */
  group: string
  /** Layers, the topmost first. */
  layers: readonly string[]
  /** What the machine may write in all, as mount's size option. */
  size: string
  /** Where systemd-nspawn was unpacked. */
  tools: string
  /** Read-only, from here to there. */
  binds: readonly (readonly [string, string])[]
  /** Keeps what the machine has written in this folder, once it has powered itself off. */
  keep?: string
}

/** What the keeper is told, one JSON line each. `cut` is the plug pulled, and put back. */
export type Order = { power: 'cut' | 'off' }
/** What it says. */
export type News = { leader: number } | { ended: number }

const options = JSON.parse(process.argv[2] ?? '') as KeeperOptions
const inside = options.group.slice(options.group.lastIndexOf('/') + 1)
/** Our control group as it is seen once the hierarchy is mounted here. */
const whole = `/sys/fs/cgroup/${inside}`
/** A new one for each boot: what is put into a group that was once killed may be killed as well. */
let group = join(whole, '0')
const place = '/run/machine'

const must = (...argv: [string, ...string[]]) => {
  const [command, ...args] = argv
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${argv.join(' ')}: ${stderr}`)
}

const tell = (news: News) => process.stdout.write(`${JSON.stringify(news)}\n`)

/** Everything in the container, at once; its init would outlive a killed nspawn. */
const killAll = () => {
  if (existsSync(join(group, 'cgroup.kill'))) writeFileSync(join(group, 'cgroup.kill'), '1')
}

const removeGroups = (path: string): void => {
  if (!existsSync(path)) return
  for (const entry of readdirSync(path, { withFileTypes: true })) if (entry.isDirectory()) removeGroups(join(path, entry.name))
  rmdirSync(path)
}

const prepare = () => {
  mkdirSync(options.group, { recursive: true })
  // A pure second version of control groups, and no trace of nspawn's own notes: seen in this mount namespace only.
  must('umount', '--lazy', '--recursive', '/sys/fs/cgroup')
  must('mount', '-t', 'cgroup2', 'cgroup2', '/sys/fs/cgroup')
  must('mount', '-t', 'tmpfs', '-o', `mode=755,size=${options.size}`, 'tmpfs', '/run')
  for (const name of ['systemd', 'machine/upper', 'machine/work', 'machine/root'])
    mkdirSync(join('/run', name), { recursive: true })
  const layers = `lowerdir=${options.layers.join(':')},upperdir=${place}/upper,workdir=${place}/work`
  must('mount', '-t', 'overlay', 'overlay', '-o', layers, `${place}/root`)
}

let boots = 0
const boot = (): ChildProcess => {
  group = join(whole, String(boots++))
  mkdirSync(group, { recursive: true })
  const nspawn = [
    ...[join(options.tools, 'usr/bin/systemd-nspawn'), '-D', `${place}/root`, '-M', options.name, `--hostname=${options.name}`],
    // snap-confine refuses to run without CAP_SYS_RESOURCE in the outer namespace; an identity mapping gives it back.
    ...['--register=no', '--keep-unit', '--private-users=identity', '--private-network', '--bind=/dev/fuse'],
    ...['--console=read-only', '--link-journal=no', '--resolv-conf=off', '--timezone=off'],
    ...options.binds.map(([from, to]) => `--bind-ro=${from}:${to}`),
    '-b',
  ]
  const enter = `echo $$ > ${group}/cgroup.procs && exec "$@"`
  const triple = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu'
  const env = { ...process.env, LD_LIBRARY_PATH: join(options.tools, 'usr/lib', triple, 'systemd') }
  return spawn('sh', ['-c', enter, 'sh', ...nspawn], { env, stdio: ['ignore', 'ignore', 'inherit'] })
}

/** Of a process that may be gone before we read. */
const textOf = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** The container's own first process: nspawn's child that is first in its own process namespace. */
const leaderOf = async (nspawn: ChildProcess): Promise<number | undefined> => {
  for (let tries = 0; tries < 3000 && nspawn.exitCode === null; tries++) {
    const children = textOf(`/proc/${nspawn.pid}/task/${nspawn.pid}/children`).split(' ').filter(Boolean)
    const leader = children.find(pid => /^NSpid:\s.*\t1$/m.test(textOf(`/proc/${pid}/status`)))
    if (leader !== undefined) return Number(leader)
    await sleep(10)
  }
  return undefined
}

let again = false
let over = false
const end = () => {
  over = true
  killAll()
}

createInterface({ input: process.stdin })
  .on('line', line => {
    const { power } = JSON.parse(line) as Order
    again = power === 'cut'
    if (again) killAll()
    else end()
  })
  .on('close', end)
process.stdout.on('error', end) // nobody hears us any more
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, end)

try {
  prepare()
  for (;;) {
    const nspawn = boot()
    const exited = new Promise<number>(done => nspawn.once('exit', (code, signal) => done(code ?? (signal ? 128 : 1))))
    const leader = await leaderOf(nspawn)
    if (leader !== undefined) tell({ leader })
    const code = await exited
    const rebooted = code === 133 // as --keep-unit has it: whoever started nspawn starts it again
    killAll()
    if (over || !(rebooted || again)) {
      if (options.keep !== undefined && code === 0) must('cp', '-a', `${place}/upper/.`, options.keep)
      tell({ ended: code })
      break
    }
    again = false
  }
} catch (error) {
  console.error(error)
} finally {
  killAll()
  for (let tries = 0; tries < 100; tries++) {
    try {
      removeGroups(whole)
      break
    } catch {
      await sleep(20) // the killed are still leaving
    }
  }
  process.exit()
}
