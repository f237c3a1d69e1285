// Runs the peer, @ngrok/webernetes, in a process of its own, with a limit of time.

import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { build } from 'vite'
import { root } from '../steps.ts'

export interface PeerResult {
  bootMs: number
  /** Pods Ready when it ended or was ended. */
  ready: number
  ms: number
  rss: number
  cpuMs: number
  listMs: number
  createsEachSecond: number
  fanOutMs: number
  idlePercent: number
}

const folder = join(root, '.cache/bench-peer')

/** Its modules name each other as only bundlers understand: made one file first. */
export const bundlePeer = async (): Promise<void> => {
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    ssr: { noExternal: true, target: 'node' },
    build: {
      ssr: true,
      outDir: folder,
      emptyOutDir: true,
      target: 'node24',
      rolldownOptions: { input: { peer: join(root, 'build/bench/peer-main.ts') }, output: { entryFileNames: '[name].mjs' } },
    },
  })
}

/** Lets the peer make `count` Pods Ready, for at most `limitMs`. */
export const runPeer = async (count: number, limitMs: number, idleSeconds: number): Promise<PeerResult> => {
  const child = spawn(process.execPath, [join(folder, 'peer.mjs'), String(count), String(idleSeconds)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const none = Number.NaN
  const unknown = { cpuMs: none, listMs: none, createsEachSecond: none, fanOutMs: none, idlePercent: none }
  const result: PeerResult = { bootMs: none, ready: 0, ms: none, rss: none, ...unknown }
  createInterface({ input: child.stdout }).on('line', line => {
    if (line.startsWith('{')) Object.assign(result, JSON.parse(line))
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), limitMs)
  await new Promise(done => child.once('exit', done))
  clearTimeout(timer)
  return result
}
