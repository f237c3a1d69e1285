// The labs: the list to choose from, or one lesson.

import { useTranslation } from 'react-i18next'
import { ErrorPanel } from '../../parts/error-panel.tsx'
import { hrefOf } from '../../state/route.ts'
import { LessonScreen } from './lesson-screen.tsx'
import { useLessons } from './use-lesson.ts'
import './labs-screen.css'

const List = () => {
  const { t } = useTranslation('labs')
  const { lessons, error } = useLessons()
  if (error) return <ErrorPanel look="page" error={error.toWire()} />
  return (
    <div className="labs-list">
      <h1>{t('choose')}</h1>
      <p className="muted">{t('chooseAbout')}</p>
      <ol>
        {lessons?.map(lesson => (
          <li key={lesson.id}>
            <a href={hrefOf({ screen: 'labs', id: lesson.id })}>
              <span className="labs-number num">{lesson.number}</span>
              <span>
                <strong>{lesson.title}</strong>
                <span className="muted">{lesson.about}</span>
              </span>
              <span className="small faint">{t('tasksCount', { count: lesson.tasks })}</span>
            </a>
          </li>
        ))}
      </ol>
    </div>
  )
}

export const LabsScreen = ({ id }: { id?: string }) => (id ? <LessonScreen key={id} id={id} /> : <List />)
