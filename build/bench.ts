// `npm run bench`: what the practice cluster costs, beside its nearest kin in the same run; `-- --quick` for a short form.
// Not a timed test: it prints, it does not judge.

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { clusterFor, createsEachSecond, exponent, fanOut, idleCpu, listPods, podsReady } from './bench/measures.ts'
import { bundlePeer, runPeer } from './bench/peer.ts'
import { print } from './bench/print.ts'
import { kubectls } from './kubectls.ts'
import { root } from './steps.ts'

const exec = promisify(execFile)
const isQuick = process.argv.includes('--quick')
const runs = isQuick ? 3 : 7
/** The peer is ended then. */
const peerLimitMs = isQuick ? 15_000 : 90_000
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
  await run('get', 'nodes')
  const start = performance.now()
  await run('create', 'deployment', 'bench', '--image=openresty/openresty:alpine', `--replicas=${replicas}`)
  await run('wait', 'deployment/bench', '--for=condition=Available', `--timeout=120s`)
  await run('rollout', 'status', 'deployment/bench', '--timeout=120s')
  const ms = performance.now() - start
  await stop(child)
  return ms
}

const repeat = async (times: number, work: () => Promise<number>): Promise<number[]> => {
  const values: number[] = []
  for (let index = 0; index < times; index++) values.push(await work())
  return values
}

/** Pods Ready, ours and the peer's, and the rest of what is measured of a cluster of a thousand. */
const crowds = async (): Promise<void> => {
  for (const count of isQuick ? [10, 300] : [10, 300, 1000]) {
    const server = await clusterFor(count)
    print(`${count} Pods Ready`, [await podsReady(server, count)], count === 1000 ? 3000 : undefined)
    if (count >= 300) {
      print(`  list of ${count} Pods`, await listPods(server, 7))
      print('  creates a second, 8 clients', [await createsEachSecond(server, 2000)], undefined, '/s')
      print('  20 changes heard by 100 watchers', [await fanOut(server, 100, 20)])
      print(`  memory with ${count} Pods`, [megabytes(server.cost().rss)], undefined, 'MiB')
      console.log(`  idle, of one processor${(await idleCpu(server, isQuick ? 2 : 5)).toFixed(1).padStart(30)} %`)
    }
    await server.stop()
    const peer = await runPeer(count, peerLimitMs)
    if (count === 10) print('  the peer ready, from process start', [peer.bootMs])
    if (peer.ready >= count) print(`  the peer: ${count} Pods Ready`, [peer.ms])
    else console.log(`  the peer: ${count} Pods Ready: did not finish: ${peer.ready} of ${count} in ${peerLimitMs / 1000} s`)
    print('  the peer: memory', [megabytes(peer.rss)], undefined, 'MiB')
  }
}

const growth = async (): Promise<void> => {
  const points: [number, number][] = []
  for (const count of isQuick ? [100, 300, 1000] : [100, 300, 1000, 2500, 5000]) {
    const server = await clusterFor(count)
    const before = server.cost().cpuMs
    const ms = await podsReady(server, count)
    points.push([count, server.cost().cpuMs - before])
    print(`processor time for ${count} Pods`, [points.at(-1)![1]])
    print(`  Ready after`, [ms])
    await server.stop()
  }
  console.log(`cost grows with the Pods to the power of ${exponent(points).toFixed(2)} (1 is linear)`)
}

const folder = mkdtempSync(join(tmpdir(), 'khw-bench-'))
try {
  const kubectl = (await kubectls()).at(-1)
  print('practice cluster ready, from process start', await repeat(runs, () => boot(folder)), 300)
  if (!kubectl) console.log('Deployment of 10: skipped, no kubectl on this machine')
  else
    print(`Deployment of 10 Ready, by kubectl ${kubectl.version}`, await repeat(3, () => deploy(folder, kubectl.path, 10)), 2000)
  await bundlePeer()
  await crowds()
  await growth()
} finally {
  rmSync(folder, { recursive: true, force: true })
}
