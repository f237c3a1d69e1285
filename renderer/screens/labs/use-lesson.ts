// One lesson as this window sees it: its text in the language of the day, and the learner's progress.

import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type AppError, toAppError } from '../../../electron/contract/errors.ts'
import type { LessonProgress, LessonSummary, LessonText } from '../../../electron/contract/lessons.ts'
import { language as languageSchema } from '../../../electron/contract/shapes.ts'
import { useApi } from '../../api/use-api.ts'
import { useCatalogue } from '../../state/use-state.ts'

/** All lessons, in order; undefined while they load. */
export const useLessons = (): { lessons: readonly LessonSummary[] | undefined; error: AppError | undefined } => useCatalogue()

export interface OpenLesson {
  text: LessonText | undefined
  progress: LessonProgress | undefined
  error: AppError | undefined
}

/** Text and progress keep showing in the old language until the new one has come: no flicker on a switch. */
export const useLesson = (id: string): OpenLesson => {
  const api = useApi()
  const { i18n } = useTranslation()
  const { revision } = useCatalogue()
  const [text, setText] = useState<LessonText>()
  const [progress, setProgress] = useState<LessonProgress>()
  const [fault, setFault] = useState<{ error: AppError; revision: number }>()
  useEffect(() => {
    let isGone = false
    const language = languageSchema.parse(i18n.language)
    // what was wrong with an older text says nothing about the one that is read now
    const fail = (error: unknown) => isGone || setFault({ error: toAppError(error), revision })
    api.lessons.get({ lesson: id, language }).then(loaded => isGone || setText(loaded), fail)
    const stop = api.lessons.progress({ lesson: id, language }, setProgress, { onError: fail })
    return () => {
      isGone = true
      stop()
    }
  }, [api, id, i18n.language, revision])
  return {
    text: text?.id === id ? text : undefined,
    progress: progress?.lesson === id ? progress : undefined,
    error: fault?.revision === revision ? fault.error : undefined,
  }
}

/** The task to work on, and its first action that has not been done: what Enter runs. */
export const nextAction = (text: LessonText, progress: LessonProgress): { task: string; action: string } | undefined => {
  const now = progress.tasks.find(task => task.state === 'now')
  const open = now?.actions.find(action => action.state === 'waiting' || action.state === 'failed')
  const known = text.tasks.find(task => task.id === now?.id)
  return now && open && known?.actions.some(action => action.id === open.id) ? { task: now.id, action: open.id } : undefined
}

/** The manifests that the lesson's commands use, in order, up to and including the one to show now; the last is shown, the one before compared. */
export const manifestsSoFar = (text: LessonText, progress: LessonProgress): string[] => {
  const next = nextAction(text, progress)
  const names: string[] = []
  for (const task of text.tasks) {
    for (const action of task.actions) {
      if (action.file && action.file !== names.at(-1)) names.push(action.file)
      if (next && task.id === next.task && action.id === next.action) return names.length > 0 ? names : firstManifest(text)
    }
    if (!next && task.id === progress.tasks.findLast(state => state.state !== 'later')?.id) return names
  }
  return names
}

const firstManifest = (text: LessonText): string[] => {
  const first = text.tasks.flatMap(task => task.actions).find(action => action.file)?.file
  return first ? [first] : []
}
