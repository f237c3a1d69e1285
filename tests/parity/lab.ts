// Replays one recorded lab with one kubectl on a practice cluster of its own, and tells what differs.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Kubectl } from '../../build/kubectls.ts'
import { createPractice } from '../../electron/practice/practice.ts'
import { normalise, podName, replicaSetName } from './normalise.ts'
import { type CommandStep, readRecording } from './recording.ts'

export interface Difference {
  step: string
  /** Lines only of the recording, and only of the practice cluster. */
  missing: string[]
  extra: string[]
}

export interface Replay {
  matched: number
  /** Commands whose answer is of its moment or of another kubectl version, and that answered otherwise here. */
  passed: number
  differences: Difference[]
  /** Bugs that the cluster told of itself. */
  faults: string[]
}

const manifests = fileURLToPath(new URL('manifests', import.meta.url))

/** What depends on the image's contents, which are the practice cluster's own: only what every such image must answer. */
const ofTheImage: readonly [command: RegExp, answer: RegExp][] = [
  [/^(lan)?curl [\d.]+$/, /<h1>Welcome to OpenResty!?<\/h1>/],
  [/^curl -i /, /^HTTP\/1\.1 404 Not Found\r?\n[\s\S]*<h1>404 Not Found<\/h1>/],
  [/ -- ps$/, /^PID +USER +(TIME +)?COMMAND\n +1 root .*nginx: master process[\s\S]* ps$/],
  [
    /^kubectl logs /,
    /^10\.\S+ - - \[\d\d\/[A-Z][a-z]{2}\/\d{4}:[\d:]{8} \+0000\] "GET \/ HTTP\/1\.1" 200 \d+ "-" "curl\/[\d.]+"$/,
  ],
]

/** Printed by kubectl itself, each version in its own way: held against the recording for the version that was recorded. */
const isOfTheClient = (command: string) => /^kubectl (describe|get pod openresty -oyaml)/.test(command)

/** A state on its way to the next: caught in time or not, as on a real cluster. */
const isPassing = (step: CommandStep) => /ContainerCreating|Terminating/.test(step.output)

/** How often a table is asked for again, every 100 ms, while a controller has something left to write. */
const attempts = 50

export async function replay(name: string, { path }: Kubectl, isRecorded: boolean): Promise<Replay> {
  const faults: string[] = []
  const practice = await createPractice({ nodes: 1, onError: (where, error) => faults.push(`${where}: ${error}`) })
  const home = await mkdtemp(join(tmpdir(), 'parity-'))
  await writeFile(join(home, 'config'), practice.kubeconfig)
  const environment = { PATH: process.env.PATH, HOME: home, KUBECONFIG: join(home, 'config'), TZ: 'UTC' }
  const result: Replay = { matched: 0, passed: 0, differences: [], faults }
  try {
    await pullImage()
    for (const step of readRecording(name)) {
      if (step.kind === 'wait') {
        await waitUntil(step.until)
        continue
      }
      const found = await compare(step)
      if (!found) result.matched++
      else if (isPassing(step) || (isOfTheClient(step.command) && !isRecorded)) result.passed++
      else result.differences.push(found)
    }
    return result
  } finally {
    await practice.stop()
    await rm(home, { recursive: true })
  }

  async function run(file: string, args: string[]): Promise<{ code: number; output: string }> {
    // As in a learner's terminal, curl reaches the Pod network through the proxy, and kubectl its server without.
    const env = file === 'curl' ? { ...environment, http_proxy: practice.httpProxy } : environment
    const child = spawn(file, args, { cwd: manifests, env, stdio: ['ignore', 'pipe', 'pipe'] })
    const [[code], out, err] = await Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)])
    return { code: code as number, output: out + err }
  }

  /** The recorded node had the image before its first Pod. */
  async function pullImage(): Promise<void> {
    const pod = '01-pod/openresty-pod.yaml'
    await run(path, ['apply', '-f', pod])
    await waitUntil('pod Ready')
    await run(path, ['delete', '-f', pod])
    // Its Events would be listed with those of the next Pod of its name.
    await run(path, ['delete', 'events', '--all'])
  }

  /** Runs a command of the recording, with the names and addresses that its objects have here. */
  async function runRecorded(command: string): Promise<{ code: number; output: string }> {
    const pods = practice.registry.store.list('pods', 'default')
    const replicaSets = practice.registry.store.list('replicasets.apps', 'default')
    const [file, ...args] = command
      .replace(podName, () => pods[0]?.metadata.name ?? 'none')
      .replace(replicaSetName, () => replicaSets[0]?.metadata.name ?? 'none')
      .replace(/10\.(42|210)\.\d+\.\d+/, () => (pods[0]?.status as { podIP?: string } | undefined)?.podIP ?? '0.0.0.0')
      .split(' ')
    return file === 'kubectl' ? run(path, args) : run('curl', ['--silent', '--max-time', '10', ...args])
  }

  async function waitUntil(until: string): Promise<void> {
    const wanted = until.includes('gone') ? 0 : Number(/\d+/.exec(until)?.[0] ?? 1)
    for (let left = 300; left > 0; left--) {
      const pods = practice.registry.store.list('pods', 'default')
      const ready = pods.filter(({ metadata, status }) => {
        const { conditions = [] } = (status ?? {}) as { conditions?: { type: string; status: string }[] }
        return !metadata.deletionTimestamp && conditions.some(({ type, status }) => type === 'Ready' && status === 'True')
      })
      if (pods.length === wanted && ready.length === wanted) return
      await sleep(100)
    }
    throw new Error(`waited in vain until ${until}`)
  }

  /** One command: what differs from the recording, if anything does. */
  async function compare(step: CommandStep): Promise<Difference | undefined> {
    const own = ofTheImage.find(([command]) => command.test(step.command))?.[1]
    const expected = `${normalise(step.output)}\nexit code ${step.code}`
    const isCompared = !isPassing(step) && (isRecorded || !isOfTheClient(step.command))
    for (let left = isCompared && /^kubectl (get|describe)/.test(step.command) ? attempts : 1; ; ) {
      const { code, output } = await runRecorded(step.command)
      const actual = `${normalise(output)}\nexit code ${code}`
      if (own ? own.test(output.trim()) && code === step.code : actual === expected) return undefined
      left--
      if (left === 0) return { step: `${name}:${step.line} ${step.command}`, ...difference(own ? String(own) : expected, actual) }
      await sleep(100)
    }
  }
}

/** Lines of one text and not of the other, or both whole where only their order or number differs. */
function difference(expected: string, actual: string): { missing: string[]; extra: string[] } {
  const [left, right] = [expected.split('\n'), actual.split('\n')]
  const missing = left.filter(line => !right.includes(line))
  const extra = right.filter(line => !left.includes(line))
  return missing.length + extra.length > 0 ? { missing, extra } : { missing: left, extra: right }
}
