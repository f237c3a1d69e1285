// Where one is, what one can find, which cluster, which language, which light.

import { useTranslation } from 'react-i18next'
import type { Settings } from '../../electron/contract/app.ts'
import { Button, Key } from '../parts/button.tsx'
import { Icon } from '../parts/icon.tsx'
import { LanguageSwitch, ThemeSwitch } from '../screens/settings/switches.tsx'
import { hrefOf, type Route } from '../state/route.ts'
import { useTargetName } from '../state/target-name.ts'
import { useAppState, useCatalogue, useCurrentTarget } from '../state/use-state.ts'
import { ClusterSwitcher } from './cluster-switcher.tsx'

const useDetail = ({ screen, id }: Route): string | undefined => {
  const { t } = useTranslation('shell')
  const { lessons, slides } = useCatalogue()
  const target = useCurrentTarget()
  const nameOf = useTargetName()
  if (screen === 'cluster') return target ? nameOf(target) : t('crumb.none')
  if (screen === 'setup') return t('crumb.microk8s')
  if (screen === 'labs' && id) {
    const lesson = lessons?.find(summary => summary.id === id)
    return lesson ? `${lesson.number} ${lesson.title}` : id
  }
  if (screen === 'talk') return id ? slides?.find(slide => slide.id === id)?.title : t('crumb.outline')
  return undefined
}

export const TopBar = ({ route, settings }: { route: Route; settings: Settings }) => {
  const { t } = useTranslation('shell')
  const { view } = useAppState()
  const detail = useDetail(route)
  const place = route.screen === 'welcome' || route.screen === 'presenter' ? 'talk' : route.screen
  return (
    <header className="topbar">
      <p className="crumb">
        {detail && route.id ? (
          <a href={hrefOf({ screen: route.screen })}>{t(`rail.${place}`)}</a>
        ) : detail ? (
          t(`rail.${place}`)
        ) : (
          <b>{t(`rail.${place}`)}</b>
        )}
        {detail ? <span>/</span> : null}
        {detail ? <b>{detail}</b> : null}
      </p>
      <span className="gap" />
      <Button look="ghost" onPress={() => view.setState({ isPaletteOpen: true })}>
        <Icon name="search" small />
        {t('palette.open')} <Key>Ctrl K</Key>
      </Button>
      <ClusterSwitcher />
      <LanguageSwitch settings={settings} />
      <ThemeSwitch settings={settings} />
    </header>
  )
}
