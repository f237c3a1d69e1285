// The frame around every screen: rail, top bar, one sheet, the terminal dock, and the palette over all.

import { Suspense, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { Settings } from '../../electron/contract/app.ts'
import type { Route } from '../state/route.ts'
import { useAppState, useView } from '../state/use-state.ts'
import { Boundary } from './boundary.tsx'
import { Dock } from './dock.tsx'
import { listenForKeys } from './keys.ts'
import { Notices } from './notices.tsx'
import { Palette } from './palette.tsx'
import { Rail } from './rail.tsx'
import { screens } from './screens.tsx'
import { TopBar } from './top-bar.tsx'
import './shell.css'

/** Screens that fill the window: the first one, the slides, the presenter's desk. */
const isBare = ({ screen }: Route): boolean => ['welcome', 'presenter', 'talk'].includes(screen)

/** A talk has its terminal beside the slide. */
const hasDock = ({ screen }: Route): boolean => !['welcome', 'presenter', 'talk'].includes(screen)

export const Shell = ({ route, settings }: { route: Route; settings: Settings }) => {
  const { t } = useTranslation('shell')
  const { view } = useAppState()
  const isDockOpen = useView(({ isDockOpen }) => isDockOpen) && hasDock(route)
  const dockHeight = useView(({ dockHeight }) => dockHeight)
  const isPaletteOpen = useView(({ isPaletteOpen }) => isPaletteOpen)
  const dockable = hasDock(route)
  useEffect(() => listenForKeys(window, view, dockable), [view, dockable])

  const place = route.screen === 'welcome' || route.screen === 'presenter' ? undefined : t(`rail.${route.screen}`)
  useEffect(() => {
    document.title = [place, 'Kubernetes Hello World'].filter(Boolean).join(' · ')
  }, [place])

  const bare = isBare(route)
  const dock = isDockOpen ? `${dockHeight}px` : '0px'
  const Screen = screens[route.screen]
  return (
    <div className={bare ? 'shell bare' : 'shell'}>
      <button type="button" className="skip" onClick={focusSheet}>
        {t('skip')}
      </button>
      {bare ? null : <Rail screen={route.screen} />}
      {bare ? null : <TopBar route={route} settings={settings} />}
      <main id="sheet" className="sheet" tabIndex={-1} data-screen={route.screen} data-id={route.id} style={{ '--dock': dock }}>
        <Notices route={route} />
        <div className="stage">
          <Boundary key={route.screen}>
            <Suspense>
              <Screen id={route.id} />
            </Suspense>
          </Boundary>
          {hasDock(route) ? <Dock isOpen={isDockOpen} height={dockHeight} /> : null}
        </div>
      </main>
      {isPaletteOpen ? <Palette settings={settings} /> : null}
    </div>
  )
}

const focusSheet = () => document.getElementById('sheet')?.focus()
