// Which offline bundle a run installs from, where more than what came along lies within reach.

import { useTranslation } from 'react-i18next'
import type { SetupState } from '../../../electron/contract/setup.ts'
import { useApi } from '../../api/use-api.ts'
import { useAttempt } from '../../state/use-state.ts'

export const BundleChoice = ({ state }: { state: SetupState }) => {
  const { t } = useTranslation('setup')
  const api = useApi()
  const attempt = useAttempt()
  const { own, found, chosen } = state.bundles
  if (found.length === 0) return null
  const use = (folder?: string) => void attempt(() => api.setup.takeBundle(folder === undefined ? {} : { folder }))
  return (
    <fieldset className="setup-wishes" disabled={state.checking}>
      <legend>{t('screen.bundles.title')}</legend>
      <label>
        <input type="radio" name="bundle" checked={chosen === undefined} onChange={() => use()} />
        <span>
          {t(own === undefined ? 'screen.bundles.none' : 'screen.bundles.own')}
          {own === undefined ? null : <small>{own}</small>}
        </span>
      </label>
      {found.map(folder => (
        <label key={folder}>
          <input type="radio" name="bundle" checked={chosen === folder} onChange={() => use(folder)} />
          <span>
            {t('screen.bundles.found')}
            <small>{folder}</small>
          </span>
        </label>
      ))}
    </fieldset>
  )
}
