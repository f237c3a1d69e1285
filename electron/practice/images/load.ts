// Images that make work: a load generator that sends requests at a rate, and stress, which takes CPU and memory.

import type { Burst } from '../network/wire.ts'
import { program } from './applets/context.ts'
import { alpineImage, busyboxPrograms, unpackBusybox } from './busybox.ts'
import { sendRequest } from './http-client.ts'
import { createBusy } from './pace.ts'
import { type ContainerView, executable, type Image, type ProcessIO, type Program } from './program.ts'

/** Real requests go out this often, each for as many as the rate has had meanwhile: the same load at any speed of the clock. */
const tickMs = 200
const reportMs = 10_000
const clientMs = 0.3

const usage = `Sends requests to a web server, as many a second as you like.

Usage: load-generator [-q REQUESTS_A_SECOND] [-z SECONDS] URL
  -q  requests a second, 50 by default
  -z  how many seconds; without it, until it is stopped
`

/** One request, for many. */
const request = async (url: URL, burst: Burst, io: ProcessIO, container: ContainerView): Promise<number> => {
  container.work(clientMs * burst.weight, burst.since)
  const socket = await container.dial(url.hostname, Number(url.port || 80), burst)
  const headers = { Host: url.host, 'User-Agent': 'load-generator', Connection: 'close' }
  const answer = await sendRequest(socket, { method: 'GET', path: `${url.pathname}${url.search}`, headers }, io.signal)
  answer.resume()
  return answer.statusCode ?? 0
}

const loadGenerator: Program = program(async context => {
  const { io, container } = context
  const options = context.options('q:z:h', { help: 'h' })
  const address = options.rest[0] ?? io.env.TARGET
  if (options.has('h') || address === undefined) {
    await io.stderr(usage)
    return options.has('h') ? 0 : 2
  }
  const rate = Number(options.value('q') ?? io.env.RATE ?? 50)
  const seconds = Number(options.value('z') ?? Number.POSITIVE_INFINITY)
  const text = /^\w+:\/\//.test(address) ? address : `http://${address}`
  if (!URL.canParse(text) || !text.startsWith('http://') || !(rate > 0) || !(seconds > 0))
    return context.fail(`cannot send ${options.value('q') ?? rate} requests a second to ${address}`, 2)
  const url = new URL(text)
  const begun = container.now()
  let reported = begun
  let sent = { at: begun, ok: 0, failed: 0 }
  let last = begun
  await context.out(`${rate} requests a second to ${url.href}\n`)
  const stopped = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT']) io.handle(signal, () => stopped.abort())
  const signal = AbortSignal.any([stopped.signal, io.signal])
  while (!signal.aborted && container.now() - begun < seconds * 1000) {
    await container.sleep(Math.max(tickMs, 1000 / rate), signal).catch(() => {})
    if (signal.aborted) break
    const now = container.now()
    const weight = ((now - last) / 1000) * rate
    const burst = { weight, since: last }
    last = now
    // What nobody answers is counted, as any other answer is; the load goes on.
    const status = await request(url, burst, io, container).catch(() => 0)
    if (status >= 200 && status < 400) sent.ok += weight
    else sent.failed += weight
    if (now - reported < reportMs) continue
    const each = (count: number) => ((count * 1000) / (now - sent.at)).toFixed(1)
    await context.out(`answered: ${each(sent.ok)} a second, failed: ${each(sent.failed)} a second\n`)
    reported = now
    sent = { at: now, ok: 0, failed: 0 }
  }
  return 0
})

/** Our own: `kubectl run load --image=load-generator -- http://web`. */
export const loadGeneratorImage: Image = {
  ...alpineImage,
  name: 'library/load-generator',
  preloaded: ['latest'],
  sizeBytes: 9_000_000,
  entrypoint: ['/usr/local/bin/load-generator'],
  command: [],
  unpack(files) {
    alpineImage.unpack(files)
    files.makeDirectory('/usr/local/bin')
    files.write('/usr/local/bin/load-generator', executable('load-generator'), 0o755)
  },
  programs: { ...busyboxPrograms, 'load-generator': loadGenerator },
}

const units: Readonly<Record<string, number>> = {
  '': 1,
  B: 1,
  K: 2 ** 10,
  M: 2 ** 20,
  G: 2 ** 30,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
}

const bytesOf = (text: string): number => {
  const [, number = 'NaN', unit = ''] = /^(\d+)([KMG]?i?|B)$/.exec(text) ?? []
  return Number(number) * (units[unit] ?? Number.NaN)
}

interface Hogs {
  cpu: number
  bytes: number
  /** Undefined for as long as it may. */
  timeoutMs?: number | undefined
}

/** Computes on so many cores and holds so much memory, until it is stopped or its time is over. */
const hog = async ({ cpu, bytes, timeoutMs }: Hogs, io: ProcessIO, container: ContainerView): Promise<number> => {
  const over = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT']) io.handle(signal, () => over.abort())
  const signal = AbortSignal.any([over.signal, io.signal])
  const release = container.holds(() => bytes)
  if (timeoutMs !== undefined)
    void container.sleep(timeoutMs, signal).then(
      () => over.abort(),
      () => {},
    )
  const core = async () => {
    const busy = createBusy(container, 0)
    while (!signal.aborted) await busy.turn(signal).catch(() => {})
  }
  const idle = async () => {
    while (!signal.aborted) await container.sleep(86_400_000, signal).catch(() => {})
  }
  await Promise.all([idle(), ...Array.from({ length: Math.min(64, cpu) }, core)])
  release()
  return io.signal.aborted ? 137 : 0
}

// Models the options of stress 1.0.
const stress: Program = program(async context => {
  const long = {
    cpu: 'c',
    vm: 'm',
    'vm-bytes': 'b',
    'vm-hang': 'g',
    'vm-keep': 'k',
    timeout: 't',
    verbose: 'v',
    io: 'i',
    hdd: 'd',
  }
  const options = context.options('c:m:b:g:kt:vi:d:', long)
  const count = (flag: string) => Number(options.value(flag) ?? 0)
  const [cpu, vm] = [count('c'), count('m')]
  const bytes = bytesOf(options.value('b') ?? '256M')
  const seconds = Number(/^(\d+)s?$/.exec(options.value('t') ?? '')?.[1] ?? Number.NaN)
  if (!Number.isInteger(cpu) || !Number.isInteger(vm) || Number.isNaN(bytes) || (cpu === 0 && vm === 0))
    return context.fail(`FAIL: [${context.io.pid}] wrong or missing options`)
  const say = (text: string) => context.out(`stress: info: [${context.io.pid}] ${text}\n`)
  await say(`dispatching hogs: ${cpu} cpu, 0 io, ${vm} vm, 0 hdd`)
  // A worker that writes its memory over and over computes, too; one that hangs does not.
  const cores = cpu + (options.has('g') ? 0 : vm)
  const timeoutMs = Number.isNaN(seconds) ? undefined : seconds * 1000
  const code = await hog({ cpu: cores, bytes: vm * bytes, timeoutMs }, context.io, context.container)
  if (code === 0) await say('successful run completed')
  return code
})

// Models the options of vish/stress, which documents about limits use.
const goStress: Program = program(async context => {
  const { args, io, container } = context
  const value = (name: string) => {
    const at = args.findIndex(arg => arg.replace(/^--?/, '').split('=')[0] === name)
    return at < 0 ? undefined : (args[at]!.split('=')[1] ?? args[at + 1])
  }
  const cpu = Number(value('cpus') ?? 0)
  const total = bytesOf(value('mem-total') ?? '0')
  await io.stderr(`Allocating "${value('mem-total') ?? 0}" memory, in "4Ki" chunks, with a 1ms sleep between allocations\n`)
  if (cpu > 0) await io.stderr(`Spawning ${cpu} threads to consume CPU\n`)
  return hog({ cpu, bytes: total || 0 }, io, container)
})

const stressImage = (name: string, run: Program, parts: Partial<Image>): Image => ({
  ...alpineImage,
  name,
  sizeBytes: 4_000_000,
  unpack(files) {
    unpackBusybox(files)
    for (const path of ['/usr/bin/stress', '/stress']) files.write(path, executable('stress'), 0o755)
  },
  programs: { ...busyboxPrograms, stress: run },
  ...parts,
})

/** Take CPU and memory, to see limits at work. */
export const stressImages: readonly Image[] = [
  stressImage('polinux/stress', stress, { entrypoint: [], command: ['/bin/sh'] }),
  stressImage('vish/stress', goStress, { entrypoint: ['/stress', '-logtostderr'], command: [] }),
]
