// Everything one can go to or do, by its name.

import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Settings } from '../../electron/contract/app.ts'
import { useApi } from '../api/use-api.ts'
import { Finder } from '../parts/finder.tsx'
import { isDark } from '../state/appearance.ts'
import { useTargetName } from '../state/target-name.ts'
import { useAppState, useAttempt, useCatalogue, useTargets } from '../state/use-state.ts'
import { paletteSections } from './palette-sections.ts'

export const Palette = ({ settings }: { settings: Settings }) => {
  const { t } = useTranslation('shell')
  const state = useAppState()
  const api = useApi()
  const attempt = useAttempt()
  const { lessons = [], slides = [] } = useCatalogue()
  const { value } = useTargets()
  const nameOf = useTargetName()
  const close = () => state.view.setState({ isPaletteOpen: false })

  const sections = useMemo(
    () =>
      paletteSections({
        t,
        lessons,
        slides,
        targets: (value?.targets ?? []).map(target => ({
          id: target.id,
          name: nameOf(target),
          isCurrent: target.id === value?.current,
        })),
        language: settings.language,
        isDark: isDark(settings.theme),
        go: state.router.go,
        use: id => void attempt(() => api.cluster.use({ id })),
        configure: change => void attempt(() => api.app.configure(change)),
        toggleDock: () => state.view.setState(({ isDockOpen }) => ({ isDockOpen: !isDockOpen })),
      }),
    [t, lessons, slides, value, nameOf, settings, state, api, attempt],
  )
  const entries = sections.flatMap(section => section.entries)
  const run = (id: string) => {
    close()
    entries.find(entry => entry.id === id)?.run()
  }

  return (
    <Finder
      label={t('palette.label')}
      placeholder={t('palette.placeholder')}
      empty={t('palette.empty')}
      sections={sections}
      onChoose={run}
      onClose={close}
    />
  )
}
