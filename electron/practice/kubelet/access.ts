// What the API server asks of the kubelet for exec, attach, logs and port-forward.

import type { Duplex } from 'node:stream'
import type { RunningContainer } from './runtime.ts'

/** Every method throws StatusError in Kubernetes' words (unknown container, Pod not running, several containers). */
export interface PodAccess {
  /** The running or, with `previous`, the last ended container; the first one where no name is given. */
  container(namespace: string, pod: string, container?: string, previous?: boolean): RunningContainer
  /** Connects to a port of the Pod, as port-forward does. */
  dial(namespace: string, pod: string, port: number): Promise<Duplex>
}
