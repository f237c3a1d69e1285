// The dock's content: the terminals' store joined to their parts.

import { useEffect, useRef } from 'react'
import type { WireError } from '../../electron/contract/errors.ts'
import { useApi } from '../api/use-api.ts'
import { TerminalDock } from '../parts/terminal/terminal-dock.tsx'
import { useAppState, useAttempt, useTerminals } from '../state/use-state.ts'

const Terminals = ({ isShown, onHide }: { isShown: boolean; onHide(): void }) => {
  const api = useApi()
  const { terminals, view } = useAppState()
  const attempt = useAttempt()
  const { sessions, active, error, isOpening } = useTerminals()
  const wasShown = useRef(false)
  useEffect(() => {
    if (!isShown) wasShown.current = false
    if (!isShown || wasShown.current || !sessions) return
    // A dock that was just opened and is empty wants a shell; one whose last tab was closed is left in peace.
    wasShown.current = true
    if (sessions.length === 0 && !isOpening) void terminals.open()
  }, [isShown, sessions, isOpening, terminals])
  const tell = (failure: WireError) => view.setState({ failure })
  return (
    <TerminalDock
      calls={api.terminal}
      sessions={sessions}
      active={active}
      error={error}
      isShown={isShown}
      onChoose={terminals.choose}
      onOpen={() => void terminals.open()}
      onClose={id => void attempt(() => terminals.close(id))}
      onHide={onHide}
      onError={tell}
    />
  )
}

export default Terminals
