// `npm run bench`: first figures, each as a ratio to its limit. Not a timed test: it prints, it does not judge.

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { kubectls } from './kubectls.ts'
import { root } from './steps.ts'

const exec = promisify(execFile)
const runs = 7

interface Ready {
  kubeconfig: string
  readyMs: number
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

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

const print = (name: string, values: number[], limit: number): void => {
  const [least, middle, most] = [Math.min(...values), median(values), Math.max(...values)].map(value => Math.round(value))
  console.log(
    `${name.padEnd(44)} ${String(middle).padStart(6)} ms  (${least} to ${most}, ${values.length} runs)  ${(median(values) / limit).toFixed(2)} of the limit of ${limit} ms`,
  )
}

const folder = mkdtempSync(join(tmpdir(), 'khw-bench-'))
try {
  const kubectl = (await kubectls()).at(-1)
  print('practice cluster ready, from process start', await repeat(runs, () => boot(folder)), 300)
  if (!kubectl) console.log('Deployment of 10: skipped, no kubectl on this machine')
  else
    print(`Deployment of 10 Ready, by kubectl ${kubectl.version}`, await repeat(3, () => deploy(folder, kubectl.path, 10)), 2000)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
