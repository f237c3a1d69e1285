// What happened, one line each, in plain words.

import { useTranslation } from 'react-i18next'
import { StateShape } from '../../parts/state-shape.tsx'
import type { Happening } from './happenings.ts'

export const HappeningList = ({ list, empty }: { list: readonly Happening[]; empty: string }) => {
  const { t, i18n } = useTranslation('cluster')
  const clock = new Intl.DateTimeFormat(i18n.language, { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false })
  if (list.length === 0) return <p className="faint">{empty}</p>
  return (
    <ol className="happenings">
      {list.map(({ id, at, who, word, facts, message, isWarning, count }) => (
        <li key={id} title={message}>
          <time dateTime={new Date(at).toISOString()}>{clock.format(at)}</time>
          <p>
            {isWarning ? <StateShape state="attention" /> : null}
            <b>{who}</b> {word ? t(`event.${word}`, { ...facts, count }) : message}
          </p>
        </li>
      ))}
    </ol>
  )
}
