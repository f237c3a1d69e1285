// What a slide's front matter must not say together, and what it may name of a lesson. Pure.

import { diagramIds, diagramParts } from '../contract/diagrams.ts'
import type { Slide } from '../contract/talk.ts'
import { type Wrong, wrong } from './wrong.ts'

/** As much of a lesson as a slide can name. */
export interface KnownLesson {
  tasks: readonly {
    id: string
    actions: readonly { id: string; kind: 'run' | 'slide'; text: string }[]
  }[]
}

const rules: { field: keyof Slide & string; isBroken(slide: Slide): boolean; wrong: string }[] = [
  { field: 'task', isBroken: ({ task, lesson }) => !!task && !lesson, wrong: 'taskOfNone' },
  { field: 'action', isBroken: ({ action, task }) => !!action && !task, wrong: 'actionOfNone' },
  {
    field: 'beside',
    isBroken: ({ beside, lesson }) => (beside === 'chart' || beside === 'both') && !lesson,
    wrong: 'chartOfNone',
  },
  { field: 'advance', isBroken: ({ advance, lesson, action }) => !!advance && (!lesson || !!action), wrong: 'nothingToWaitFor' },
  { field: 'command', isBroken: ({ command, lesson }) => !!command && !!lesson, wrong: 'commandTwice' },
]

/** The first rule that a slide breaks, by itself. */
export const ruleBroken = (slide: Slide): Wrong | undefined => {
  const rule = rules.find(each => each.isBroken(slide))
  return rule && wrong(rule.wrong, rule.field)
}

/** What a slide names of a diagram and there is not. */
export const diagramBroken = ({ layout, diagram, focus }: Slide): Wrong | undefined => {
  if (diagram === undefined) return layout === 'diagram' ? wrong('whichOne', 'diagram', diagramIds.join(', ')) : undefined
  const parts: readonly string[] = diagramParts[diagram]
  return focus === undefined || parts.includes(focus) ? undefined : wrong('whichOne', 'focus', parts.join(', '))
}

/** What a slide names and its lesson does not have; `lesson` is undefined where there is none of that name that can be opened. */
export const nameBroken = (slide: Slide, lesson: KnownLesson | undefined): Wrong | undefined => {
  if (slide.lesson === undefined) return undefined
  if (lesson === undefined) return wrong('noLesson', 'lesson', slide.lesson)
  if (slide.task === undefined) return undefined
  const task = lesson.tasks.find(({ id }) => id === slide.task)
  if (task === undefined) return wrong('whichOne', 'task', lesson.tasks.map(({ id }) => id).join(', '))
  const actions = task.actions.filter(({ kind }) => kind === 'run')
  if (slide.action === undefined || actions.some(({ id }) => id === slide.action)) return undefined
  return wrong('whichOne', 'action', actions.map(({ id }) => id).join(', '))
}

/** The slide with the first of its commands, in its lesson's own words. */
export const withCommand = (slide: Slide, lesson: KnownLesson | undefined): Slide => {
  const tasks = lesson?.tasks.filter(({ id }) => slide.task === undefined || id === slide.task) ?? []
  const first = tasks
    .flatMap(({ actions }) => actions)
    .find(({ id, kind }) => kind === 'run' && (slide.action === undefined || id === slide.action))
  return first ? { ...slide, command: first.text } : slide
}
