// Follows a change of snapd to its end, by its open interface, through restarts of snapd and of ourselves.

import * as z from 'zod/mini'
import { AppError } from '../contract/errors.ts'
import type { RunContext } from './run-context.ts'
import { problemOfChange } from './snap-problem.ts'

const task = z.object({
  kind: z.string(),
  summary: z.string(),
  status: z.string(),
  progress: z.optional(z.object({ label: z.string(), done: z.number(), total: z.number() })),
})
const snapdChange = z.object({
  id: z.string(),
  kind: z.string(),
  summary: z.string(),
  status: z.string(),
  ready: z.boolean(),
  err: z.optional(z.string()),
  tasks: z.optional(z.array(task)),
})
export type SnapdChange = z.infer<typeof snapdChange>

/** Installing the snapd snap restarts snapd; a slow disk makes that long. */
const silencePatienceMs = 120_000
const pollMs = 250

/** Pure: tasks done of all, and the words of the one that is being done. A download counts by its own bytes. */
export const progressOf = ({ tasks = [], summary }: SnapdChange): { done: number; total: number; label: string } => {
  const finished = tasks.filter(({ status }) => ['Done', 'Undone', 'Hold', 'Error'].includes(status)).length
  const doing = tasks.find(({ status }) => status === 'Doing' || status === 'Undoing')
  const share = doing?.progress && doing.progress.total > 1 ? doing.progress.done / doing.progress.total : 0
  return { done: Math.round((finished + share) * 100) / 100, total: tasks.length, label: doing?.summary ?? summary }
}

type Context = Pick<RunContext, 'machine' | 'clock' | 'tell'>

/** @throws AppError setup.snapFailed and its kin where snapd took the change back; setup.snapdSilent */
export const followChange = async ({ machine, clock, tell }: Context, id: string): Promise<void> => {
  let silentSince: number | undefined
  let last = ''
  for (;;) {
    const { status, result } = await machine.snapd(`/v2/changes/${id}`)
    const read = snapdChange.safeParse(result)
    if (status === 200 && read.success) {
      if (silentSince !== undefined) tell({ type: 'wait-over' })
      silentSince = undefined
      const change = read.data
      const progress = progressOf(change)
      const key = JSON.stringify(progress)
      if (key !== last) tell({ type: 'progress', ...progress })
      last = key
      if (change.ready) {
        if (change.status === 'Done') return
        throw problemOfChange(change.summary, change.err ?? change.status)
      }
    } else {
      const now = clock.now()
      if (silentSince === undefined) tell({ type: 'wait', code: 'snapd', facts: {}, since: now })
      silentSince ??= now
      if (now - silentSince > silencePatienceMs) throw new AppError('setup.snapdSilent', { words: String(result).slice(0, 200) })
    }
    await clock.sleep(pollMs)
  }
}

/** Changes that are under way for a snap: ours of a run that was killed, or somebody else's. */
export const changesUnderWay = async ({ machine }: Pick<RunContext, 'machine'>, snap: string): Promise<SnapdChange[]> => {
  const { status, result } = await machine.snapd(`/v2/changes?select=in-progress&for=${snap}`)
  const read = z.array(snapdChange).safeParse(result)
  return status === 200 && read.success ? read.data : []
}

/** Waits until nobody is at work on these snaps. How it ended is not asked: the machine is looked at again anyway. */
export const settleSnaps = async (context: Context, snaps: readonly string[]): Promise<void> => {
  for (const snap of snaps)
    for (const change of await changesUnderWay(context, snap)) {
      context.tell({ type: 'wait', code: 'snapd', facts: {}, since: context.clock.now() })
      await followChange(context, change.id).catch(error => {
        if (error instanceof AppError && error.code === 'setup.snapdSilent') throw error
      })
      context.tell({ type: 'wait-over' })
    }
}

/** snapd on a machine that has it; without it there is nobody to wait for. */
const snapdProgram = '/usr/lib/snapd/snapd'

/** Starting anew takes snapd seconds, on a slow disk half a minute. Returns in any case: looking again tells. */
export const awaitSnapd = async ({ machine, clock, tell }: Context): Promise<void> => {
  if ((await machine.info(snapdProgram)) === undefined) return
  const since = clock.now()
  for (let told = false; ; told = true) {
    if ((await machine.snapd('/v2/system-info')).status === 200) {
      if (told) tell({ type: 'wait-over' })
      return
    }
    if (!told) tell({ type: 'wait', code: 'snapd', facts: {}, since })
    if (clock.now() - since > silencePatienceMs) return
    await clock.sleep(500)
  }
}

/** Until snapd answers and is at work on nothing that Setup installs: in the midst of a change a snap looks absent or disabled. */
export const awaitQuiet = async (context: Context): Promise<void> => {
  await awaitSnapd(context)
  await settleSnaps(context, ['snapd', 'core22', 'microk8s'])
}
