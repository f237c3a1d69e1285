// The labs: the list to choose from, or one lesson.

import { useTranslation } from 'react-i18next'
import type { LessonSummary } from '../../../electron/contract/lessons.ts'
import { ErrorPanel } from '../../parts/error-panel.tsx'
import { StateShape } from '../../parts/state-shape.tsx'
import { hrefOf } from '../../state/route.ts'
import { LessonScreen } from './lesson-screen.tsx'
import { useLessons } from './use-lesson.ts'
import './labs-screen.css'

const Lessons = ({ lessons }: { lessons: readonly LessonSummary[] }) => {
  const { t } = useTranslation('labs')
  return (
    <ol>
      {lessons.map(lesson => (
        <li key={lesson.origin ?? lesson.id} data-lesson={lesson.id}>
          <a href={hrefOf({ screen: 'labs', id: lesson.id })}>
            <span className="labs-number num">{lesson.number}</span>
            <span>
              <strong>{lesson.title}</strong>
              {lesson.problem ? (
                <span className="is-broken">
                  <StateShape state="failed" /> {t('broken', lesson.problem.details ?? {})}
                </span>
              ) : (
                <span className="muted">{lesson.about}</span>
              )}
            </span>
            <span className="small faint">{lesson.problem ? null : t('tasksCount', { count: lesson.tasks })}</span>
          </a>
        </li>
      ))}
    </ol>
  )
}

const List = () => {
  const { t } = useTranslation('labs')
  const { lessons, error } = useLessons()
  const ours = lessons?.filter(lesson => lesson.origin === undefined) ?? []
  const others = lessons?.filter(lesson => lesson.origin !== undefined) ?? []
  if (error && !lessons) return <ErrorPanel look="page" error={error.toWire()} />
  return (
    <div className="labs-list">
      <h1>{t('choose')}</h1>
      <p className="muted">{t('chooseAbout')}</p>
      <Lessons lessons={ours} />
      {others.length > 0 && (
        <>
          <h2>{t('own')}</h2>
          <Lessons lessons={others} />
        </>
      )}
    </div>
  )
}

export const LabsScreen = ({ id }: { id?: string }) => (id ? <LessonScreen key={id} id={id} /> : <List />)
