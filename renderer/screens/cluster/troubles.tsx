// All that is in trouble, one line each: what, why, and its id. A click opens it.

import { useTranslation } from 'react-i18next'
import { causeIds, type Diagnosis, wordsOf } from '../../../electron/contract/diagnosis.ts'
import { StateShape } from '../../parts/state-shape.tsx'

export const Troubles = ({ troubles, onChoose }: { troubles: readonly Diagnosis[]; onChoose(uid: string): void }) => {
  const { t } = useTranslation('diagnosis')
  if (troubles.length === 0) return null
  return (
    <section className="troubles" aria-label={t('all', { count: troubles.length })}>
      <h2>{t('all', { count: troubles.length })}</h2>
      <ul>
        {troubles.map(({ subject, cause, facts }) => (
          <li key={`${subject.uid} ${cause}`}>
            <button type="button" onClick={() => onChoose(subject.uid)}>
              <StateShape state="failed" />
              <b>{t(wordsOf({ cause, facts }).title, facts)}</b>
              <code className="faint">{causeIds[cause]}</code>
              <span className="trouble-who">
                {subject.kind} <code>{subject.name}</code>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
