// Programs about the container and its processes: ps, env, id, date, sleep, xargs and their like.

import { findCommand } from '../lookup.ts'
import { noteSleep } from '../pace.ts'
import { type ChildIO, ExecError } from '../program.ts'
import { signalNumbers } from '../signals.ts'
import { inputOf, readWhole } from '../streams.ts'
import type { Applet, Context } from './context.ts'

/** Runs another command with this program's own streams; tells where it cannot be run. */
const runOther = async (context: Context, argv: readonly string[], changes: Partial<ChildIO> = {}): Promise<number> => {
  try {
    return await context.io.start({ ...context.io, ...changes, argv }).exited
  } catch (error) {
    if (!(error instanceof ExecError)) throw error
    return context.fail(
      `${error.exitCode === 127 ? `can't execute '${argv[0]}': No such file or directory` : `can't execute '${argv[0]}': Permission denied`}`,
      error.exitCode,
    )
  }
}

export const ps: Applet = async context => {
  await context.out('PID   USER     TIME  COMMAND\n')
  const now = context.container.now()
  for (const { pid, user, command, started } of context.container.processes) {
    const seconds = Math.floor((now - started) / 3_600_000)
    await context.out(
      `${String(pid).padStart(5)} ${user.padEnd(8)} ${String(Math.floor(seconds / 60)).padStart(3)}:${String(seconds % 60).padStart(2, '0')} ${command}\n`,
    )
  }
  return 0
}

export const kill: Applet = async context => {
  const args = [...context.args]
  let signal = 'SIGTERM'
  if (args[0]?.startsWith('-') && args[0] !== '--') {
    const word = (args.shift()! === '-s' ? (args.shift() ?? '') : context.args[0]!.slice(1)).toUpperCase()
    const byNumber = Object.keys(signalNumbers).find(name => String(signalNumbers[name]) === word)
    signal = word === '0' ? 'SIGCONT' : (byNumber ?? (word.startsWith('SIG') ? word : `SIG${word}`))
    if (!(signal in signalNumbers)) return context.fail(`bad signal name '${word}'`)
  }
  let status = 0
  for (const word of args) {
    const byName = context.name === 'killall' || context.name === 'pkill'
    const pids = byName
      ? context.container.processes
          .filter(entry => entry.command.includes(word) && entry.pid !== context.io.pid)
          .map(entry => entry.pid)
      : [Number(word)]
    if (byName && pids.length === 0) status = await context.fail(`${word}: no process killed`)
    for (const pid of pids)
      if (!context.container.kill(pid, signal)) status = await context.fail(`can't kill pid ${word}: No such process`)
  }
  return status
}

export const pidof: Applet = async context => {
  const found = context.container.processes.filter(entry =>
    context.args.some(name => entry.command.split(' ')[0]!.replace(/^.*\//, '') === name),
  )
  if (found.length > 0) await context.out(`${found.map(entry => entry.pid).join(' ')}\n`)
  return found.length > 0 ? 0 : 1
}

export const env: Applet = async context => {
  const args = [...context.args]
  let values: Record<string, string> = { ...context.io.env }
  while (args[0] !== undefined) {
    const word = args[0]
    if (word === '-i' || word === '-') values = {}
    else if (word === '-u') delete values[args.splice(1, 1)[0] ?? '']
    else if (/^[^=]+=/.test(word)) values[word.slice(0, word.indexOf('='))] = word.slice(word.indexOf('=') + 1)
    else break
    args.shift()
  }
  if (args.length > 0) return runOther(context, args, { env: values })
  await context.out(
    Object.entries(values)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  )
  return 0
}

export const printenv: Applet = async context => {
  if (context.args.length === 0) return env(context)
  let status = 0
  for (const name of context.args) {
    const value = context.io.env[name]
    if (value === undefined) status = 1
    else await context.out(`${value}\n`)
  }
  return status
}

export const hostname: Applet = async context => {
  await context.out(`${context.args.includes('-i') ? context.container.ip : context.container.hostname}\n`)
  return 0
}

export const whoami: Applet = async context => {
  await context.out('root\n')
  return 0
}

export const id: Applet = async context => {
  const options = context.options('ugnGr')
  if (options.has('n')) await context.out('root\n')
  else if (options.has('u') || options.has('g') || options.has('G')) await context.out('0\n')
  else await context.out('uid=0(root) gid=0(root) groups=0(root),10(wheel)\n')
  return 0
}

export const uname: Applet = async context => {
  const options = context.options('asnrvmpio')
  const parts = {
    s: 'Linux',
    n: context.container.hostname,
    r: '6.8.0-31-generic',
    v: '#31-Ubuntu SMP PREEMPT_DYNAMIC',
    m: 'x86_64',
    o: 'GNU/Linux',
  }
  const wanted = Object.entries(parts).filter(([flag]) => options.has('a') || options.has(flag))
  await context.out(`${(wanted.length > 0 ? wanted : [['s', 'Linux'] as const]).map(([, text]) => text).join(' ')}\n`)
  return 0
}

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

const formatDate = (format: string, at: number): string => {
  const date = new Date(at)
  const two = (number: number) => String(number).padStart(2, '0')
  const iso = date.toISOString()
  const day = days[date.getUTCDay()]!
  const month = months[date.getUTCMonth()]!
  const midnight = Date.UTC(date.getUTCFullYear(), 0, 0)
  const values: Readonly<Record<string, string>> = {
    Y: iso.slice(0, 4),
    y: iso.slice(2, 4),
    m: iso.slice(5, 7),
    d: iso.slice(8, 10),
    e: String(date.getUTCDate()).padStart(2),
    H: iso.slice(11, 13),
    I: two(date.getUTCHours() % 12 || 12),
    M: iso.slice(14, 16),
    S: iso.slice(17, 19),
    N: `${iso.slice(20, 23)}000000`,
    p: date.getUTCHours() < 12 ? 'AM' : 'PM',
    s: String(Math.floor(at / 1000)),
    F: iso.slice(0, 10),
    T: iso.slice(11, 19),
    R: iso.slice(11, 16),
    D: `${iso.slice(5, 7)}/${iso.slice(8, 10)}/${iso.slice(2, 4)}`,
    A: day,
    a: day.slice(0, 3),
    B: month,
    b: month.slice(0, 3),
    h: month.slice(0, 3),
    j: String(Math.floor((at - midnight) / 86_400_000)).padStart(3, '0'),
    u: String(date.getUTCDay() || 7),
    w: String(date.getUTCDay()),
    Z: 'UTC',
    z: '+0000',
    n: '\n',
    t: '\t',
    '%': '%',
  }
  return format.replace(/%(.)/g, (whole, letter: string) => values[letter] ?? whole)
}

export const date: Applet = async context => {
  const options = context.options('uRId:r:s:')
  let at = context.container.now()
  const given = options.value('d')
  if (given !== undefined) {
    at = given.startsWith('@')
      ? Number(given.slice(1)) * 1000
      : Date.parse(`${given.replace(' ', 'T')}${/Z|[-+]\d\d:?\d\d$/.test(given) || !given.includes(':') ? '' : 'Z'}`)
    if (Number.isNaN(at)) return context.fail(`invalid date '${given}'`)
  }
  const format = options.rest.find(word => word.startsWith('+'))?.slice(1)
  const usual = options.has('R') ? '%a, %d %b %Y %T %z' : options.has('I') ? '%F' : '%a %b %e %T UTC %Y'
  await context.out(`${formatDate(format ?? usual, at)}\n`)
  return 0
}

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }

export const sleep: Applet = async context => {
  let seconds = 0
  if (context.args.length === 0) return context.fail('missing operand')
  for (const word of context.args) {
    const match = /^(\d+(?:\.\d*)?|\.\d+|inf(?:inity)?)([smhd]?)$/.exec(word)
    if (!match) return context.fail(`invalid number '${word}'`)
    seconds += match[1]!.startsWith('inf') ? 1e8 : Number(match[1]) * (units[match[2]!] ?? 1)
  }
  const begun = context.container.now()
  // Longer than a timer can count: slept piece by piece.
  for (let left = seconds * 1000; left > 0; left -= 86_400_000)
    await context.container.sleep(Math.min(left, 86_400_000), context.io.signal)
  noteSleep(context.io, context.container, seconds * 1000, context.container.now() - begun)
  return 0
}

export const timeout: Applet = async context => {
  const options = context.options('s:k:', {}, true)
  const [limit = '', ...argv] = options.rest
  const match = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(limit)
  if (!match) return context.fail(`invalid number '${limit}'`)
  const child = context.io.start({ ...context.io, argv })
  const ended = new AbortController()
  const timer = context.container.sleep(Number(match[1]) * (units[match[2]!] ?? 1) * 1000, ended.signal).then(
    () => context.container.kill(child.pid, 'SIGTERM'),
    () => {},
  )
  const code = await child.exited
  ended.abort()
  await timer
  return code
}

export const time: Applet = async context => {
  const begin = context.container.now()
  const code = await runOther(context, context.args)
  const seconds = (context.container.now() - begin) / 1000
  const text = `${Math.floor(seconds / 60)}m ${(seconds % 60).toFixed(2)}s`
  await context.io.stderr(`real\t${text}\nuser\t0m 0.00s\nsys\t0m 0.00s\n`)
  return code
}

export const which: Applet = async context => {
  let status = context.args.length > 0 ? 0 : 1
  for (const name of context.args.filter(arg => arg !== '-a')) {
    const path = findCommand(context.files, name, context.io.cwd, context.io.env.PATH)
    if (path) await context.out(`${path}\n`)
    else status = 1
  }
  return status
}

const wordsOf = (text: string): string[] => {
  const words: string[] = []
  for (const match of text.matchAll(/(?:[^\s"'\\]|\\[\s\S]|"[^"]*"|'[^']*')+/g))
    words.push(match[0].replace(/\\([\s\S])|"([^"]*)"|'([^']*)'/g, (_, a?: string, b?: string, c?: string) => a ?? b ?? c ?? ''))
  return words
}

export const xargs: Applet = async context => {
  const options = context.options('n:I:0rtL:P:d:', {}, true)
  const text = new TextDecoder().decode(await readWhole(context.io.stdin))
  const place = options.value('I')
  const lines = text.split('\n').filter(line => line.trim() !== '')
  const words = options.has('0')
    ? text.split('\0').filter(word => word !== '')
    : place !== undefined
      ? lines.map(line => line.trim())
      : options.has('L')
        ? lines
        : wordsOf(text)
  const command = options.rest.length > 0 ? options.rest : ['echo']
  const size = place !== undefined ? 1 : Number(options.value('n') ?? options.value('L') ?? 5000)
  if (words.length === 0 && (options.has('r') || place !== undefined)) return 0
  let status = 0
  for (let at = 0; at < Math.max(words.length, 1); at += size) {
    const batch = words.slice(at, at + size)
    const argv = place !== undefined ? command.map(word => word.replaceAll(place, batch[0] ?? '')) : [...command, ...batch]
    if (options.has('t')) await context.io.stderr(`${argv.join(' ')}\n`)
    const code = await runOther(context, argv, { stdin: inputOf('') })
    if (code !== 0) status = code >= 126 ? code : 123
  }
  return status
}

export const free: Applet = async context => {
  const options = context.options('mkhg')
  const unit = options.has('m') ? 1024 : options.has('g') ? 1024 ** 2 : 1
  const row = (name: string, numbers: readonly number[]) =>
    `${name.padEnd(7)}${numbers.map(number => String(Math.round(number / unit)).padStart(12)).join('')}\n`
  await context.out('              total        used        free      shared  buff/cache   available\n')
  await context.out(row('Mem:', [8_131_560, 2_012_344, 3_298_012, 12_412, 2_821_204, 5_823_400]) + row('Swap:', [0, 0, 0]))
  return 0
}

export const uptime: Applet = async context => {
  const begun = context.container.processes[0]?.started ?? context.container.now()
  const minutes = Math.floor((context.container.now() - begun) / 60_000)
  await context.out(
    ` ${formatDate('%T', context.container.now())} up ${minutes} min,  0 users,  load average: 0.08, 0.03, 0.01\n`,
  )
  return 0
}

const topScreen = (context: Context): string => {
  const rows = context.container.processes.map(
    entry =>
      `${String(entry.pid).padStart(5)} ${String(entry.parent).padStart(5)} ${entry.user.padEnd(8)} S     1648   0%   0%   0% ${entry.command}`,
  )
  return [
    'Mem: 4833548K used, 3298012K free, 12412K shrd, 102400K buff, 2718804K cached',
    'CPU:   1% usr   0% sys   0% nic  98% idle   0% io   0% irq   0% sirq',
    '  PID  PPID USER     STAT   VSZ %VSZ CPU %CPU COMMAND',
    ...rows,
  ].join('\n')
}

export const top: Applet = async context => {
  if (context.args.some(arg => arg.startsWith('-b')) || !context.io.tty) {
    await context.out(`${topScreen(context)}\n`)
    return 0
  }
  context.io.tty.setRaw(true)
  const ended = new AbortController()
  const keys = (async () => {
    for (
      let key = await context.io.stdin.read();
      key && !['q', '\x03'].includes(new TextDecoder().decode(key));
      key = await context.io.stdin.read()
    );
    ended.abort()
  })()
  while (!ended.signal.aborted) {
    await context.out(`\x1b[H\x1b[2J${topScreen(context)}\n`)
    await context.container.sleep(5000, ended.signal).catch(() => {})
  }
  await keys
  context.io.tty.setRaw(false)
  return 0
}

export const watch: Applet = async context => {
  const options = context.options('n:t', {}, true)
  const every = Number(options.value('n') ?? 2)
  for (;;) {
    await context.out(`\x1b[H\x1b[2J${options.has('t') ? '' : `Every ${every.toFixed(1)}s: ${options.rest.join(' ')}\n\n`}`)
    await runOther(context, ['sh', '-c', options.rest.join(' ')])
    await context.container.sleep(every * 1000, context.io.signal)
  }
}

export const clear: Applet = async context => {
  await context.out('\x1b[H\x1b[2J\x1b[3J')
  return 0
}

export const basename: Applet = async context => {
  const [path = '', suffix = ''] = context.args
  const name = path.replace(/\/+$/, '').replace(/^.*\//, '') || '/'
  await context.out(`${suffix && name !== suffix && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name}\n`)
  return 0
}

export const dirname: Applet = async context => {
  const path = (context.args[0] ?? '').replace(/\/+$/, '')
  const slash = path.lastIndexOf('/')
  await context.out(`${slash < 0 ? '.' : path.slice(0, slash).replace(/\/+$/, '') || '/'}\n`)
  return 0
}

export const tty: Applet = async context => {
  await context.out(context.io.tty ? '/dev/pts/0\n' : 'not a tty\n')
  return context.io.tty ? 0 : 1
}

export const nproc: Applet = async context => {
  await context.out('2\n')
  return 0
}

/** Editors need more of a terminal than a practice container has. */
export const editor: Applet = context =>
  context.fail(
    `there is no editor in this practice container. Write a file with  cat > FILE  (end with Ctrl-D), or copy one here with  kubectl cp.`,
  )
