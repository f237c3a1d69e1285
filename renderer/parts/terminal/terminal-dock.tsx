// The terminals of the page: a row of tabs, and the one that is chosen.

import { type KeyboardEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { WireError } from '../../../electron/contract/errors.ts'
import type { Session } from '../../../electron/contract/terminal.ts'
import { Button, Key } from '../button.tsx'
import { ErrorPanel } from '../error-panel.tsx'
import { Icon } from '../icon.tsx'
import { StateShape } from '../state-shape.tsx'
import { Tooltip } from '../tooltip.tsx'
import type { TerminalCalls } from './calls.ts'
import { TerminalView } from './terminal-view.tsx'
import './terminal-dock.css'

export interface TerminalDockProps {
  calls: TerminalCalls
  /** Undefined until the host has told. */
  sessions: readonly Session[] | undefined
  active: string | undefined
  /** Why the last opening failed. */
  error: WireError | undefined
  /** A hidden dock keeps its tabs but reads no output. */
  isShown: boolean
  onChoose(id: string): void
  onOpen(): void
  onClose(id: string): void
  onHide(): void
  onError(error: WireError): void
}

/** So long a bell marks its tab; nothing flashes longer or on the screen itself. */
const bellMs = 1200

export const TerminalDock = ({ calls, sessions, active, error, isShown, ...on }: TerminalDockProps) => {
  const { t } = useTranslation('terminal')
  const [ringing, setRinging] = useState<string>()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const chosen = sessions?.find(session => session.id === active)
  const ring = (id: string) => {
    setRinging(id)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => setRinging(undefined), bellMs)
  }
  return (
    <div className="terminal-dock">
      <Tabs sessions={sessions ?? []} active={active} ringing={ringing} {...on} />
      <div className="terminal-body" role="tabpanel" id="terminal-panel" aria-labelledby={chosen && tabId(chosen.id)}>
        {chosen && isShown ? (
          <TerminalView key={chosen.id} calls={calls} session={chosen} onBell={() => ring(chosen.id)} onError={on.onError} />
        ) : null}
        {chosen && !chosen.running ? (
          <p className="terminal-over" role="status">
            {t('ended', { code: chosen.exitCode ?? 0 })}
            <Button look="ghost" onPress={on.onOpen}>
              {t('again')}
            </Button>
          </p>
        ) : null}
        {chosen ? null : <Nothing error={error} isWaiting={!sessions} onOpen={on.onOpen} />}
      </div>
    </div>
  )
}

const tabId = (id: string): string => `terminal-tab-${id}`

type TabsProps = Pick<TerminalDockProps, 'active' | 'onChoose' | 'onOpen' | 'onClose' | 'onHide'> & {
  sessions: readonly Session[]
  ringing: string | undefined
}

const Tabs = ({ sessions, active, ringing, onChoose, onOpen, onClose, onHide }: TabsProps) => {
  const { t } = useTranslation('terminal')
  const press = (event: KeyboardEvent, index: number) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    const target = sessions[(index + (step ?? 0) + sessions.length) % sessions.length]
    if (event.key === 'Delete' && sessions[index]) onClose(sessions[index].id)
    if (!step || !target) return
    event.preventDefault()
    onChoose(target.id)
    document.getElementById(tabId(target.id))?.focus()
  }
  return (
    <div className="terminal-tabs">
      {/* A list of tabs holds nothing but tabs: it owns them where they stand, each beside the button that closes it. */}
      {sessions.length > 0 ? (
        <span role="tablist" aria-label={t('tabs')} aria-owns={sessions.map(({ id }) => tabId(id)).join(' ')} />
      ) : null}
      <div className="terminal-tab-row">
        {sessions.map((session, index) => (
          <div key={session.id} className={classOf(session, active, ringing)}>
            <button
              type="button"
              role="tab"
              id={tabId(session.id)}
              aria-selected={session.id === active}
              aria-controls="terminal-panel"
              tabIndex={session.id === active ? 0 : -1}
              onClick={() => onChoose(session.id)}
              onAuxClick={event => event.button === 1 && onClose(session.id)}
              onKeyDown={event => press(event, index)}
            >
              {session.running ? null : <StateShape state="leaving" />}
              {session.running && session.id === active ? <Icon name="term" small /> : null}
              {session.title}
              {ringing === session.id ? <span className="unseen">{t('bell')}</span> : null}
            </button>
            <button
              type="button"
              className="terminal-tab-close"
              aria-label={t('close', { title: session.title })}
              tabIndex={session.id === active ? 0 : -1}
              onClick={() => onClose(session.id)}
            >
              <Icon name="close" small />
            </button>
          </div>
        ))}
      </div>
      <Tooltip text={t('new')}>
        <Button look="ghost" square aria-label={t('new')} onPress={onOpen}>
          <Icon name="plus" small />
        </Button>
      </Tooltip>
      <span className="gap" />
      <Button look="ghost" onPress={onHide}>
        <span className="unseen">{t('hide')}</span>
        <Key>Ctrl `</Key>
      </Button>
    </div>
  )
}

const classOf = ({ id }: Session, active: string | undefined, ringing: string | undefined): string =>
  ['terminal-tab', id === active ? 'chosen' : '', id === ringing ? 'ringing' : ''].filter(Boolean).join(' ')

const Nothing = ({ error, isWaiting, onOpen }: { error: WireError | undefined; isWaiting: boolean; onOpen(): void }) => {
  const { t } = useTranslation('terminal')
  const open = (
    <Button look="primary" onPress={onOpen}>
      {t('empty.open')}
    </Button>
  )
  if (error) return <ErrorPanel error={error} acts={open} />
  if (isWaiting)
    return (
      <p className="terminal-nothing" role="status">
        {t('opening')}
      </p>
    )
  return (
    <section className="terminal-nothing">
      <h2>{t('empty.title')}</h2>
      <p>{t('empty.words')}</p>
      {open}
    </section>
  )
}
