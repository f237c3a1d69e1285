// The record: every write in the order of its revision, to be read where the pills were too quick.

import { memo, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Actor, Journey } from '../../../../electron/contract/trace.ts'
import { type Route, watchersOf } from './route.ts'
import { between, useSentence } from './sentence.ts'

/** So many last writes can be read. */
const shown = 200

const nameOf = ({ role, node }: Actor): string => (node === undefined ? role : `${role}/${node}`)

interface RecordProps {
  journeys: readonly Journey[]
  isSeen: boolean
  route: (journey: Journey) => Route
}

/** In milliseconds: no story is as long, and no clock as early. */
const year = 365 * 86_400_000

/** Moments of a cluster are told by the clock, those of a story from its beginning. */
const useTime = () => {
  const { i18n } = useTranslation('talk')
  const digits = { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 2, hour12: false } as const
  const clock = new Intl.DateTimeFormat(i18n.language, digits)
  return ({ at }: Journey): string => (at < year ? (at / 1000).toFixed(2) : clock.format(at))
}
/** Drawn again only when something was written: pills fly meanwhile. */
export const TraceRecord = memo(({ journeys, isSeen, route }: RecordProps) => {
  const { t } = useTranslation('talk')
  const { who, what } = useSentence()
  const time = useTime()
  const last = journeys.slice(-shown)
  const log = useRef<HTMLDivElement>(null)
  const newest = last.at(-1)?.id
  // The newest line is at the bottom, and in sight.
  useEffect(() => {
    if (isSeen && newest !== undefined && log.current) log.current.scrollTop = log.current.scrollHeight
  }, [isSeen, newest])
  return (
    <div
      ref={log}
      className={isSeen ? 'record' : 'record is-silent'}
      role="log"
      aria-live="off"
      aria-label={t('record.title')}
      tabIndex={isSeen ? 0 : undefined}
    >
      <ol>
        {last.map(journey => {
          const watchers = watchersOf(journey)
          return (
            <li
              key={journey.id}
              data-verb={journey.verb}
              data-deed={journey.deed}
              data-object={`${journey.kind}/${journey.name}`}
              data-by={nameOf(journey.by)}
              data-route={route(journey)
                .flat()
                .map(({ from, to }) => `${nameOf(from)}>${nameOf(to)}`)
                .join(' ')}
            >
              <time>{time(journey)}</time>
              <b>{who(journey.by)}</b>
              {between(who(journey.by), what(journey)) + what(journey)}
              {watchers.length > 0 && <small>{t('record.told', { who: watchers.map(who).join(t('record.and')) })}</small>}
            </li>
          )
        })}
      </ol>
    </div>
  )
})
