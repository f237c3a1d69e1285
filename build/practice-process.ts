// A practice cluster in a process of its own, as benchmarks, fuzzing and soaks need it: what it costs and how it dies can be seen.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:https'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { root } from './steps.ts'

export interface Reply {
  code: number
  text: string
}

export interface PracticeProcess {
  port: number
  ca: string
  token: string
  kubeconfig: string
  /** What it complained of, and how it ended if it did. */
  faults: string[]
  send(method: string, path: string, body?: string | Uint8Array, type?: string): Promise<Reply>
  /** Bytes still in use after all garbage is collected. */
  heap(): Promise<number>
  /** Bytes held and milliseconds of processor used; NaN where there is no /proc. */
  cost(): { rss: number; cpuMs: number }
  stop(): Promise<void>
  /** As a power cut does. */
  kill(): Promise<void>
}

/** In the child: tells its heap, swept, to whoever asks, and is kept alive by nobody's asking. */
const teller = `process.on('message', () => { gc(); gc(); process.send(process.memoryUsage().heapUsed) }); process.channel.unref()`

const costOf = (child: ChildProcess): { rss: number; cpuMs: number } => {
  try {
    const text = (name: string) => readFileSync(`/proc/${child.pid}/${name}`, 'utf8')
    const kilobytes = Number(/VmRSS:\s+(\d+)/.exec(text('status'))?.[1])
    // Fields 14 and 15 of proc(5), in hundredths of a second; the name before them ends with the last bracket.
    const times = text('stat').split(') ').at(-1)!.split(' ').slice(11, 13).map(Number)
    return { rss: kilobytes * 1024, cpuMs: (times[0]! + times[1]!) * 10 }
  } catch {
    return { rss: Number.NaN, cpuMs: Number.NaN }
  }
}

/** Starts one; answers slower than `patienceMs` count as hangs and reject. */
export const startPracticeProcess = async (args: readonly string[] = [], patienceMs = 30_000): Promise<PracticeProcess> => {
  const faults: string[] = []
  const program = [join(root, 'electron/practice/main.ts'), '--port', '0', ...args]
  const flags = ['--expose-gc', '--import', `data:text/javascript,${encodeURIComponent(teller)}`]
  const child = spawn(process.execPath, [...flags, ...program], { stdio: ['pipe', 'pipe', 'pipe', 'ipc'] })
  let isStopping = false
  createInterface({ input: child.stderr! }).on('line', line => faults.push(line))
  const ended = new Promise<void>(done =>
    child.once('exit', (code, signal) => {
      if (!isStopping) faults.push(`ended by itself: ${signal ?? code}`)
      done()
    }),
  )
  const line = await Promise.race([
    new Promise<string>(done => createInterface({ input: child.stdout! }).once('line', done)),
    ended.then(() => Promise.reject(new Error(faults.join('\n')))),
  ])
  const { server, kubeconfig } = JSON.parse(line) as { server: string; kubeconfig: string }
  const field = (name: string) => new RegExp(`${name}: (\\S+)`).exec(kubeconfig)?.[1] ?? ''
  const ca = Buffer.from(field('certificate-authority-data'), 'base64').toString()
  const token = field('token')
  const agent = new Agent({ keepAlive: true, maxSockets: 32, ca })
  const port = Number(new URL(server).port)

  const send: PracticeProcess['send'] = (method, path, body, type) =>
    new Promise((resolve, reject) => {
      const bytes = Buffer.from(body ?? '')
      const headers = {
        authorization: `Bearer ${token}`,
        'content-length': String(bytes.length),
        ...(body !== undefined && { 'content-type': type ?? 'application/json' }),
      }
      const call = request({ host: '127.0.0.1', port, method, path, headers, agent, timeout: patienceMs }, response => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('error', reject)
        response.on('end', () => resolve({ code: response.statusCode ?? 0, text: Buffer.concat(parts).toString() }))
      })
      call.on('timeout', () => call.destroy(new Error(`no answer in ${patienceMs} ms`)))
      call.on('error', reject)
      call.end(bytes)
    })
  return {
    port,
    ca,
    token,
    kubeconfig,
    faults,
    send,
    heap: async () => {
      const told = once(child, 'message')
      child.send('heap')
      return Number((await told)[0])
    },
    cost: () => costOf(child),
    async kill() {
      isStopping = true
      agent.destroy()
      child.kill('SIGKILL')
      await ended
    },
    async stop() {
      isStopping = true
      agent.destroy()
      child.kill('SIGTERM')
      await ended
    },
  }
}
