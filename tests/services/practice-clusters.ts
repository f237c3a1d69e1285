// Clusters of which one can be used, a real practice process, and a real kubectl that speaks to it: what a service is given in a test.

import { join } from 'node:path'
import { type Clusters, createClusters } from '../../electron/cluster/index.ts'
import { realClock } from '../../electron/platform/clock.ts'
import { readText, writeWhole } from '../../electron/platform/files.ts'
import { launch } from '../../electron/platform/launch.ts'
import { run } from '../../electron/platform/run.ts'

export const practiceClusters = (folder: string): Clusters =>
  createClusters({
    clock: realClock,
    machine: { env: { KUBECONFIG: join(folder, 'user') }, home: folder, read: readText, microk8sConfig: async () => undefined },
    folder: join(folder, 'private'),
    writePrivate: writeWhole,
    launchPractice: async signal => {
      const process = await launch({ file: 'electron/practice/main.ts', signal })
      return { ...(process.ready as { kubeconfig: string; readyMs: number }), exited: process.exited, stop: process.stop }
    },
  })

/** Runs a kubectl on the current cluster. */
export const kubectlOn = async (clusters: Clusters, path: string, ...args: string[]): Promise<string> => {
  const { env } = await clusters.ready()
  const { stdout } = await run([path, ...args], { env: { ...process.env, ...env }, timeout: 30_000 })
  return stdout
}

/** The first of a stream's events that fits. */
export const first = async <T>(stream: (signal: AbortSignal) => AsyncIterable<T>, fits: (value: T) => boolean): Promise<T> => {
  const signal = AbortSignal.timeout(30_000)
  let last: T | undefined
  for await (const value of stream(signal)) {
    last = value
    if (fits(value)) return value
  }
  throw new Error(`never: ${JSON.stringify(last)}`)
}
