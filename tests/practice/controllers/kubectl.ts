// The newest kubectl at hand, working on the cluster of a test file.

import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { kubectls } from '../../../build/kubectls.ts'
import type { Cluster } from '../api/harness.ts'

const newest = (await kubectls()).at(-1)

export interface Kubectl {
  /** Its output; rejects with all it said where it fails. */
  kubectl(line: string, ...more: string[]): Promise<string>
  apply(name: string, ...manifests: object[]): Promise<string>
  /** Asks again and again until the answer looks as expected. */
  until(ask: () => Promise<string>, expected: RegExp): Promise<void>
}

export const kubectlFor = (cluster: Cluster): Kubectl => {
  const kubectl: Kubectl['kubectl'] = (line, ...more) =>
    new Promise((resolve, reject) => {
      const { folder } = cluster
      const env = { ...process.env, KUBECONFIG: join(folder, 'config'), KUBECACHEDIR: join(folder, 'cache'), HOME: folder }
      execFile(newest?.path ?? 'kubectl', [...line.split(' '), ...more], { env, timeout: 20_000 }, (error, stdout, stderr) => {
        if (error) reject(new Error(`${line}\n${stdout}${stderr}`))
        else resolve(stdout.trim())
      })
    })
  return {
    kubectl,
    apply(name, ...manifests) {
      const file = join(cluster.folder, `${name}.json`)
      writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifests }))
      return kubectl(`apply -f ${file}`)
    },
    async until(ask, expected) {
      for (;;) {
        if (expected.test(await ask())) return
        await new Promise(resolve => setTimeout(resolve, 50))
      }
    },
  }
}

/** A Pod that sleeps; what is not a label or cores goes to its spec. */
export const sleeper = (
  name: string,
  { labels = {}, cpu = '0', ...spec }: { labels?: object; cpu?: string; [field: string]: unknown } = {},
) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, labels },
  spec: {
    terminationGracePeriodSeconds: 0,
    containers: [{ name: 'c', image: 'busybox:1.36', command: ['sleep', '9999'], resources: { requests: { cpu } } }],
    ...spec,
  },
})
