// Probes: one attempt over HTTP, TCP or by a command, and the loop that counts attempts.

import http from 'node:http'
import type { Container, Probe } from 'kubernetes-types/core/v1.js'
import type { Clock } from '../../platform/clock.ts'
import type { Network } from '../network/network.ts'
import { CannotExec, type RunningContainer } from './runtime.ts'

// Models kubernetes/pkg/probe/{http,tcp,exec} and pkg/kubelet/prober/worker.go
export type Attempt = { ok: true } | { ok: false; message: string }

export interface ProbeTarget {
  container: Container
  running: RunningContainer
  ip: string
  network: Network
  clock: Clock
}

const portOf = (container: Container, port: number | string): number =>
  typeof port === 'number' ? port : (container.ports?.find(({ name }) => name === port)?.containerPort ?? Number(port))

const reasonOf = (error: unknown, address: string): string => {
  const { code, message } = error as { code?: string; message?: string }
  if (code === 'ECONNREFUSED') return `dial tcp ${address}: connect: connection refused`
  if (code === 'EHOSTUNREACH') return `dial tcp ${address}: connect: no route to host`
  return message ?? String(error)
}

const probeHttp = async (
  { container, ip, network }: ProbeTarget,
  get: NonNullable<Probe['httpGet']>,
  signal: AbortSignal,
): Promise<Attempt> => {
  const port = portOf(container, get.port)
  const host = get.host ?? ip
  const path = get.path?.startsWith('/') ? get.path : `/${get.path ?? ''}`
  const url = `${(get.scheme ?? 'HTTP').toLowerCase()}://${host}:${port}${path}`
  try {
    const socket = await network.dial({}, host, port)
    const headers = { 'User-Agent': 'kube-probe/1.36', Accept: '*/*', Connection: 'close', Host: `${host}:${port}` }
    for (const { name, value } of get.httpHeaders ?? []) Object.assign(headers, { [name]: value })
    const code = await new Promise<number>((resolve, reject) => {
      const request = http.get({ path, headers, createConnection: () => socket, signal }, response => {
        response.resume()
        resolve(response.statusCode ?? 0)
      })
      request.on('error', reject)
    })
    if (code >= 200 && code < 400) return { ok: true }
    return { ok: false, message: `HTTP probe failed with statuscode: ${code}` }
  } catch (error) {
    const timedOut = 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)'
    return { ok: false, message: `Get "${url}": ${signal.aborted ? timedOut : reasonOf(error, `${host}:${port}`)}` }
  }
}

const probeTcp = async (
  { container, ip, network }: ProbeTarget,
  { host = ip, port }: NonNullable<Probe['tcpSocket']>,
): Promise<Attempt> => {
  const number = portOf(container, port)
  try {
    const socket = await network.dial({}, host, number)
    socket.destroy()
    return { ok: true }
  } catch (error) {
    return { ok: false, message: reasonOf(error, `${host}:${number}`) }
  }
}

const probeExec = async (
  { running }: ProbeTarget,
  command: readonly string[],
  seconds: number,
  signal: AbortSignal,
): Promise<Attempt> => {
  const output: Uint8Array[] = []
  const take = (bytes: Uint8Array) => {
    output.push(bytes)
  }
  const timedOut = new Promise<'late'>(resolve => signal.addEventListener('abort', () => resolve('late'), { once: true }))
  const result = running.exec(command, { stdout: take, stderr: take, signal }).catch((error: unknown) => {
    if (!(error instanceof CannotExec)) throw error
    return error
  })
  const code = await Promise.race([result, timedOut])
  if (code instanceof CannotExec) return { ok: false, message: `rpc error: code = Unknown desc = ${code.message}` }
  if (code === 'late') return { ok: false, message: `command timed out: "${command.join(' ')}" timed out after ${seconds}s` }
  return code === 0 ? { ok: true } : { ok: false, message: Buffer.concat(output).toString('utf8') }
}

/** One attempt, within the probe's timeout. */
export const attempt = async (probe: Probe, target: ProbeTarget, signal: AbortSignal): Promise<Attempt> => {
  const seconds = probe.timeoutSeconds ?? 1
  const late = new AbortController()
  const over = new AbortController()
  const stop = () => late.abort()
  signal.addEventListener('abort', stop, { once: true })
  target.clock.sleep(seconds * 1000, over.signal).then(stop, () => undefined)
  try {
    if (probe.httpGet) return await probeHttp(target, probe.httpGet, late.signal)
    if (probe.tcpSocket) return await probeTcp(target, probe.tcpSocket)
    if (probe.exec) return await probeExec(target, probe.exec.command ?? [], seconds, late.signal)
    return { ok: true }
  } finally {
    over.abort()
    signal.removeEventListener('abort', stop)
  }
}

export interface ProbeLoop {
  probe: Probe
  target: ProbeTarget
  signal: AbortSignal
  random: () => number
  /** The result after enough attempts in a row; told when it changes, and of each further failure beyond the threshold. */
  onResult(ok: boolean): void
  onFailure(message: string): void
}

/** Attempts until the signal fires. */
export const probeLoop = async ({ probe, target, signal, random, onResult, onFailure }: ProbeLoop): Promise<void> => {
  const { clock } = target
  const period = (probe.periodSeconds ?? 10) * 1000
  let last: boolean | undefined
  let count = 0
  // The real prober starts somewhere in its first period only after a kubelet restart; a fresh container is probed almost at once.
  await clock.sleep((probe.initialDelaySeconds ?? 0) * 1000 + 50 + 100 * random(), signal)
  while (!signal.aborted) {
    const result = await attempt(probe, target, signal)
    if (signal.aborted) return
    count = result.ok === last ? count + 1 : 1
    last = result.ok
    if (!result.ok) onFailure(result.message)
    if (count >= (result.ok ? (probe.successThreshold ?? 1) : (probe.failureThreshold ?? 3))) onResult(result.ok)
    await clock.sleep(period, signal)
  }
}
