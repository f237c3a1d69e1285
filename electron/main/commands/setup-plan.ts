// The plan and the undoing as people read them before they agree.

import { lossesOf, type PlannedStep } from '../../contract/setup.ts'
import { type LedgerEntry, type Machine, volumesOf } from '../../installer/index.ts'
import type { CommandContext } from '../program.ts'

/** `0:04`, `2:10`. */
export const clockTime = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(Math.round(seconds) % 60).padStart(2, '0')}`

const mark: Readonly<Record<PlannedStep['state'], string>> = { done: '●', needed: '○', blocked: '◆', later: '○' }

const sayStep = (step: PlannedStep, number: number, { t, say }: CommandContext, full: boolean): void => {
  const note = step.note === undefined ? '' : t(`setup:notes.${step.note}`, step.facts)
  const tail = {
    done: note,
    needed: t('cli:setup.about', { time: clockTime(step.seconds) }),
    blocked: t('cli:setup.blocked', { note }),
    later: t('cli:setup.later', { note }),
  }[step.state]
  say(`${mark[step.state]} ${String(number).padStart(2)}  ${t(`setup:steps.${step.id}.title`)}  ${tail}`)
  if (!full) return
  for (const command of step.commands) {
    say(`       ${t(`setup:why.${command.why}`)}`)
    for (const line of command.text.split('\n')) say(`         ${command.as === 'root' ? '#' : '$'} ${line}`)
    for (const line of command.content?.trimEnd().split('\n') ?? []) say(`           ${line}`)
  }
  for (const undo of step.undo) for (const line of undo.text.split('\n')) say(`       ${t('cli:setup.undoes')}  # ${line}`)
}

export const sayPlan = (plan: readonly PlannedStep[], context: CommandContext, full: boolean): void => {
  const { t, say } = context
  const done = plan.filter(({ state }) => state === 'done').length
  say(t('cli:setup.title'))
  say(t('cli:setup.planLine', { count: plan.length, done }))
  say('')
  for (const [index, step] of plan.entries()) sayStep(step, index + 1, context, full)
  say('')
  if (done === plan.length) {
    say(t('cli:setup.nothing'))
    return
  }
  const time = clockTime(plan.reduce((sum, { seconds }) => sum + seconds, 0))
  const root = plan.flatMap(({ commands }) => commands).filter(({ as }) => as === 'root').length
  say(root > 0 ? t('cli:setup.estimate', { time, root }) : t('cli:setup.estimateFree', { time }))
}

export const sayUndoPlan = async (entries: readonly LedgerEntry[], machine: Machine, context: CommandContext): Promise<void> => {
  const { t, say } = context
  say(t('cli:setup.undoTitle'))
  say(t('cli:setup.undoLine', { count: entries.length }))
  say('')
  for (const { intended } of entries) say(`○ ${t(`setup:changes.${intended.what}`, intended.facts)}`)
  say('')
  const losses = lossesOf(entries.map(({ intended }) => intended))
  if (losses.includes('newer')) say(`▲ ${t('cli:setup.losesNewer')}`)
  if (!losses.includes('all')) return
  const volumes = await volumesOf(machine)
  if (volumes === undefined) return say(`▲ ${t('cli:setup.losesDataUnknown')}`)
  if (volumes.length === 0) return say(`▲ ${t('cli:setup.losesDataNoVolumes')}`)
  say(`▲ ${t('cli:setup.losesData', { volumes: volumes.length, names: volumes.join(', ') })}`)
}
