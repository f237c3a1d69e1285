// The command whose output fills the screen, kept in sight with its exit code and time once its line has scrolled away.

import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ShellCommand } from '../../../electron/contract/terminal.ts'
import type { TerminalCalls } from './calls.ts'
import type { OpenTerminal } from './open-terminal.ts'

export const Sticky = ({ calls, id, terminal }: { calls: TerminalCalls; id: string; terminal: OpenTerminal }) => {
  const { t } = useTranslation('terminal')
  const [commands, setCommands] = useState<readonly ShellCommand[]>([])
  const [number, setNumber] = useState<number>()

  useEffect(() => calls.commands({ id }, setCommands), [calls, id])
  useEffect(() => {
    let frame = 0
    const look = () => {
      frame ||= requestAnimationFrame(() => {
        frame = 0
        setNumber(terminal.prompts.atTop())
      })
    }
    const { xterm } = terminal
    const listeners = [xterm.onScroll(look), xterm.onWriteParsed(look), xterm.onResize(look)]
    look()
    return () => {
      cancelAnimationFrame(frame)
      for (const listener of listeners) listener.dispose()
    }
  }, [terminal])

  const command = commands.find(each => each.number === number)
  if (!command) return null
  return (
    <button
      type="button"
      className="terminal-sticky"
      aria-label={`${command.line}, ${t('sticky.label')}`}
      onClick={() => terminal.prompts.show(command.number)}
    >
      <span className="terminal-dollar">$</span>
      <span className="terminal-line">{command.line}</span>
      <span className={command.exitCode ? 'terminal-end failed' : 'terminal-end'}>
        {command.exitCode === undefined || command.ms === undefined
          ? t('sticky.running')
          : t('sticky.done', { code: command.exitCode, time: sayTime(t, command.ms) })}
      </span>
    </button>
  )
}

const sayTime = (t: (key: string, values: Record<string, number | string>) => string, ms: number): string => {
  if (ms >= 60_000) return t('minutes', { m: Math.floor(ms / 60_000), s: Math.round((ms % 60_000) / 1000) })
  return t('seconds', { n: (ms / 1000).toFixed(ms < 1000 ? 3 : ms < 10_000 ? 2 : 1) })
}
