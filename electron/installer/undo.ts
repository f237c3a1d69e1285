// Takes back exactly what was changed, the last change first; then compares the machine with how it was before.

import { AppError } from '../contract/errors.ts'
import { clearConfigLocks, doIt, keepFor } from './act.ts'
import { awaitQuiet } from './follow.ts'
import { undoOf } from './journal.ts'
import { inForce, type LedgerEntry } from './ledger.ts'
import { installed, revisionsOf, snapsOf } from './look.ts'
import type { RunContext } from './run-context.ts'
import type { Doing } from './step.ts'

/** A base that others stand on stays, and so does snapd's own snap while there is any other. */
const isNeededByOthers = async ({ machine }: RunContext, doing: Doing): Promise<boolean> => {
  if (doing.as !== 'root' || doing.request.verb !== 'snap-remove' || doing.request.snap === 'microk8s') return false
  const { snap } = doing.request
  const snaps = (await snapsOf(machine)) ?? []
  const others = snaps.filter(({ name }) => name !== snap)
  return snap === 'snapd' ? others.length > 0 : others.some(({ base }) => base === snap)
}

/** Somebody else has come to rely on forwarding since: only our file goes, the value stays. */
const withoutHarm = async ({ machine }: RunContext, doing: Doing): Promise<Doing> => {
  const isOff = doing.as === 'root' && doing.request.verb === 'forwarding-remove' && doing.request.was === '0'
  if (!isOff || (await machine.run(['systemctl', 'is-active', '--quiet', 'docker.service'])).code !== 0) return doing
  return { as: 'root', request: { verb: 'forwarding-remove', was: '1' } }
}

/** snapd has nothing to take back where the snap is not there, or is not as we left it. */
const isMoot = async ({ machine }: RunContext, doing: Doing): Promise<boolean> => {
  if (doing.as !== 'root') return false
  const { request } = doing
  switch (request.verb) {
    case 'snap-remove':
      return (await installed(machine, request.snap)).state === 'absent'
    case 'snap-unhold':
    case 'snap-switch':
    case 'microk8s-disable':
      return (await installed(machine, 'microk8s')).state === 'absent'
    case 'snap-revert': {
      const found = await installed(machine, 'microk8s')
      return found.state === 'absent' || (found.state === 'installed' && found.snap.revision !== request.from)
    }
    case 'snap-drop': {
      const found = await installed(machine, 'microk8s')
      const isInUse = found.state === 'installed' && found.snap.revision === request.revision
      return isInUse || (await revisionsOf(machine, 'microk8s'))?.includes(request.revision) === false
    }
    default:
      return false
  }
}

/** snapd lets older revisions go when newer ones come: then there is none to go back to. */
const isLost = async ({ machine }: RunContext, doing: Doing): Promise<boolean> =>
  doing.as === 'root' &&
  doing.request.verb === 'snap-revert' &&
  (await revisionsOf(machine, 'microk8s'))?.includes(doing.request.to) === false

/** Safe to repeat: each undoing looks at what is there. @throws AppError of the first undoing that fails; the entry stays in force */
export const takeBack = async (context: RunContext, { intended }: LedgerEntry): Promise<'done' | 'kept'> => {
  const { journal, tell, clock } = context
  const { id, step, what, facts } = intended
  const startedAt = clock.now()
  tell({ type: 'undo', what, facts, state: 'started', ms: 0 })
  journal.write({ type: 'change-undoing', id })
  let state: 'done' | 'kept' = 'done'
  for (const doing of undoOf(intended)) {
    if (await isMoot(context, doing)) continue
    if ((await isNeededByOthers(context, doing)) || (await isLost(context, doing))) state = 'kept'
    else await doIt(context, await withoutHarm(context, doing), keepFor(context, step))
  }
  journal.write({ type: 'change-undone', id })
  tell({ type: 'undo', what, facts, state, ms: clock.now() - startedAt })
  return state
}

/** Gone with MicroK8s where it is ours to remove: nothing is to be taken back one by one. */
const goesAlong = (entries: readonly LedgerEntry[]) => {
  const removes = entries.some(({ intended }) => intended.what === 'microk8s-installed')
  return ({ intended }: LedgerEntry): boolean => removes && intended.goesWith === 'microk8s'
}

/** The order of undoing: the last change first, but what goes with MicroK8s only after it. Pure. */
export const undoOrder = (entries: readonly LedgerEntry[]): { one: LedgerEntry; along: boolean }[] => {
  const along = goesAlong(entries)
  return entries.map(one => ({ one, along: along(one) }))
}

/** @throws AppError setup.stopped, or of the undoing that failed: run again, it goes on from there */
export const undoAll = async (context: RunContext): Promise<void> => {
  const { journal, stop, tell } = context
  await awaitQuiet(context)
  await clearConfigLocks(context)
  const order = undoOrder(inForce(journal.events))
  let refused: AppError | undefined
  const rest = order.filter(({ along }) => along)
  for (const { one, along } of order) {
    if (stop.asked) throw new AppError('setup.stopped')
    if (along) continue
    try {
      await takeBack(context, one)
    } catch (error) {
      // A file of the user's that cannot be edited now must not keep the rest of the machine as it is.
      if (!(error instanceof AppError && ['setup.kubeconfig', 'setup.shellFile'].includes(error.code))) throw error
      refused ??= error
    }
    if (one.intended.what !== 'microk8s-installed') continue
    for (const { one: gone } of rest) {
      // Written before MicroK8s came, such as its images, may lie there still: looked at as everything else.
      const isEarly = gone.intended.what === 'images-placed' || gone.intended.what === 'launch-written'
      if (isEarly) await takeBack(context, gone)
      else {
        journal.write({ type: 'change-undoing', id: gone.intended.id })
        journal.write({ type: 'change-undone', id: gone.intended.id })
        tell({ type: 'undo', what: gone.intended.what, facts: gone.intended.facts, state: 'done', ms: 0 })
      }
    }
  }
  if (refused !== undefined) throw refused
}
