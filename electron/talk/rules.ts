// What a slide's front matter must not say together, and what it may name of a lesson. Pure.

import { diagramIds, diagramParts } from '../contract/diagrams.ts'
import type { Slide } from '../contract/talk.ts'

/** As much of a lesson as a slide can name. */
export interface KnownLesson {
  tasks: readonly {
    id: string
    actions: readonly { id: string; kind: 'run' | 'slide'; text: string }[]
  }[]
}

export interface Broken {
  field: keyof Slide
  reason: string
}

const rules: { field: keyof Slide; isBroken(slide: Slide): boolean; reason: string }[] = [
  { field: 'task', isBroken: ({ task, lesson }) => !!task && !lesson, reason: 'of which lesson? say lesson too' },
  { field: 'action', isBroken: ({ action, task }) => !!action && !task, reason: 'of which task? say task too' },
  {
    field: 'beside',
    isBroken: ({ beside, lesson }) => (beside === 'chart' || beside === 'both') && !lesson,
    reason: 'a chart draws what a lesson makes; say lesson too',
  },
  {
    field: 'advance',
    isBroken: ({ advance, lesson, action }) => !!advance && (!lesson || !!action),
    reason: "it waits for a lesson's checks; say lesson and task, and no action",
  },
  {
    field: 'command',
    isBroken: ({ command, lesson }) => !!command && !!lesson,
    reason: 'the lesson brings its own commands; leave one of the two out',
  },
]

/** The first rule that a slide breaks, by itself. */
export const ruleBroken = (slide: Slide): Broken | undefined => rules.find(rule => rule.isBroken(slide))

/** What a slide names of a diagram and there is not. */
export const diagramBroken = ({ layout, diagram, focus }: Slide): Broken | undefined => {
  if (diagram === undefined)
    return layout === 'diagram' ? { field: 'diagram', reason: `which one? ${diagramIds.join(', ')}` } : undefined
  const parts: readonly string[] = diagramParts[diagram]
  if (focus === undefined || parts.includes(focus)) return undefined
  return { field: 'focus', reason: `which part? ${parts.join(', ')}` }
}

/** What a slide names and its lesson does not have; `lesson` is undefined where there is none of that name that can be opened. */
export const nameBroken = (slide: Slide, lesson: KnownLesson | undefined): Broken | undefined => {
  if (slide.lesson === undefined) return undefined
  if (lesson === undefined) return { field: 'lesson', reason: `there is no lesson ${slide.lesson} that can be opened` }
  if (slide.task === undefined) return undefined
  const task = lesson.tasks.find(({ id }) => id === slide.task)
  if (task === undefined) return { field: 'task', reason: `${slide.lesson} has ${lesson.tasks.map(({ id }) => id).join(', ')}` }
  const actions = task.actions.filter(({ kind }) => kind === 'run')
  if (slide.action === undefined || actions.some(({ id }) => id === slide.action)) return undefined
  return { field: 'action', reason: `${slide.task} has ${actions.map(({ id }) => id).join(', ')}` }
}

/** The slide with the first of its commands, in its lesson's own words. */
export const withCommand = (slide: Slide, lesson: KnownLesson | undefined): Slide => {
  const tasks = lesson?.tasks.filter(({ id }) => slide.task === undefined || id === slide.task) ?? []
  const first = tasks
    .flatMap(({ actions }) => actions)
    .find(({ id, kind }) => kind === 'run' && (slide.action === undefined || id === slide.action))
  return first ? { ...slide, command: first.text } : slide
}
