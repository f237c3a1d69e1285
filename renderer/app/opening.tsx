// Before there is a host: a calm word while connecting, and a full account when it fails.

import { useTranslation } from 'react-i18next'
import type { WireError } from '../../electron/contract/errors.ts'
import { Button } from '../parts/button.tsx'
import { ErrorPanel } from '../parts/error-panel.tsx'
import { Icon } from '../parts/icon.tsx'
import './opening.css'

const Brand = () => (
  <p className="opening-brand">
    <Icon name="mark" />
    Kubernetes Hello World
  </p>
)

/** Its word fades in only when the wait becomes noticeable. */
export const Opening = () => {
  const { t } = useTranslation('shell')
  return (
    <main className="opening">
      <Brand />
      <p className="opening-word" role="status">
        {t('link.opening')}
      </p>
    </main>
  )
}

/** @param isTrying the link is being tried again by itself */
export const NoHost = ({ error, onRetry, isTrying }: { error: WireError; onRetry?(): void; isTrying?: boolean }) => {
  const { t } = useTranslation('shell')
  const retry = (
    <Button look="primary" large onPress={onRetry}>
      {t('link.retry')}
    </Button>
  )
  return (
    <main className="opening">
      <Brand />
      <ErrorPanel
        look="page"
        error={error}
        acts={onRetry ? retry : isTrying ? <span className="faint small">{t('link.lost')}</span> : null}
      />
    </main>
  )
}
