// A run told as it happens: prose and times for people, one event a line for programs.

import { AppError } from '../../contract/errors.ts'
import type { RunEvent, RunOutcome } from '../../installer/index.ts'
import { canRedraw } from '../../platform/console.ts'
import { type CommandContext, exits } from '../program.ts'
import { inWords } from './setup-looks.ts'
import { clockTime } from './setup-plan.ts'

export interface Teller {
  hear(event: RunEvent): void
  /** The last words, and the exit code. */
  end(outcome: RunOutcome): number
}

export const createTeller = (context: CommandContext, kind: 'apply' | 'undo' = 'apply'): Teller => {
  const { t, say, tell, json } = context
  const isLive = canRedraw() && !json
  let open = false
  const clear = () => {
    if (open) process.stdout.write('\r\u001b[2K')
    open = false
  }
  const line = (words: string) => {
    clear()
    say(words)
  }
  /** One line that is drawn again and again; nothing where that cannot be. */
  const passing = (words: string) => {
    if (!isLive) return
    const width = Math.max(20, (process.stdout.columns ?? 80) - 2)
    clear()
    process.stdout.write(cut(`  ${words}`, width))
    open = true
  }
  const hearStep = (event: Extract<RunEvent, { type: 'step' }>) => {
    const title = t(`setup:steps.${event.step}.title`)
    if (event.state === 'started') return passing(title)
    const mark = { done: '●', failed: '◆', skipped: '○' }[event.state]
    const note = event.note === undefined || event.changed ? '' : t(`setup:notes.${event.note}`, event.facts ?? {})
    line(`${mark} ${title}  ${event.changed ? clockTime(event.ms / 1000) : note}`)
  }
  const hear = (event: RunEvent) => {
    tell(event)
    if (json) return
    switch (event.type) {
      case 'elevating':
        if (event.how !== 'root') line(t(event.how === 'sudo' ? 'cli:setup.elevating' : 'cli:setup.elevatingDesktop'))
        return
      case 'step':
        return hearStep(event)
      case 'command':
        for (const words of event.text.split('\n')) line(`    ${event.as === 'root' ? '#' : '$'} ${words}`)
        return
      case 'log':
        if (!event.line.startsWith('# ')) line(`      ${event.line}`)
        return
      case 'progress':
        return passing(`${Math.floor(event.done)}/${event.total}  ${event.label}`)
      case 'wait':
        line(`  ▲ ${t(`setup:waits.${event.code}.what`, event.facts)}`)
        return line(`    ${t(`setup:waits.${event.code}.next`, event.facts)}`)
      case 'wait-over':
        return clear()
      case 'undo':
        if (event.state === 'started') return passing(t(`setup:changes.${event.what}`, event.facts))
        return line(
          `● ${t(kind === 'undo' ? 'cli:setup.undoes' : 'cli:setup.tidies')}  ${t(`setup:changes.${event.what}`, event.facts)}  ${event.state === 'kept' ? t('cli:setup.kept', { context: event.what }) : clockTime(event.ms / 1000)}`,
        )
      case 'stopping':
        return line(t('cli:setup.stopping'))
      case 'ended':
        took = event.ms / 1000
        return clear()
    }
  }
  let took = 0
  return {
    hear,
    end: ({ ok, error, differences, log, undone }) => {
      clear()
      for (const { what, before, now } of differences) line(`◆ ${t('cli:setup.difference', { what, before, now })}`)
      if (undone) tell({ type: 'differences', differences })
      if (ok && undone) {
        line('')
        line(t('cli:setup.undone', { time: clockTime(took) }))
        if (differences.length === 0) line(t('cli:setup.noDifference'))
      } else if (ok) {
        line('')
        line(t('cli:setup.done', { time: clockTime(took) }))
        for (const words of t('cli:setup.doneNext').split('\n')) line(words)
      }
      line(t('cli:setup.log', { path: log }))
      if (error === undefined && differences.length > 0) {
        context.complain(new AppError('setup.remains', { count: differences.length }))
        return exits.failed
      }
      if (error === undefined) return exits.ok
      context.complain(inWords(error, context))
      return error.code === 'setup.stopped' || error.code === 'setup.declined' ? exits.failed : exits.environment
    },
  }
}

/** Cut to so many columns; a Chinese character takes two. */
const cut = (words: string, width: number): string => {
  let used = 0
  let end = 0
  for (const letter of words) {
    used += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/.test(letter) ? 2 : 1
    if (used > width) break
    end += letter.length
  }
  return words.slice(0, end)
}
