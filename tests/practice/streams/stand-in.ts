// Just enough of a cluster for streams: one running Pod whose processes and ports are real ones of this machine.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import pty from 'node-pty'
import { createStreams, type StreamTarget } from '../../../electron/practice/api/streams/index.ts'
import type { PodAccess } from '../../../electron/practice/kubelet/access.ts'
import { createMeter } from '../../../electron/practice/kubelet/load.ts'
import type { Attachment, RunningContainer } from '../../../electron/practice/kubelet/runtime.ts'
import { badRequest, notFound } from '../../../electron/practice/status-error.ts'

export interface StandIn {
  url: string
  /** How many exec'd processes run. */
  readonly running: number
  /** `exec WebSocket`, `portforward SPDY/3.1`, ... of every upgrade asked for, in order. */
  readonly upgrades: string[]
  close(): Promise<void>
}

export async function startStandIn(): Promise<StandIn> {
  const processes = new Set<object>()
  const upgrades: string[] = []
  const access: PodAccess = {
    container(_namespace, pod, container) {
      if (pod !== 'box') throw notFound('pods', pod)
      if (container && container !== 'shell') throw badRequest(`container ${container} is not valid for pod ${pod}`)
      return shell(processes)
    },
    async dial(_namespace, _pod, port) {
      const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true })
      await once(socket, 'connect')
      return socket
    },
  }
  const streams = createStreams(access)
  const server = createServer((request, response) => answer(request.url ?? '', response))
  server.on('upgrade', (request, socket, head) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://cluster')
    const [, namespace = '', pod = '', kind = ''] =
      /^\/api\/v1\/namespaces\/([^/]+)\/pods\/([^/]+)\/([a-z]+)$/.exec(pathname) ?? []
    upgrades.push(`${kind} ${request.headers['sec-websocket-protocol'] ?? request.headers.upgrade}`)
    streams.upgrade(request, socket, head, { kind: kind as StreamTarget['kind'], namespace, pod, query: searchParams })
  })
  await listen(server)
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get running() {
      return processes.size
    },
    upgrades,
    async close() {
      streams.close()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

export async function listen(server: Server | ReturnType<typeof import('node:net').createServer>): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** A container whose programs are this machine's. */
function shell(processes: Set<object>): RunningContainer {
  const run = (argv: readonly string[], streams: Attachment): Promise<number> =>
    streams.tty ? runInTerminal(argv, streams, processes) : runPlain(argv, streams, processes)
  return {
    id: 'containerd://0',
    imageId: 'sha256:0',
    meter: createMeter({ now: () => Date.now() }),
    exited: new Promise(() => {}),
    stop: () => Promise.reject(new Error('not here')),
    exec: run,
    attach: async streams => void (await run(['/bin/sh', '-c', 'read line; echo "main process got $line"'], streams)),
    async *logs() {},
    save: () => ({ id: 'containerd://0', imageId: 'sha256:0', log: [], mark: {} }),
  }
}

async function runPlain([file = '', ...args]: readonly string[], streams: Attachment, processes: Set<object>): Promise<number> {
  const child = spawn(file, args)
  await Promise.race([once(child, 'spawn'), once(child, 'error').then(([error]) => Promise.reject(error))])
  processes.add(child)
  streams.signal.addEventListener('abort', () => child.kill('SIGKILL'))
  child.stdin.on('error', () => {}) // the child reads no further
  void feed(child, streams)
  const [[exitCode]] = await Promise.all([
    once(child, 'exit'),
    (async () => {
      for await (const bytes of child.stdout) await streams.stdout(bytes)
    })(),
    (async () => {
      for await (const bytes of child.stderr) await streams.stderr(bytes)
    })(),
  ])
  processes.delete(child)
  return exitCode ?? 137
}

async function feed(child: ChildProcess & { stdin: NodeJS.WritableStream }, streams: Attachment): Promise<void> {
  for await (const bytes of streams.stdin ?? []) if (!child.stdin.write(bytes)) await once(child.stdin, 'drain').catch(() => {})
  child.stdin.end()
}

async function runInTerminal(
  [file = '', ...args]: readonly string[],
  streams: Attachment,
  processes: Set<object>,
): Promise<number> {
  const { tty } = streams
  const child = pty.spawn(file, args, { cols: tty!.columns, rows: tty!.rows, encoding: null })
  processes.add(child)
  tty!.onResize((columns, rows) => child.resize(columns, rows))
  streams.signal.addEventListener('abort', () => child.kill('SIGKILL'))
  child.onData(data => void streams.stdout(Buffer.from(data)))
  void (async () => {
    for await (const bytes of streams.stdin ?? []) child.write(Buffer.from(bytes))
  })()
  const exitCode = await new Promise<number>(resolve => child.onExit(exit => resolve(exit.exitCode)))
  processes.delete(child)
  return exitCode
}

const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'box', namespace: 'default', uid: '1', resourceVersion: '1' },
  spec: { containers: [{ name: 'shell', image: 'busybox', stdin: true }] },
  status: { phase: 'Running', podIP: '127.0.0.1' },
}
const resources = [
  { name: 'pods', singularName: 'pod', namespaced: true, kind: 'Pod', verbs: ['get', 'list'] },
  ...['pods/exec', 'pods/attach', 'pods/portforward'].map(name => ({
    name,
    singularName: '',
    namespaced: true,
    kind: 'Pod',
    verbs: ['create'],
  })),
]
const documents: Record<string, object> = {
  '/version': { major: '1', minor: '36', gitVersion: 'v1.36.2' },
  '/api': { kind: 'APIVersions', versions: ['v1'] },
  '/apis': { kind: 'APIGroupList', apiVersion: 'v1', groups: [] },
  '/api/v1': { kind: 'APIResourceList', groupVersion: 'v1', resources },
  '/api/v1/namespaces/default/pods/box': pod,
}

function answer(url: string, response: ServerResponse): void {
  const path = url.split('?')[0] ?? ''
  const document = documents[path]
  const name = path.split('/').at(-1) ?? ''
  response.writeHead(document ? 200 : 404, { 'Content-Type': 'application/json' })
  response.end(JSON.stringify(document ?? notFound('pods', name).status))
}
