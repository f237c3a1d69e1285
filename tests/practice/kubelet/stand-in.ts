// Containers at the edge of kubelet tests: what an image does is one small function; network, clock and all else are real.

import type { Clock } from '../../../electron/platform/clock.ts'
import { createMeter } from '../../../electron/practice/kubelet/load.ts'
import type { Attachment, ContainerSpec, Exit, RunningContainer, Runtime } from '../../../electron/practice/kubelet/runtime.ts'
import type { Network } from '../../../electron/practice/network/network.ts'

export interface Inside {
  spec: ContainerSpec
  clock: Clock
  network: Network
  /** Fires with SIGTERM or SIGKILL. */
  onSignal(listener: (name: 'SIGTERM' | 'SIGKILL') => void): void
  exit(code: number): void
}

/** How a container of this image behaves; every image not named here runs until SIGTERM. */
export type Images = Record<string, (inside: Inside) => void>

export interface StandIn extends Runtime {
  /** Every container ever started, newest last. */
  readonly started: { spec: ContainerSpec; running: boolean; at: number }[]
  execs: Record<string, (argv: readonly string[]) => number>
}

const untilTold = ({ onSignal, exit }: Inside) => onSignal(name => exit(name === 'SIGKILL' ? 137 : 0))

export const createStandIn = (clock: Clock, network: Network, images: Images = {}): StandIn => {
  const started: StandIn['started'] = []
  const execs: StandIn['execs'] = {}
  const isThere = (reference: string) => !reference.includes('nosuch') && !reference.includes('slow')

  const start = (spec: ContainerSpec): RunningContainer => {
    if (spec.command?.[0] === 'nosuchprogram') throw new Error('exec: "nosuchprogram": executable file not found in $PATH')
    const record = { spec, running: true, at: clock.now() }
    started.push(record)
    const ended = Promise.withResolvers<Exit>()
    const listeners: ((name: 'SIGTERM' | 'SIGKILL') => void)[] = []
    const signal = (name: 'SIGTERM' | 'SIGKILL') => {
      for (const listener of listeners) listener(name)
    }
    const exit = (exitCode: number) => {
      record.running = false
      ended.resolve({ exitCode, reason: exitCode === 0 ? 'Completed' : 'Error' })
    }
    const behave = images[spec.image] ?? untilTold
    behave({ spec, clock, network, onSignal: listener => listeners.push(listener), exit })
    return {
      id: `containerd://${started.length}`,
      imageId: 'sha256:1',
      meter: createMeter({ now: () => clock.now() }),
      exited: ended.promise,
      async stop(graceMs) {
        const done = new AbortController()
        void ended.promise.then(() => done.abort())
        if (graceMs > 0) {
          signal('SIGTERM')
          await clock.sleep(graceMs, done.signal).catch(() => undefined)
        }
        if (record.running) {
          signal('SIGKILL')
          exit(137)
        }
        return ended.promise
      },
      exec: async (argv: readonly string[], _: Attachment) => execs[argv[0] ?? '']?.(argv) ?? 127,
      attach: async () => undefined,
      logs: async function* () {},
      save: () => ({ id: `containerd://${started.length}`, imageId: 'sha256:1', log: [], mark: {} }),
    }
  }

  return {
    started,
    execs,
    image: (_, reference) =>
      isThere(reference) ? { reference: `docker.io/library/${reference}`, id: 'sha256:1', sizeBytes: 1000 } : undefined,
    async pull(_, reference, signal) {
      await clock.sleep(300, signal)
      if (reference.includes('nosuch')) throw new Error(`failed to pull and unpack image "${reference}": not found`)
      return { reference: `docker.io/library/${reference}`, id: 'sha256:1', sizeBytes: 1000 }
    },
    start,
  }
}
