// Lab 04 by hand, with the oldest and the newest kubectl, held against what a real Kubernetes 1.36 answered.

import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { type Kubectl, kubectls } from '../../build/kubectls.ts'
import { createPractice } from '../../electron/practice/practice.ts'
import { normalise } from './normalise.ts'
import { readRecording } from './recording.ts'

const versions = await kubectls()
const [oldest, newest] = [versions[0], versions.at(-1)]
const manifests = fileURLToPath(new URL('manifests', import.meta.url))

/** Printed by kubectl itself, each version in its own way. */
const isOfTheClient = (command: string) => / describe | -oyaml/.test(command)
/** The cluster IP is any; that Endpoints are deprecated is told since 1.33, and not yet here. */
const clean = (text: string) =>
  normalise(text.replace(/^Warning: .*\n/gm, ''))
    .replace(/\b10\.43\.\d+\.\d+\b/g, '<cluster ip>')
    .replace(/ over \d+s\)/g, ' over <age>)')

interface Cluster {
  sh(command: string): Promise<{ code: number; output: string }>
  /** Until so many Pods are Ready and there are no others. */
  ready(count: number): Promise<void>
  done(): Promise<unknown[]>
}

const start = async (kubectl: Kubectl, nodes = 1): Promise<Cluster> => {
  const faults: unknown[] = []
  const practice = await createPractice({ nodes, onError: (where, error) => faults.push(`${where}: ${error}`) })
  const home = await mkdtemp(join(tmpdir(), 'lab04-'))
  await mkdir(join(home, 'bin'))
  await symlink(kubectl.path, join(home, 'bin/kubectl'))
  await writeFile(join(home, 'config'), practice.kubeconfig)
  const env = { PATH: `${join(home, 'bin')}:${process.env.PATH}`, HOME: home, KUBECONFIG: join(home, 'config'), TZ: 'UTC' }
  return {
    sh: command =>
      new Promise(resolve => {
        const child = execFile('bash', ['-c', `{ ${command}; } 2>&1`], { cwd: manifests, env }, (error, stdout) =>
          resolve({ code: error ? Number(error.code) : 0, output: stdout }),
        )
        child.stdin?.end()
      }),
    async ready(count) {
      for (let left = 300; left > 0; left--) {
        const pods = practice.registry.store.list('pods', 'default')
        const isReady = pods.map(({ metadata, status }) => {
          const { conditions = [] } = (status ?? {}) as { conditions?: { type: string; status: string }[] }
          return !metadata.deletionTimestamp && conditions.some(each => each.type === 'Ready' && each.status === 'True')
        })
        if (pods.length === count && isReady.every(Boolean)) return
        await sleep(100)
      }
      throw new Error(`waited in vain for ${count} Pods to be Ready`)
    },
    async done() {
      await practice.stop()
      await rm(home, { recursive: true })
      return faults
    },
  }
}

test('there is a kubectl to test with', () => expect(oldest).toBeDefined())

test.each([oldest, newest].filter(each => each !== undefined))(
  'kubectl $version, lab 04-statefulset',
  async kubectl => {
    const cluster = await start(kubectl)
    const isRecorded = kubectl.version.startsWith('1.36.')
    const differences: unknown[] = []
    let matched = 0
    // The recorded node had the image before its first Pod.
    await cluster.sh('kubectl run pull --image=redis:4.0.12-alpine')
    await cluster.ready(1)
    await cluster.sh('kubectl delete pod pull && kubectl delete events --all')
    for (const step of readRecording('04-statefulset')) {
      if (step.kind === 'wait') {
        await cluster.ready(step.until.includes('gone') ? 0 : Number(/^(\d+)/.exec(step.until)?.[1] ?? 1))
        continue
      }
      const isCompared = isRecorded || !isOfTheClient(step.command)
      const isPassing = /ContainerCreating/.test(step.output)
      for (let left = /^kubectl (get|describe)/.test(step.command) && isCompared && !isPassing ? 50 : 1; ; ) {
        const { code, output } = await cluster.sh(step.command)
        const [expected, actual] = [clean(step.output), clean(output)]
        const isSame = code === step.code && expected === actual
        if (isSame || !isCompared || isPassing) {
          if (isSame) matched++
          expect(code, output).toBe(step.code)
          break
        }
        if (--left === 0) {
          differences.push({ command: step.command, expected, actual, code })
          break
        }
        await sleep(100)
      }
    }
    console.log(
      `kubectl ${kubectl.version}, lab 04-statefulset: ${matched} commands answer as recorded, ${differences.length} differ`,
    )
    expect({ differences, faults: await cluster.done() }).toEqual({ differences: [], faults: [] })
  },
  120_000,
)
