// Language and light, one press each; the host keeps them.

import { useTranslation } from 'react-i18next'
import type { Settings } from '../../../electron/contract/app.ts'
import { useApi } from '../../api/use-api.ts'
import { Button } from '../../parts/button.tsx'
import { Icon } from '../../parts/icon.tsx'
import { Tooltip } from '../../parts/tooltip.tsx'
import { isDark } from '../../state/appearance.ts'
import { useAttempt } from '../../state/use-state.ts'

export const LanguageSwitch = ({ settings }: { settings: Settings }) => {
  const { t } = useTranslation('shell')
  const api = useApi()
  const attempt = useAttempt()
  const isChinese = settings.language === 'zh-CN'
  const other = isChinese ? 'en' : 'zh-CN'
  return (
    <Button look="ghost" onPress={() => void attempt(() => api.app.configure({ language: other }))}>
      <span className="language-switch">
        {isChinese ? <b>{t('language.zh')}</b> : <i>{t('language.zh')}</i>} /{' '}
        {isChinese ? <i>{t('language.en')}</i> : <b>{t('language.en')}</b>}
      </span>
      <span className="unseen">{t('language.switch')}</span>
    </Button>
  )
}

export const ThemeSwitch = ({ settings }: { settings: Settings }) => {
  const { t } = useTranslation('shell')
  const api = useApi()
  const attempt = useAttempt()
  const dark = isDark(settings.theme)
  const word = t(dark ? 'theme.toLight' : 'theme.toDark')
  return (
    <Tooltip text={word}>
      <Button
        look="ghost"
        square
        aria-label={word}
        onPress={() => void attempt(() => api.app.configure({ theme: dark ? 'light' : 'dark' }))}
      >
        <Icon name={dark ? 'sun' : 'moon'} small />
      </Button>
    </Tooltip>
  )
}
