// Runs one fault on a machine of its own and judges what came of it: done, or taken back without a difference.

import { rmSync } from 'node:fs'
import { writeBundle } from './bundle.ts'
import type { Fault } from './faults.ts'
import { openMachine, temporaryFolder } from './lab.ts'
import type { Machine } from './machine.ts'
import { allPods, apply, bundlePlace, olderPlace, podsOf, undo } from './person.ts'
import { standIns } from './snaps/pack.ts'
import { difference, takeSnapshot } from './snapshot.ts'
import type { Typed } from './typed.ts'

export interface Outcome {
  name: string
  /** How the run that met the fault ended. */
  ended: string
  next: 'apply' | 'undo'
  /** `done and taken back`, `taken back`, or what is wrong. */
  result: string
  good: boolean
  seconds: number
}

const endOf = ({ code, text }: Typed): string => {
  const id = /KHW-\d{3}/.exec(text)?.[0]
  const how = code === 255 ? 'killed' : code === 0 ? 'done' : `exit ${code}`
  return id === undefined ? how : `${how}, ${id}`
}

/** What a person saw last, without the terminal's own sequences. */
export const lastWords = ({ text }: Typed): string =>
  text
    // biome says nothing of \x1b in a built pattern; these are colours, titles and cleared lines.
    .replace(
      new RegExp(
        `${String.fromCharCode(27)}(\\[[0-9;?]*[A-Za-z]|\\][^${String.fromCharCode(7, 27)}]*(${String.fromCharCode(7)}|${String.fromCharCode(27)}\\\\))`,
        'g',
      ),
      '',
    )
    .trim()
    .split(/\r?\n/)
    .slice(-12)
    .join('\n      ')

class Wrong extends Error {}

const must = (typed: Typed, what: string): void => {
  if (typed.code !== 0) throw new Wrong(`${what} ended with ${typed.code}:\n      ${lastWords(typed)}`)
}

const settle = async (machine: Machine, fault: Fault, bare: Awaited<ReturnType<typeof takeSnapshot>>): Promise<string> => {
  if (fault.next === 'apply') {
    must(await (fault.again ?? apply)(machine), 'the next apply')
    const pods = await podsOf(machine)
    if (pods.join() !== allPods.join()) throw new Wrong(`done, but Pods are ${pods.join(', ')}`)
  }
  must(await undo(machine), 'undo')
  const rest = difference(bare, await takeSnapshot(machine))
  if (rest.length > 0) throw new Wrong(`${rest.length} differences after undo:\n      ${rest.slice(0, 12).join('\n      ')}`)
  return fault.next === 'apply' ? 'done, then taken back' : 'taken back'
}

export const judge = async (fault: Fault): Promise<Outcome> => {
  const startedAt = performance.now()
  const bundle = temporaryFolder()
  await writeBundle(bundle.path, fault.bundle)
  await fault.spoil?.(bundle.path)
  const { microk8s } = await standIns()
  const machine = await openMachine({
    seeded: fault.seeded ?? false,
    binds: [
      [bundle.path, bundlePlace],
      [microk8s.older, olderPlace],
    ],
  })
  let ended = ''
  const outcome = (result: string, good: boolean): Outcome => ({
    ...{ name: fault.name, ended, next: fault.next, result, good },
    seconds: (performance.now() - startedAt) / 1000,
  })
  try {
    await fault.before?.(machine)
    const bare = await takeSnapshot(machine)
    await fault.arrange?.(machine)
    const typed = await (fault.act ?? apply)(machine)
    ended = endOf(typed)
    if (fault.bundle || fault.spoil) {
      for (const name of ['snaps', 'images', 'bundle.lock.json'])
        rmSync(`${bundle.path}/${name}`, { recursive: true, force: true })
      await writeBundle(bundle.path)
    }
    await fault.repair?.(machine)
    if (fault.ends && !fault.ends(typed)) throw new Wrong(`it ended otherwise than it should:\n      ${lastWords(typed)}`)
    return outcome(await settle(machine, fault, bare), true)
  } catch (error) {
    return outcome(error instanceof Error ? error.message : String(error), false)
  } finally {
    await machine.close()
    bundle.rm()
  }
}

/** Judges all, so many at a time, and tells of each as it comes. */
export const judgeAll = async (
  faults: readonly Fault[],
  machines: number,
  tell: (outcome: Outcome) => void,
): Promise<Outcome[]> => {
  const outcomes: Outcome[] = []
  const waiting = [...faults]
  const worker = async () => {
    for (let fault = waiting.shift(); fault; fault = waiting.shift()) {
      const outcome = await judge(fault).catch((error: Error) => ({
        ...{ name: fault.name, ended: 'no machine', next: fault.next, result: error.message, good: false, seconds: 0 },
      }))
      outcomes.push(outcome)
      tell(outcome)
    }
  }
  await Promise.all(Array.from({ length: machines }, worker))
  return outcomes
}

export const rowOf = ({ name, ended, next, result, good, seconds }: Outcome): string =>
  `${good ? 'good ' : 'WRONG'} ${seconds.toFixed(0).padStart(4)} s  ${name.padEnd(78)}  ${ended.padEnd(16)}  ${next.padEnd(5)}  ${result}`
