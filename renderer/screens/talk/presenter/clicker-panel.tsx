// The phone's clicker: off until somebody opens it here, on the network that they choose; then a code to scan.

import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ClickerState } from '../../../../electron/contract/talk.ts'
import { useApi } from '../../../api/use-api.ts'
import { Button } from '../../../parts/button.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { QrCode } from '../../../parts/qr-code.tsx'
import { StateShape } from '../../../parts/state-shape.tsx'
import './clicker-panel.css'

/** Undefined until the host has told. */
const useClicker = (fail: (fault: unknown) => void): ClickerState | undefined => {
  const api = useApi()
  const [state, setState] = useState<ClickerState>()
  useEffect(() => api.talk.clicker({}, setState, { onError: fail }), [api, fail])
  return state
}

export const ClickerPanel = ({ onClose, fail }: { onClose(): void; fail(fault: unknown): void }) => {
  const { t } = useTranslation('talk')
  const api = useApi()
  // Asked for anew each time that the panel is opened: the network may be another one by now.
  const state = useClicker(fail)
  const [chosen, setChosen] = useState<string>()
  if (!state) return null
  const { addresses, open } = state
  const address = chosen ?? addresses[0]?.address
  const start = () => address && void api.talk.openClicker({ address }).catch(fail)
  const stop = () => void api.talk.closeClicker({}).catch(fail)
  return (
    <Panel title={t('clicker.title')} close={t('help.close')} onClose={onClose}>
      <p className="muted">{t('clicker.about')}</p>
      {open ? (
        <div className="clicker-open">
          <QrCode text={open.url} label={t('clicker.code', { url: open.url })} />
          <div>
            <p>{t('clicker.scan')}</p>
            <code>{open.url}</code>
            <p className="clicker-phones" role="status">
              <StateShape state={open.phones > 0 ? 'ready' : 'pending'} />
              {open.phones > 0 ? t('clicker.phones', { count: open.phones }) : t('clicker.waiting')}
            </p>
            <Button onPress={stop}>{t('clicker.stop')}</Button>
          </div>
        </div>
      ) : addresses.length === 0 ? (
        <p>{t('clicker.none')}</p>
      ) : (
        <>
          <fieldset className="clicker-addresses">
            <legend>{t('clicker.where')}</legend>
            {addresses.map(each => (
              <label key={each.address}>
                <input type="radio" name="address" checked={each.address === address} onChange={() => setChosen(each.address)} />
                <code>{each.address}</code>
                <span className="muted">{each.address.startsWith('127.') ? t('clicker.thisMachine') : each.card}</span>
              </label>
            ))}
          </fieldset>
          <Button look="primary" onPress={start}>
            {t('clicker.start')}
          </Button>
        </>
      )}
      <p className="small faint clicker-trust">{t('clicker.trust')}</p>
    </Panel>
  )
}
