// Replays one recorded lab with one kubectl on a practice cluster of its own, and tells what differs.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Kubectl } from '../../build/kubectls.ts'
import { type LabCluster, podsOf, startLab } from './cluster.ts'
import { differenceAt, isOfTheClient, isPassing, listedAt } from './differences.ts'
import { normalise, podName, replicaSetName } from './normalise.ts'
import { type CommandStep, readRecording } from './recording.ts'

export interface Replay {
  commands: number
  equal: number
  /** Listed as different on purpose, and so found. */
  listed: number
  /** Of their moment or of another kubectl's words, and answered otherwise here. */
  passed: number
  problems: { step: string; missing: string[]; extra: string[] }[]
  /** Bugs that the cluster told of itself. */
  faults: string[]
}

/** How often a table is asked for again, every 100 ms, while a controller has something left to write. */
const attempts = 50
/** What lasted longer than this on the recorded cluster is waited for on a faster clock. */
const longSeconds = 10

/** The recorded node had these before its first Pod. */
const images = ['openresty/openresty:latest', 'openresty/openresty:alpine', 'busybox', 'redis:4.0.12-alpine']

export async function replay(name: string, kubectl: Kubectl, isRecorded: boolean): Promise<Replay> {
  const lab = await startLab(kubectl)
  const result: Replay = { commands: 0, equal: 0, listed: 0, passed: 0, problems: [], faults: [] }
  try {
    await pullImages(lab)
    const seen = new Set<string>()
    let others = 0
    for (const step of readRecording(name)) {
      if (step.kind === 'wait') {
        // The recorder waited for its busybox beside the counted ones.
        others = step.until === 'busybox' ? 1 : others
        if (step.until !== 'busybox')
          await lab.ready(
            step.until.includes('gone') ? 0 : Number(/^\d+/.exec(step.until)?.[0] ?? 1) + (name === '03-service' ? 1 : 0),
          )
        continue
      }
      result.commands++
      seen.add(step.at)
      await judge(step)
    }
    for (const at of listedAt(name))
      if (!seen.has(at)) result.problems.push({ step: `${at} is listed, and no command`, missing: [], extra: [] })
    return result
  } finally {
    result.faults = await lab.done()
  }

  async function judge(step: CommandStep): Promise<void> {
    const listed = differenceAt(step.at)
    const isFree = isPassing(step.at) || (!isRecorded && isOfTheClient(step.command))
    const expected = `${normalise(step.output)}\nexit code ${step.code}`
    const mayWait = /^kubectl (get|describe) /.test(step.command) && !isFree && !listed
    for (let left = mayWait ? attempts : 1; ; ) {
      const { code, output } = await run(step)
      const actual = `${normalise(output)}\nexit code ${code}`
      if (actual === expected && !listed) return void result.equal++
      if (listed && actual !== expected && new RegExp(listed.answer).test(output.trim())) return void result.listed++
      if (isFree) return void result.passed++
      left--
      if (left > 0) await sleep(100)
      else {
        const found =
          actual === expected
            ? { missing: [], extra: ['as recorded, but listed as different'] }
            : compare(listed?.answer ?? expected, actual)
        return void result.problems.push({ step: `${step.at} ${step.command}`, ...found })
      }
    }
  }

  /** Runs a command of the recording, with the names and addresses that its objects have here. */
  async function run({ command, seconds }: CommandStep): Promise<{ code: number; output: string }> {
    const { store } = lab.practice.registry
    const [pod] = podsOf(lab.practice)
    const ports = store
      .list('services', 'default')
      .flatMap(({ spec }) => (spec as { ports?: { nodePort?: number }[] }).ports ?? [])
    const port = ports.find(({ nodePort }) => nodePort)?.nodePort
    const line = command
      .replace(podName, () => pod?.metadata.name ?? 'none')
      .replace(replicaSetName, () => store.list('replicasets.apps', 'default')[0]?.metadata.name ?? 'none')
      .replace(/10\.42\.\d+\.\d+/, () => pod?.podIP ?? '0.0.0.0')
      .replace(/(?<=10\.210\.0\.2:)3\d{4}/, () => String(port ?? 0))
    if (seconds < longSeconds) return lab.sh(line)
    lab.practice.clock.setSpeed(longSeconds)
    try {
      return await lab.sh(line)
    } finally {
      lab.practice.clock.setSpeed(1)
    }
  }
}

async function pullImages(lab: LabCluster): Promise<void> {
  for (const [index, image] of images.entries()) await lab.sh(`kubectl run pull-${index} --image=${image} --restart=Never`)
  for (let left = 100; left > 0; left--) {
    const { output } = await lab.sh('kubectl get events')
    if (output.split('\n').filter(line => / Pulled /.test(line)).length >= images.length) break
    await sleep(50)
  }
  await lab.sh('kubectl delete pods --all --grace-period=0 --force')
  // Their Events would be listed with those of the next Pods.
  await lab.sh('kubectl delete events --all')
}

/** Lines of one text and not of the other, or both whole where only their order or number differs. */
function compare(expected: string, actual: string): { missing: string[]; extra: string[] } {
  const [left, right] = [expected.split('\n'), actual.split('\n')]
  const missing = left.filter(line => !right.includes(line))
  const extra = right.filter(line => !left.includes(line))
  return missing.length + extra.length > 0 ? { missing, extra } : { missing: left, extra: right }
}
