// The record: every write in the order of its revision, to be read where the pills were too quick.

import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Actor, Journey } from '../../../../electron/contract/trace.ts'
import { type Route, watchersOf } from './route.ts'
import { useSentence } from './sentence.ts'

const shown = 200

const nameOf = ({ role, node }: Actor): string => (node === undefined ? role : `${role}/${node}`)

/** @param start the moment from which times are counted */
export const TraceRecord = ({
  journeys,
  isSeen,
  route,
}: {
  journeys: readonly Journey[]
  isSeen: boolean
  route: (journey: Journey) => Route
}) => {
  const { t } = useTranslation('talk')
  const { who, what } = useSentence()
  const last = journeys.slice(-shown)
  const start = last[0]?.at ?? 0
  const list = useRef<HTMLOListElement>(null)
  const newest = last.at(-1)?.id
  // The newest line is at the bottom, and in sight.
  useEffect(() => {
    if (isSeen && newest !== undefined && list.current) list.current.scrollTop = list.current.scrollHeight
  }, [isSeen, newest])
  return (
    <ol
      ref={list}
      className={isSeen ? 'record' : 'record is-silent'}
      role="log"
      aria-live="off"
      aria-label={t('record.title')}
      tabIndex={isSeen ? 0 : undefined}
    >
      {last.map(journey => (
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
          <time>{((journey.at - start) / 1000).toFixed(2)}</time>
          <b>{who(journey.by)}</b> {what(journey)}
          <small>
            {watchersOf(journey).length > 0 && t('record.told', { who: watchersOf(journey).map(who).join(t('record.and')) })}
          </small>
        </li>
      ))}
    </ol>
  )
}
