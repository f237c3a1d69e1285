// A container of an image with all its parts, and the ends of its streams, for tests.

import { realClock } from '../../../electron/platform/clock.ts'
import { createRuntime } from '../../../electron/practice/kubelet/containers.ts'
import type { Mount } from '../../../electron/practice/kubelet/runtime.ts'
import { createNetwork } from '../../../electron/practice/network/network.ts'
import { createRandom } from '../../../electron/practice/random.ts'
import { createStore } from '../../../electron/practice/store.ts'

export interface Ran {
  code: number
  out: string
  err: string
  bytes: Buffer
}

export const createCluster = () => {
  const store = createStore()
  const random = createRandom(1)
  const network = createNetwork({ store, clock: realClock, random })
  const runtime = createRuntime({ network, clock: realClock, random })
  return { store, network, runtime, clock: realClock }
}

export interface BoxOptions {
  image?: string
  command?: readonly string[]
  args?: readonly string[]
  mounts?: readonly Mount[]
  env?: Record<string, string>
  tty?: boolean
  stdin?: boolean
  cluster?: ReturnType<typeof createCluster>
}

export const createBox = (options: BoxOptions = {}) => {
  const cluster = options.cluster ?? createCluster()
  const { network, runtime } = cluster
  const ip = network.allocate('node1')
  const { image = 'busybox', mounts = [], env = {}, tty = false, stdin = false } = options
  const command = options.command ?? (options.image ? undefined : ['sleep', '86400'])
  const container = runtime.start({
    namespace: 'default',
    pod: 'box',
    podUid: 'uid',
    name: 'box',
    image,
    ...(command && { command }),
    ...(options.args && { args: options.args }),
    env,
    mounts,
    hostname: 'box',
    ip,
    hostNetwork: false,
    tty,
    stdin,
  })
  const exec = async (argv: readonly string[], input?: string | Uint8Array): Promise<Ran> => {
    const out: Uint8Array[] = []
    const err: Uint8Array[] = []
    const source = async function* () {
      yield typeof input === 'string' ? Buffer.from(input) : input!
    }
    const code = await container.exec(argv, {
      ...(input !== undefined && { stdin: source() }),
      stdout: bytes => void out.push(bytes.slice()),
      stderr: bytes => void err.push(bytes.slice()),
      signal: new AbortController().signal,
    })
    const bytes = Buffer.concat(out)
    return { code, out: bytes.toString(), err: Buffer.concat(err).toString(), bytes }
  }
  const logs = async () => {
    const chunks: Uint8Array[] = []
    const { signal } = new AbortController()
    for await (const chunk of container.logs({ follow: false, timestamps: false, signal })) chunks.push(chunk)
    return Buffer.concat(chunks).toString()
  }
  return {
    ip,
    container,
    cluster,
    exec,
    sh: (script: string, input?: string | Uint8Array) => exec(['sh', '-c', script], input),
    logs,
  }
}

/** A keyboard and a screen for `exec -it`. */
export const createKeyboard = () => {
  const queue: Uint8Array[] = []
  let wake: (() => void) | undefined
  let closed = false
  let screen = ''
  const stdin = (async function* () {
    for (;;) {
      while (queue.length > 0) yield queue.shift()!
      if (closed) return
      await new Promise<void>(resolve => {
        wake = resolve
      })
    }
  })()
  const decoder = new TextDecoder()
  const show = (bytes: Uint8Array) => {
    screen += decoder.decode(bytes, { stream: true })
  }
  return {
    streams: {
      stdin,
      stdout: show,
      stderr: show,
      tty: { columns: 80, rows: 24, onResize: () => {} },
      signal: new AbortController().signal,
    },
    type(text: string) {
      queue.push(Buffer.from(text))
      wake?.()
    },
    close() {
      closed = true
      wake?.()
    },
    screen: () => screen,
  }
}
