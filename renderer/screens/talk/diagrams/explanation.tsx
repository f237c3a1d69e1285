// The explanation beside a diagram: what the lit part is; of who acts, what it watches and writes; of an object, what it says and who minds it.

import { useTranslation } from 'react-i18next'
import type { Journey } from '../../../../electron/contract/trace.ts'
import { isPlayedBy } from './drawing.ts'
import { between, useSentence } from './sentence.ts'

const rows = ['holds', 'keeper', 'watches', 'writes', 'not'] as const

/** @param journeys what has been written so far: the part's own last deed is told */
export const Explanation = ({ part, journeys = [] }: { part: string; journeys?: readonly Journey[] }) => {
  const { t, i18n } = useTranslation('talk')
  const { who, what } = useSentence()
  // Every write goes through the one into the other.
  const isCommon = part === 'kube-apiserver' || part === 'etcd'
  const line = (journey: Journey) => who(journey.by) + between(who(journey.by), what(journey)) + what(journey)
  const last = isCommon ? journeys.at(-1) : journeys.findLast(({ by }) => isPlayedBy(part, by.role))
  const words = (key: string) => (i18n.exists(`talk:parts.${part}.${key}`) ? t(`parts.${part}.${key}`) : undefined)
  return (
    <aside className="explanation" aria-live="polite">
      <h2>{words('title') ?? words('name')}</h2>
      <p className="claim">{words('what')}</p>
      <dl>
        {rows.map(row => {
          const text = words(row)
          return (
            text && (
              <div key={row}>
                <dt>{t(`rows.${row}`)}</dt>
                <dd>{text}</dd>
              </div>
            )
          )
        })}
      </dl>
      {last && <p className="just-now">{t('justNow', { what: isCommon ? line(last) : what(last) })}</p>}
    </aside>
  )
}
