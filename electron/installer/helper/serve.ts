// The helper's conversation: one JSON line a request, lines of log and one answer back, until its input ends.

import { createInterface } from 'node:readline'
import { AppError, toAppError } from '../../contract/errors.ts'
import { realClock } from '../../platform/clock.ts'
import { takeLock } from '../../platform/lock.ts'
import type { RootAnswer } from '../machine.ts'
import { perform } from './perform.ts'
import { helperRequest, type RootRequest } from './verbs.ts'

export interface HelperStreams {
  input: NodeJS.ReadableStream
  write(line: string): void
}

/** An earlier helper whose engine was killed may still be at its last command. */
const lockPath = '/run/kubernetes-hello-world.lock'
const lockPatienceMs = 120_000

const waitForLock = async (): Promise<{ release(): Promise<void> }> => {
  const until = realClock.now() + lockPatienceMs
  for (;;) {
    const lock = await takeLock(lockPath)
    if (lock.held) return lock
    if (realClock.now() > until) throw new AppError('setup.busy', { pid: lock.by.pid })
    await realClock.sleep(200)
  }
}

/** One at a time, in the order in which they came. A request that we do not know is answered, never guessed at. */
export const serveHelper = async ({ input, write }: HelperStreams): Promise<void> => {
  const say = (value: unknown) => write(`${JSON.stringify(value)}\n`)
  // Said first: it tells a refused password from a helper that went wrong.
  say({ ready: 1, uid: process.getuid?.() })
  let lock: { release(): Promise<void> } | undefined
  try {
    for await (const line of createInterface({ input })) {
      const id = idOf(line)
      try {
        const request = parse(line)
        lock ??= await waitForLock()
        say({ id, ok: await perform(request, log => say({ id, log })) } satisfies { id: number; ok: RootAnswer })
      } catch (error) {
        say({ id, error: toAppError(error).toWire() })
      }
    }
  } finally {
    await lock?.release()
  }
}

const idOf = (line: string): number => Number(/^\{"id":(\d{1,9}),/.exec(line)?.[1] ?? -1)

const parse = (line: string): RootRequest => {
  try {
    return helperRequest.parse(JSON.parse(line)).request
  } catch (error) {
    throw new AppError('setup.helperRequest', { words: line.slice(0, 200) }, { cause: error })
  }
}
