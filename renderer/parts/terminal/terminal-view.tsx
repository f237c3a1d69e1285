// One terminal on the screen: shows its output as it comes, sends what is typed, and names the command that scrolled away.

import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { WireError } from '../../../electron/contract/errors.ts'
import { toAppError } from '../../../electron/contract/errors.ts'
import type { Session } from '../../../electron/contract/terminal.ts'
import { StateShape } from '../state-shape.tsx'
import type { TerminalCalls } from './calls.ts'
import { FindBar } from './find-bar.tsx'
import { loadFont, type OpenTerminal, openTerminal, usualFontSize } from './open-terminal.ts'
import { Sticky } from './sticky.tsx'
import './terminal-view.css'

export interface TerminalViewProps {
  calls: TerminalCalls
  session: Session
  /** In pixels: a CSS scale would misplace the mouse. */
  fontSize?: number
  /** Whether it takes the keys as soon as it is there. */
  takesFocus?: boolean
  onBell(): void
  onError(error: WireError): void
}

/** Mount it only while it can be seen: it leaves the output when unmounted and is replayed when it comes back. */
export const TerminalView = ({
  calls,
  session,
  fontSize = usualFontSize,
  takesFocus = true,
  onBell,
  onError,
}: TerminalViewProps) => {
  const { t } = useTranslation('terminal')
  const { id, title } = session
  const place = useRef<HTMLDivElement>(null)
  const [opened, setOpened] = useState<OpenTerminal>()
  const [isLost, setLost] = useState(false)
  const [isFinding, setFinding] = useState(false)
  const [notice, setNotice] = useState('')
  const heard = useRef({ onBell, onError, t, title, fontSize })
  heard.current = { onBell, onError, t, title, fontSize }

  useEffect(() => {
    const element = place.current
    if (!element) return
    let stop = () => {}
    let left = false
    const { t: words, title } = heard.current
    void loadFont().then(() => {
      if (left) return
      const terminal = openTerminal(
        element,
        { input: words('input', { title }), tooMuch: words('tooMuch'), link: words('link') },
        { onFind: () => setFinding(true), onPasteDenied: () => setNotice(words('pasteDenied')) },
        heard.current.fontSize,
      )
      stop = attach(terminal, element, { calls, id, onLost: setLost, heard })
      setOpened(terminal)
    })
    return () => {
      left = true
      stop()
      setOpened(undefined)
    }
  }, [calls, id])

  // a tab may get another name while its terminal lives
  useEffect(() => opened?.xterm.textarea?.setAttribute('aria-label', t('input', { title })), [opened, t, title])

  useEffect(() => {
    if (!opened) return
    opened.xterm.options.fontSize = fontSize
    opened.fit()
  }, [opened, fontSize])
  useEffect(() => {
    if (takesFocus) opened?.xterm.focus()
  }, [opened, takesFocus])

  const endFinding = () => {
    setFinding(false)
    opened?.search.clearDecorations()
    opened?.xterm.focus()
  }

  return (
    <div className="terminal-view">
      {opened ? <Sticky calls={calls} id={id} terminal={opened} /> : null}
      {isLost ? (
        <p className="terminal-notice" role="status">
          <StateShape state="attention" /> {t('lost')}
        </p>
      ) : null}
      {notice ? (
        <p className="terminal-notice" role="status">
          {notice}
        </p>
      ) : null}
      {isFinding && opened ? <FindBar terminal={opened} onClose={endFinding} /> : null}
      <div ref={place} className={isLost ? 'terminal-screen stale' : 'terminal-screen'} />
    </div>
  )
}

interface Attachment {
  calls: TerminalCalls
  id: string
  onLost(isLost: boolean): void
  heard: { current: { onBell(): void; onError(error: WireError): void } }
}

/** Joins an xterm to its session; the credit of a batch goes back when xterm has parsed it. */
const attach = (terminal: OpenTerminal, element: HTMLElement, { calls, id, onLost, heard }: Attachment): (() => void) => {
  const { xterm } = terminal
  let isOver = false
  // A lost link has its own words in the view.
  const fail = (error: unknown) => {
    const wire = toAppError(error).toWire()
    if (wire.code !== 'connection.lost') heard.current.onError(wire)
  }
  const write = (bytes: Uint8Array) => new Promise<void>(resolve => xterm.write(bytes, resolve))
  const refit = () => {
    if (element.clientHeight > 0) terminal.fit()
  }
  xterm.onData(data => {
    if (!isOver) calls.input({ id, data }).catch(fail)
  })
  xterm.onBell(() => heard.current.onBell())
  const observer = new ResizeObserver(refit)
  const leave = calls.output(
    { id },
    async event => {
      if (event.type === 'exit') {
        isOver = true
        xterm.options.disableStdin = true
        xterm.write('\x1b[?25l')
      } else if (event.type === 'data') await write(event.bytes)
      else {
        isOver = false
        xterm.reset()
        xterm.resize(event.cols, event.rows)
        await write(event.bytes)
        refit()
      }
    },
    { onState: state => onLost(state === 'lost'), onError: fail },
  )
  // The replay's own size comes this way too, which changes nothing at the host.
  xterm.onResize(({ cols, rows }) => {
    if (!isOver && cols > 1) calls.resize({ id, cols, rows }).catch(fail)
  })
  observer.observe(element)
  return () => {
    isOver = true
    leave()
    observer.disconnect()
    terminal.dispose()
  }
}
