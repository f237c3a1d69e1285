// What the API server asks of the kubelet for exec, attach, logs and port-forward.

import type { Duplex } from 'node:stream'
import type { RunningContainer } from './runtime.ts'

/** Every method throws StatusError in Kubernetes' words (unknown container, Pod not running, several containers). */
export interface PodAccess {
  /**
   * The newest instance of a container, running or ended, or with `previous` the one before it; the only one where no name is given.
   * `use` chooses the words where there is none yet.
   */
  container(namespace: string, pod: string, container?: string, previous?: boolean, use?: 'exec' | 'logs'): RunningContainer
  /** Connects to a port of the Pod, as port-forward does. */
  dial(namespace: string, pod: string, port: number): Promise<Duplex>
}
