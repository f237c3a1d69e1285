// One lesson as this window sees it: its text in the language of the day, and the learner's progress.

import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type AppError, toAppError } from '../../../electron/contract/errors.ts'
import type { LessonProgress, LessonSummary, LessonText } from '../../../electron/contract/lessons.ts'
import { language as languageSchema } from '../../../electron/contract/shapes.ts'
import { useApi } from '../../api/use-api.ts'

/** All lessons, in order; undefined while they load. */
export const useLessons = (): { lessons: LessonSummary[] | undefined; error: AppError | undefined } => {
  const api = useApi()
  const { i18n } = useTranslation()
  const [lessons, setLessons] = useState<LessonSummary[]>()
  const [error, setError] = useState<AppError>()
  useEffect(() => {
    let isGone = false
    api.lessons.list({ language: languageSchema.parse(i18n.language) }).then(
      list => isGone || setLessons(list),
      fault => isGone || setError(toAppError(fault)),
    )
    return () => {
      isGone = true
    }
  }, [api, i18n.language])
  return { lessons, error }
}

export interface OpenLesson {
  text: LessonText | undefined
  progress: LessonProgress | undefined
  error: AppError | undefined
}

/** Text and progress keep showing in the old language until the new one has come: no flicker on a switch. */
export const useLesson = (id: string): OpenLesson => {
  const api = useApi()
  const { i18n } = useTranslation()
  const [text, setText] = useState<LessonText>()
  const [progress, setProgress] = useState<LessonProgress>()
  const [error, setError] = useState<AppError>()
  useEffect(() => {
    let isGone = false
    const language = languageSchema.parse(i18n.language)
    api.lessons.get({ lesson: id, language }).then(
      loaded => {
        if (isGone) return
        setText(loaded)
        setError(undefined)
      },
      fault => isGone || setError(toAppError(fault)),
    )
    const stop = api.lessons.progress({ lesson: id, language }, setProgress, { onError: setError })
    return () => {
      isGone = true
      stop()
    }
  }, [api, id, i18n.language])
  return { text: text?.id === id ? text : undefined, progress: progress?.lesson === id ? progress : undefined, error }
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
