// A rehearsal's times, slide by slide, beside the plan.

import { useTranslation } from 'react-i18next'
import type { Deck, Plan, RehearsalRun } from '../../../../electron/contract/talk.ts'
import { StateShape } from '../../../parts/state-shape.tsx'
import { clockText } from './clock.ts'
import { tableOf } from './rehearsed.ts'

/** `+0:40`, `−1:05`; nothing where both are alike. */
const difference = (planned: number, actual: number): string => {
  const ms = actual - planned
  return Math.abs(ms) < 1000 ? '' : `${ms > 0 ? '+' : '−'}${clockText(Math.abs(ms))}`
}

export const RunTable = ({ deck, plan, run }: { deck: Deck; plan: Plan; run: RehearsalRun }) => {
  const { t, i18n } = useTranslation('talk')
  const table = tableOf(deck, plan, run)
  const when = new Date(run.at).toLocaleString(i18n.language, { dateStyle: 'medium', timeStyle: 'short' })
  return (
    <table className="run-table">
      <caption>{t('rehearsal.of', { when })}</caption>
      <thead>
        <tr>
          <th>{t('rehearsal.slide')}</th>
          <th>{t('rehearsal.planned')}</th>
          <th>{t('rehearsal.actual')}</th>
          <th>{t('rehearsal.difference')}</th>
        </tr>
      </thead>
      <tbody>
        {table.rows.map(({ slide, page, title, planned, actual }) => (
          <tr key={slide} data-slide={slide} className={actual === undefined ? 'faint' : undefined}>
            <td>
              <span className="num faint">{page}</span> {title}
              {table.slowest.has(slide) && (
                <span className="run-slow">
                  <StateShape state="attention" /> {t('rehearsal.slow')}
                </span>
              )}
            </td>
            <td>{clockText(planned)}</td>
            <td>{actual === undefined ? t('rehearsal.skipped') : clockText(actual)}</td>
            <td>{actual === undefined ? '' : difference(planned, actual)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th>{t('rehearsal.total')}</th>
          <td>{clockText(table.planned)}</td>
          <td>{clockText(table.actual)}</td>
          <td>{difference(table.planned, table.actual)}</td>
        </tr>
      </tfoot>
    </table>
  )
}
