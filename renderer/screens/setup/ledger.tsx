// Every change that Setup has made to this machine: what it was before, what it is now, and whether it is taken back.

import { useTranslation } from 'react-i18next'
import type { SetupChange } from '../../../electron/contract/setup.ts'
import { StateShape } from '../../parts/state-shape.tsx'

const shapes = { intended: 'attention', made: 'ready', undone: 'leaving' } as const

export const Ledger = ({ ledger }: { ledger: readonly SetupChange[] }) => {
  const { t, i18n } = useTranslation('setup')
  const time = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'short', timeStyle: 'medium' })
  if (ledger.length === 0) return <p className="muted">{t('screen.noChanges')}</p>
  return (
    <table className="setup-ledger">
      <thead>
        <tr>
          <th scope="col">{t('screen.ledger.change')}</th>
          <th scope="col">{t('screen.ledger.before')}</th>
          <th scope="col">{t('screen.ledger.after')}</th>
          <th scope="col">{t('screen.ledger.when')}</th>
        </tr>
      </thead>
      <tbody>
        {ledger.map(change => (
          <tr key={change.id} className={change.state}>
            <td>
              <StateShape state={shapes[change.state]} />
              <span>
                {t(`changes.${change.what}`, change.facts)}
                <small>
                  {t(`screen.ledger.${change.state}`)}
                  {change.losesData && change.state === 'made' ? ` · ${t('screen.ledger.losesData')}` : ''}
                </small>
              </span>
            </td>
            <td>
              <code>{change.before}</code>
            </td>
            <td>
              <code>{change.after}</code>
            </td>
            <td>
              <time>{time.format(change.at)}</time>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
