// Every change that Setup has made to this machine: what it was before, what it is now, and whether it is taken back.

import { useTranslation } from 'react-i18next'
import type { SetupChange } from '../../../electron/contract/setup.ts'
import { StateShape } from '../../parts/state-shape.tsx'

const shapes = { intended: 'attention', made: 'ready', undone: 'leaving' } as const

/** Of a digest the first figures tell it from another. */
const short = (state: string): string => state.replace(/^(sha256:[0-9a-f]{8})[0-9a-f]+$/, '$1…')

export const Ledger = ({ ledger }: { ledger: readonly SetupChange[] }) => {
  const { t, i18n } = useTranslation('setup')
  const time = new Intl.DateTimeFormat(i18n.language, {
    month: 'numeric',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  // The engine's word for what is not there; everything else is the machine's own.
  const say = (state: string) => (state === 'absent' ? t('screen.ledger.absent') : <code title={state}>{short(state)}</code>)
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
            <td>{say(change.before)}</td>
            <td>{say(change.after)}</td>
            <td>
              <time>{time.format(change.at)}</time>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
