// Does one command of a step: the change is in the journal before it happens and after it has.

import { dirname } from 'node:path'
import { AppError } from '../contract/errors.ts'
import type { StepId } from '../contract/setup.ts'
import { clearDead } from '../platform/shared-file.ts'
import { removeIfEmpty } from '../platform/system-files.ts'
import { addAlias, removeAlias } from './alias.ts'
import { followChange, settleSnaps } from './follow.ts'
import { removeHello, runHello } from './hello.ts'
import type { RootRequest } from './helper/verbs.ts'
import { kubeconfigPaths, kubeconfigRecord, mergeKubeconfig, removeKubeconfig } from './kubeconfig/index.ts'
import type { RootAnswer } from './machine.ts'
import type { RunContext } from './run-context.ts'
import { shownDoing } from './shown-command.ts'
import type { ChangeSpec, Command, Doing, UserAct } from './step.ts'
import { waitAddons, waitImages, waitPods, waitReady } from './waits.ts'

/** Times that a busy snapd is asked again. */
const busyTries = 30

/** Asks the helper; follows what snapd was told to do, and waits where snapd is at work for somebody else. */
export const askRoot = async (context: RunContext, request: RootRequest): Promise<RootAnswer> => {
  const session = await context.root()
  const snap = 'snap' in request ? request.snap : request.verb.startsWith('snap-') ? 'microk8s' : undefined
  for (let tries = 1; ; tries++) {
    if (snap !== undefined) await settleSnaps(context, [snap])
    try {
      const answer = await session.ask(request, line => context.tell({ type: 'log', line }))
      if (answer.change !== undefined) await followChange(context, answer.change)
      return answer
    } catch (error) {
      const isBusy = error instanceof AppError && (error.code === 'setup.snapBusy' || error.code === 'setup.snapdSilent')
      if (!isBusy || snap === undefined || tries >= busyTries) throw error
      if (tries === 1) context.tell({ type: 'wait', code: 'snapd', facts: {}, since: context.clock.now() })
      await context.clock.sleep(2000)
    }
  }
}

/** A change's life in the journal. */
export interface Keeping {
  intend(change: ChangeSpec): string
  made(id: string, after: string): void
}

export const keepFor = ({ journal }: RunContext, step: StepId): Keeping => ({
  intend: ({ what, facts = {}, before, after, undo, losesData, temporary, goesWith }) => {
    // One change, one id: unique in the whole journal.
    const id = `c${journal.events.filter(({ type }) => type === 'change-intended').length + 1}`
    journal.write({
      type: 'change-intended',
      id,
      step,
      what,
      facts,
      before,
      after,
      undo: undo as never,
      ...(losesData ? { losesData } : {}),
      ...(temporary ? { temporary } : {}),
      ...(goesWith ? { goesWith } : {}),
    })
    return id
  },
  made: (id, after) => journal.write({ type: 'change-made', id, after }),
})

/** The merge keeps its own record of the file, known only when it holds the file's lock. */
const mergeConfig = async (context: RunContext, keeping: Keeping): Promise<void> => {
  const { machine, clock } = context
  const { code, stdout, stderr } = await askRoot(context, { verb: 'look-config' })
  if (code !== 0)
    throw new AppError('setup.command', { command: 'microk8s config --use-loopback', code, words: stderr.slice(-300) })
  const folders = kubeconfigPaths(machine.env, machine.user.home).map(path => dirname(path))
  const there = await Promise.all(folders.map(async folder => ((await machine.info(folder)) === undefined ? [] : [folder])))
  let id: string | undefined
  const request = { env: machine.env, home: machine.user.home, clock, config: stdout }
  const outcome = await mergeKubeconfig(request, async record => {
    const { path, before, backup } = record
    const folder = dirname(path)
    const made = there.flat().includes(folder) ? {} : { folder }
    id = keeping.intend({
      what: 'kubeconfig-merged',
      facts: { path, ...(backup === null ? {} : { backup }) },
      before: before === null ? 'absent' : `sha256:${before}`,
      after: `sha256:${record.after}`,
      undo: [{ as: 'user', does: { type: 'kubeconfig-remove', record, ...made } }],
    })
  })
  if (outcome.state === 'refused') throw new AppError('setup.kubeconfig', { ...outcome.facts, reason: outcome.reason })
  if (id !== undefined && outcome.state === 'merged') keeping.made(id, `sha256:${outcome.record.after}`)
}

/** A run that was killed while it held kubectl's lock, before it wrote of it: nothing else would ever take the lock away. */
export const clearConfigLocks = async ({ machine }: RunContext): Promise<void> => {
  for (const path of kubeconfigPaths(machine.env, machine.user.home)) {
    const lock = `${path}.lock`
    if ((await machine.info(lock)) === undefined) continue
    await clearDead(lock)
    if ((await machine.info(lock)) === undefined) await removeIfEmpty(dirname(path))
  }
}

const removeConfig = async ({ machine, clock }: RunContext, record: unknown, folder?: string): Promise<void> => {
  const read = kubeconfigRecord.safeParse(record)
  const outcome = await removeKubeconfig(
    { env: machine.env, home: machine.user.home, clock },
    read.success ? read.data : undefined,
  )
  if (outcome.state === 'refused') throw new AppError('setup.kubeconfig', { ...outcome.facts, reason: outcome.reason })
  if (folder !== undefined) await removeIfEmpty(folder)
}

const actAsUser = (context: RunContext, does: UserAct, keeping: Keeping): Promise<void> => {
  switch (does.type) {
    case 'kubeconfig-merge':
      return mergeConfig(context, keeping)
    case 'kubeconfig-remove':
      return removeConfig(context, does.record, does.folder)
    case 'alias-add':
      return addAlias(does.path)
    case 'alias-remove':
      return removeAlias(does.path, does.made)
    case 'wait-ready':
      return waitReady(context)
    case 'wait-images':
      return waitImages(context)
    case 'wait-addons':
      return waitAddons(context)
    case 'wait-pods':
      return waitPods(context)
    case 'hello-run':
      return runHello(context, does.image)
    case 'hello-remove':
      return removeHello(context)
  }
}

/** Without any journal: for what only looks, waits, or takes back. */
export const doIt = async (context: RunContext, doing: Doing, keeping: Keeping): Promise<void> => {
  if (doing.as === 'root') await askRoot(context, doing.request)
  else await actAsUser(context, doing.does, keeping)
}

/** @throws AppError for what went wrong; the change then stands in the journal as intended and not as made */
export const act = async (context: RunContext, step: StepId, command: Command): Promise<void> => {
  const keeping = keepFor(context, step)
  context.tell({ type: 'command', text: shownDoing(command), as: command.as, why: command.why })
  const id = command.change === undefined ? undefined : keeping.intend(command.change)
  await doIt(context, command, keeping)
  if (id !== undefined && command.change !== undefined) keeping.made(id, command.change.after)
}
