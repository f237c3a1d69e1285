// A practice cluster of its own for one kubectl, with the shell of a learner beside it.

import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Kubectl } from '../../build/kubectls.ts'
import { createPractice, type Practice } from '../../electron/practice/practice.ts'

export interface LabCluster {
  practice: Practice
  /** Runs a line as a learner would, in the folder of the manifests. */
  sh(command: string): Promise<{ code: number; output: string }>
  /** Until so many Pods are Ready and there are no others. */
  ready(count: number): Promise<void>
  /** Ends it, and tells the bugs that it complained of. */
  done(): Promise<string[]>
}

const manifests = fileURLToPath(new URL('manifests', import.meta.url))

interface PodStatus {
  podIP?: string
  conditions?: { type: string; status: string }[]
}

/** Pods of the namespace `default`, in the order of their names. */
export const podsOf = ({ registry }: Practice) =>
  registry.store
    .list('pods', 'default')
    .map(({ metadata, status }) => ({ metadata, ...((status ?? {}) as PodStatus) }))
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))

export const startLab = async ({ path }: Kubectl, nodes = 1): Promise<LabCluster> => {
  const faults: string[] = []
  const practice = await createPractice({ nodes, onError: (where, error) => faults.push(`${where}: ${error}`) })
  const home = await mkdtemp(join(tmpdir(), 'lab-'))
  const bin = join(home, 'bin')
  await mkdir(bin)
  await symlink(path, join(bin, 'kubectl'))
  // As in a learner's terminal, curl reaches the cluster's network through the proxy; `lancurl` stood on another machine.
  for (const name of ['curl', 'lancurl']) {
    const script = `#!/bin/sh\nPATH=\${PATH#*:}\nhttp_proxy=${practice.httpProxy} exec curl --silent --max-time 10 "$@"\n`
    await writeFile(join(bin, name), script)
    await chmod(join(bin, name), 0o755)
  }
  await writeFile(join(home, 'config'), practice.kubeconfig)
  const env = { PATH: `${bin}:${process.env.PATH}`, HOME: home, KUBECONFIG: join(home, 'config'), TZ: 'UTC' }
  return {
    practice,
    sh: command =>
      new Promise(resolve => {
        const child = execFile(
          'bash',
          ['-c', `{ ${command}\n} 2>&1`],
          { cwd: manifests, env, maxBuffer: 2 ** 26 },
          (error, stdout) => resolve({ code: error ? Number(error.code) : 0, output: stdout }),
        )
        child.stdin?.end()
      }),
    async ready(count) {
      for (let left = 600; left > 0; left--) {
        const pods = podsOf(practice)
        const isReady = pods.filter(
          ({ metadata, conditions = [] }) =>
            !metadata.deletionTimestamp && conditions.some(({ type, status }) => type === 'Ready' && status === 'True'),
        )
        if (pods.length === count && isReady.length === count) return
        await sleep(50)
      }
      throw new Error(`waited in vain for ${count} Pods: ${JSON.stringify(podsOf(practice))}`)
    },
    async done() {
      await practice.stop()
      await rm(home, { recursive: true })
      return faults
    },
  }
}
