// The dock's content.

import { useTranslation } from 'react-i18next'

export const Terminals = (_props: { isShown: boolean; onClose(): void }) => {
  const { t } = useTranslation('shell')
  return <p className="small faint">{t('dock.soon')}</p>
}
