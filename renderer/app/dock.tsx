// The terminal's place at the foot of every screen: opened by a key, kept alive while closed, as high as one likes.

import { type KeyboardEvent, lazy, type PointerEvent, Suspense, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useAppState } from '../state/use-state.ts'
import { dockLimits } from '../state/view.ts'
import { Boundary } from './boundary.tsx'
import './dock.css'

const Terminals = lazy(() => import('./terminals.tsx'))

/** One press of an arrow key, in pixels. */
const keyStep = 19

export const Dock = ({ isOpen, height }: { isOpen: boolean; height: number }) => {
  const { t } = useTranslation('shell')
  const { view } = useAppState()
  const hasOpened = useRef(false)
  if (isOpen) hasOpened.current = true
  const most = () => Math.max(dockLimits.least, window.innerHeight - dockLimits.screenKeeps)
  const resize = (wanted: number) =>
    view.setState({ dockHeight: Math.round(Math.min(most(), Math.max(dockLimits.least, wanted))) })

  const drag = (start: PointerEvent<HTMLElement>) => {
    const handle = start.currentTarget
    handle.setPointerCapture(start.pointerId)
    const move = (event: globalThis.PointerEvent) => resize(height + start.clientY - event.clientY)
    handle.addEventListener('pointermove', move)
    handle.addEventListener('lostpointercapture', () => handle.removeEventListener('pointermove', move), { once: true })
  }
  const press = (event: KeyboardEvent) => {
    const step = { ArrowUp: keyStep, ArrowDown: -keyStep }[event.key]
    if (!step) return
    event.preventDefault()
    resize(height + step)
  }

  return (
    <section className="dock" aria-label={t('dock.label')} hidden={!isOpen} style={{ height }}>
      <hr
        className="dock-handle"
        aria-label={t('dock.resize')}
        aria-orientation="horizontal"
        aria-valuenow={height}
        aria-valuemin={dockLimits.least}
        aria-valuemax={most()}
        tabIndex={0}
        onPointerDown={drag}
        onKeyDown={press}
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
