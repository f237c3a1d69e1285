// The connected app: keeps language and theme as the settings say, and picks what the address asks for.

import type { i18n } from 'i18next'
import { Suspense, useEffect } from 'react'
import { I18nProvider } from 'react-aria-components'
import { wear } from '../state/appearance.ts'
import { readPrint } from '../state/print.ts'
import { useAppState, useLink, useRoute, useSettings } from '../state/use-state.ts'
import { prepare, speak } from './language.ts'
import { NoHost, Opening } from './opening.tsx'
import { screens } from './screens.tsx'
import { Shell } from './shell.tsx'
import './screen.css'

export const App = ({ words }: { words: i18n }) => {
  const state = useAppState()
  const settings = useSettings()
  const route = useRoute()
  const { link } = useLink()

  const asked = route?.screen === 'print' ? readPrint(route.id) : undefined
  const language = settings && (asked?.language ?? settings.language)
  const theme = settings && (asked?.theme ?? settings.theme)
  useEffect(() => {
    if (!language || !theme) return
    wear({ language, theme })
    void speak(words, language)
  }, [words, language, theme])
  useEffect(() => {
    if (!language) return
    void state.catalogue.load(language)
    // The other language follows when there is nothing better to do.
    const later = setTimeout(() => void prepare(words, language === 'en' ? 'zh-CN' : 'en'), 1500)
    return () => clearTimeout(later)
  }, [state, words, language])

  // The host was restarted and knows this page no longer.
  if (link === 'closed') return <NoHost error={{ code: 'request.denied' }} />
  if (!settings) return link === 'lost' ? <NoHost error={{ code: 'connection.lost' }} isTrying /> : <Opening />
  if (asked)
    return (
      <Suspense>
        <screens.print id={route?.id} />
      </Suspense>
    )
  return (
    <I18nProvider locale={settings.language}>
      <Shell route={route ?? { screen: settings.welcomed ? 'labs' : 'welcome' }} settings={settings} />
    </I18nProvider>
  )
}
