// `npm run bench`: what the practice cluster costs, beside its nearest kin in the same run; `-- --quick` for a short form,
// `-- boot`, `-- crowds`, `-- growth` or `-- lessons` for a part. It prints; only `lessons` judges. Every part has an end.

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { clusterFor, createsEachSecond, exponent, fanOut, idleCpu, listPods, podsReady } from './bench/measures.ts'
import { bundlePeer, runPeer } from './bench/peer.ts'
import { compare, median, print } from './bench/print.ts'
import { kubectls } from './kubectls.ts'
import { root } from './steps.ts'

const exec = promisify(execFile)
const isQuick = process.argv.includes('--quick')
const runs = isQuick ? 3 : 7
/** The peer is ended then. */
const peerLimitMs = isQuick ? 15_000 : 40_000
/** More is a fault, on a machine of any load. */
const podsLimitMs = 150_000
const parts = process.argv.slice(2).filter(word => !word.startsWith('-'))
const isAsked = (part: string) => parts.length === 0 || parts.includes(part)
const megabytes = (bytes: number): number => bytes / 2 ** 20

interface Ready {
  kubeconfig: string
  readyMs: number
}

const startPractice = async (folder: string): Promise<{ child: ChildProcess; ready: Ready }> => {
  const argv = [join(root, 'out/electron/khw.js'), '--json', 'practice', '--port', '0', '--kubeconfig', join(folder, 'config')]
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] })
  const line = await new Promise<string>(done => createInterface({ input: child.stdout }).once('line', done))
  return { child, ready: JSON.parse(line) as Ready }
}

const stop = (child: ChildProcess): Promise<unknown> => {
  const ended = new Promise(done => child.once('exit', done))
  child.kill('SIGTERM')
  return ended
}

const boot = async (folder: string): Promise<number> => {
  const { child, ready } = await startPractice(folder)
  await stop(child)
  return ready.readyMs
}

/** Milliseconds from `kubectl create` to `kubectl wait` seeing all replicas available. */
const deploy = async (folder: string, kubectl: string, replicas: number): Promise<number> => {
  const { child, ready } = await startPractice(folder)
  const run = (...args: string[]) =>
    exec(kubectl, ['--kubeconfig', ready.kubeconfig, ...args], { env: { ...process.env, KUBECACHEDIR: folder } })
  try {
    await run('get', 'nodes')
    const start = performance.now()
    await run('create', 'deployment', 'bench', '--image=openresty/openresty:alpine', `--replicas=${replicas}`)
    await run('wait', 'deployment/bench', '--for=condition=Available', `--timeout=120s`)
    await run('rollout', 'status', 'deployment/bench', '--timeout=120s')
    return performance.now() - start
  } finally {
    await stop(child)
  }
}

const repeat = async (times: number, work: () => Promise<number>): Promise<number[]> => {
  const values: number[] = []
  for (let index = 0; index < times; index++) values.push(await work())
  return values
}

const begin = async (): Promise<void> => {
  const kubectl = (await kubectls()).at(-1)
  const boots = await repeat(runs, () => boot(folder))
  print('practice cluster ready, from process start', boots, 300)
  compare('ready, from process start', median(boots), (await runPeer(0, peerLimitMs, 0)).bootMs)
  if (!kubectl) console.log('Deployment of 10: skipped, no kubectl on this machine')
  else
    print(`Deployment of 10 Ready, by kubectl ${kubectl.version}`, await repeat(3, () => deploy(folder, kubectl.path, 10)), 2000)
}

/** Ours over HTTPS beside the peer, asked in its own process: it has no server. */
const crowds = async (): Promise<void> => {
  const idleSeconds = isQuick ? 2 : 3
  for (const count of isQuick ? [10, 300] : [10, 300, 1000]) {
    const server = await clusterFor(count)
    const before = server.cost().cpuMs
    const ms = await podsReady(server, count, podsLimitMs)
    const cpuMs = server.cost().cpuMs - before
    const list = median(await listPods(server, 7))
    const creates = await createsEachSecond(server, 300)
    const fan = await fanOut(server, 100, 20)
    const rss = megabytes(server.cost().rss)
    const idle = await idleCpu(server, idleSeconds)
    await server.stop()
    const peer = await runPeer(count, peerLimitMs, idleSeconds)
    const isDone = peer.ready >= count
    if (count === 1000) print('1000 Pods Ready, over HTTPS', [ms], 3000)
    if (!isDone) console.log(`the peer had ${peer.ready} of ${count} Pods Ready after ${peerLimitMs / 1000} s`)
    compare(`${count} Pods Ready`, ms, isDone ? peer.ms : Number.NaN)
    compare('  processor time of that', cpuMs, isDone ? peer.cpuMs : Number.NaN)
    compare(`  list of ${count} Pods`, list, peer.listMs)
    compare('  Services created a second, 8 clients', creates, peer.createsEachSecond, '/s', true)
    compare('  20 changes heard by 100 watchers', fan, peer.fanOutMs)
    compare('  memory', rss, megabytes(peer.rss), 'MiB')
    compare('  idle, of one processor', idle, peer.idlePercent, '%')
  }
}

const growth = async (): Promise<void> => {
  const points: [number, number][] = []
  for (const count of isQuick ? [100, 300, 1000] : [100, 300, 1000, 2500, 5000]) {
    const server = await clusterFor(count)
    const before = server.cost().cpuMs
    const ms = await podsReady(server, count, podsLimitMs)
    points.push([count, server.cost().cpuMs - before])
    print(`processor time for ${count} Pods`, [points.at(-1)![1]])
    print(`  Ready after`, [ms])
    await server.stop()
  }
  console.log(`cost grows with the Pods to the power of ${exponent(points).toFixed(2)} (1 is linear)`)
}

/** A lesson beside a shell script of its commands: its own limit, and so its own exit code. */
const lessons = (): Promise<void> =>
  new Promise((done, fail) => {
    const argv = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', 'tests/services/lesson-pace.test.ts']
    const env = { ...process.env, KHW_PACE: isQuick ? '04-statefulset' : '02-deployment' }
    spawn(process.execPath, argv, { cwd: root, stdio: 'inherit', env })
      .on('error', fail)
      .on('exit', code => {
        process.exitCode = code ?? 1
        done()
      })
  })

const folder = mkdtempSync(join(tmpdir(), 'khw-bench-'))
try {
  if (isAsked('boot') || isAsked('crowds')) await bundlePeer()
  if (isAsked('boot')) await begin()
  if (isAsked('crowds')) await crowds()
  if (isAsked('growth')) await growth()
  if (isAsked('lessons')) await lessons()
} finally {
  rmSync(folder, { recursive: true, force: true })
}
