// What a slide does with the cluster, from its lesson's words and progress: the next command, and what is waited for. Pure.

import type { LessonProgress, TaskState, TaskText } from '../contract/lessons.ts'
import type { Doing, Slide } from '../contract/talk.ts'

/** A lesson's tasks in the reader's language, and how far they have come; undefined while that is not known. */
export interface Lab {
  tasks: readonly TaskText[]
  progress?: LessonProgress
}

/** The task at hand: the slide's own, else the one that the lesson is at, else its last. */
const taskOf = (slide: Slide, { tasks, progress }: Lab): { text?: TaskText; state?: TaskState } => {
  const named = slide.task ?? progress?.tasks.find(({ state }) => state === 'now')?.id ?? (progress ? tasks.at(-1) : tasks[0])?.id
  return { text: tasks.find(({ id }) => id === named), state: progress?.tasks.find(({ id }) => id === named) }
}

/** The action to run next: the slide's own, else the first that has not ended well. */
export const nextAction = (slide: Slide, lab: Lab): { task: string; action: string } | undefined => {
  const { text, state } = taskOf(slide, lab)
  const isOpen = (id: string) => state?.actions.find(action => action.id === id)?.state !== 'done'
  const action = text?.actions.find(({ id, kind }) => kind === 'run' && (slide.action ? id === slide.action : isOpen(id)))
  return text && action && { task: text.id, action: action.id }
}

/** Null where the slide does nothing. */
export const doingOf = (slide: Slide, lab: Lab | undefined): Doing | null => {
  const nothing = { slide: slide.id, checks: [], isReady: false, canReset: false }
  if (slide.lesson === undefined)
    return slide.command ? { ...nothing, next: { text: slide.command, state: 'waiting', isDraft: true } } : null
  if (lab === undefined) return null
  const { text, state } = taskOf(slide, lab)
  const next = nextAction(slide, lab)
  const command = text?.actions.find(({ id }) => id === next?.action)
  const run = state?.actions.find(({ id }) => id === next?.action)?.state
  const checks = slide.action || !text ? [] : text.checks
  const stateOf = (id: string) => state?.checks.find(check => check.id === id)
  return {
    ...nothing,
    lesson: slide.lesson,
    ...(text && { task: text.id }),
    ...(command && {
      next: { text: command.text, state: run === 'running' || run === 'failed' ? run : ('waiting' as const), isDraft: false },
    }),
    checks: checks.map(({ id, text }) => {
      const check = stateOf(id)
      // what a later task takes away on purpose stays passed; what is lost in the task at hand shows
      const passed = (check?.passed || (state?.state !== 'now' && check?.everPassed)) ?? false
      return { id, text, passed, ...(check?.seen !== undefined && { seen: check.seen }) }
    }),
    isReady: checks.length > 0 && hasPassed(slide, lab),
    canReset: state?.canReset ?? false,
  }
}

/** Everything that the slide waits for has passed once: that stays true until the task is put back. */
const hasPassed = (slide: Slide, { progress }: Lab): boolean => {
  const tasks = progress?.tasks.filter(({ id }) => slide.task === undefined || id === slide.task) ?? []
  return tasks.length > 0 && tasks.every(({ checks }) => checks.every(({ everPassed }) => everPassed))
}
