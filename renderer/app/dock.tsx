// The terminal's place at the foot of every screen: opened by a key, kept alive while closed, as high as one likes.

import { lazy, Suspense, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { ResizeHandle } from '../parts/resize-handle.tsx'
import { useAppState } from '../state/use-state.ts'
import { dockLimits } from '../state/view.ts'
import { Boundary } from './boundary.tsx'
import './dock.css'

const Terminals = lazy(() => import('./terminals.tsx'))

export const Dock = ({ isOpen, height }: { isOpen: boolean; height: number }) => {
  const { t } = useTranslation('shell')
  const { view } = useAppState()
  const hasOpened = useRef(false)
  if (isOpen) hasOpened.current = true
  const most = () => Math.max(dockLimits.least, window.innerHeight - dockLimits.screenKeeps)
  return (
    <section className="dock" aria-label={t('dock.label')} hidden={!isOpen} style={{ height }}>
      <ResizeHandle
        label={t('dock.resize')}
        height={height}
        least={dockLimits.least}
        most={most}
        onResize={dockHeight => view.setState({ dockHeight })}
      />
      {hasOpened.current ? (
        <Boundary>
          <Suspense>
            <Terminals isShown={isOpen} onHide={() => view.setState({ isDockOpen: false })} />
          </Suspense>
        </Boundary>
      ) : null}
    </section>
  )
}
