// Runs a command in a Pod's container through the API server, as `kubectl exec` does, and collects what it prints.

import type { WebSocket } from 'ws'
import type { KubeObject } from '../contract/cluster.ts'
import { toAppError } from '../contract/errors.ts'
import type { Connection } from './connection.ts'
import type { Answer } from './probe.ts'

/** Runs a command in a Pod's first container: `status` is its exit code, `body` what it printed. Never rejects. */
export type Exec = (pod: KubeObject, command: readonly string[], signal: AbortSignal) => Promise<Answer>

const timeoutMs = 10_000
/** Enough for any answer that a lesson looks at. */
const longestBody = 64 * 1024
/** The first byte of each message, by the channel protocol: standard output, and how it all ended. */
const stdoutChannel = 1
const errorChannel = 3

export const execThroughApi =
  (connection: Connection): Exec =>
  async ({ metadata: { namespace = 'default', name } }, command, signal) => {
    const query = new URLSearchParams([['stdout', '1'], ['stderr', '1'], ...command.map(word => ['command', word])])
    const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}/exec?${query}`
    try {
      const socket = await connection.socket(path, ['v5.channel.k8s.io', 'v4.channel.k8s.io'])
      return await collect(socket, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]))
    } catch (error) {
      const { code, details } = toAppError(error)
      return { error: String(details.message ?? code) }
    }
  }

const collect = (socket: WebSocket, signal: AbortSignal): Promise<Answer> =>
  new Promise(resolve => {
    let body = ''
    const end = (answer: Answer): void => {
      signal.removeEventListener('abort', late)
      resolve(answer)
      socket.terminate()
    }
    const late = (): void => end({ error: `no answer in ${timeoutMs / 1000} s` })
    const decoder = new TextDecoder()
    signal.addEventListener('abort', late)
    if (signal.aborted) late()
    socket.on('message', (data: Buffer) => {
      if (data[0] === stdoutChannel && body.length < longestBody) body += decoder.decode(data.subarray(1), { stream: true })
      if (data[0] === errorChannel) end(endOf(data.toString('utf8', 1), body))
    })
    socket.on('close', (_, reason) => end({ error: reason.toString() || 'the connection was closed' }))
    socket.on('error', error => end({ error: error.message }))
    socket.resume()
  })

/** From the Kubernetes Status that ends a command: its exit code, or why it never ran. */
const endOf = (text: string, body: string): Answer => {
  const { status, reason, message, details } = JSON.parse(text) as {
    status?: string
    reason?: string
    message?: string
    details?: { causes?: { reason?: string; message?: string }[] }
  }
  if (status === 'Success') return { status: 0, body }
  const exitCode = details?.causes?.find(cause => cause.reason === 'ExitCode')?.message
  return reason === 'NonZeroExitCode' && exitCode !== undefined
    ? { status: Number(exitCode), body }
    : { error: message ?? 'the command did not run' }
}
