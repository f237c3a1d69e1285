// The talk's own terminal, as wide as its place beside a slide: opened where there is none, or where it is another cluster's.

import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { AppError } from '../../../../electron/contract/errors.ts'
import { useApi } from '../../../api/use-api.ts'
import { Button } from '../../../parts/button.tsx'
import { TerminalView } from '../../../parts/terminal/terminal-view.tsx'
import { useCurrentTarget, useTerminals } from '../../../state/use-state.ts'

/** So many fit a kubectl table; JetBrains Mono is 0.6 of its size wide. */
const columns = 84
const cell = 0.6
/** Padding and the scroll bar, in pixels. */
const aside = 48
/** Below this the columns wrap. In pixels. */
const smallest = 10

const fontSizeFor = (width: number): number => Math.max(smallest, Math.floor(((width - aside) / columns / cell) * 4) / 4)

interface TerminalProps {
  id: string | null
  width: number
  takesFocus: boolean
  onError(error: unknown): void
}

export const TalkTerminal = ({ id, width, takesFocus, onError }: TerminalProps) => {
  const { t } = useTranslation('terminal')
  const api = useApi()
  const { sessions } = useTerminals()
  const target = useCurrentTarget()
  const session = sessions?.find(each => each.id === id)
  // One whose shell has ended stays to be read; one of another cluster would tell of the wrong one.
  const isMissing = sessions !== undefined && (session === undefined || session.cluster !== (target?.id ?? null))
  const open = () => void api.talk.openTerminal({}).catch(onError)
  const asked = useRef(open)
  asked.current = open
  useEffect(() => {
    if (isMissing) asked.current()
  }, [isMissing])
  return (
    <div className="beside-terminal">
      {session && width > 0 ? (
        <TerminalView
          key={session.id}
          calls={api.terminal}
          session={session}
          fontSize={fontSizeFor(width)}
          takesFocus={takesFocus}
          onBell={() => undefined}
          onError={({ code, details }) => onError(new AppError(code, details))}
        />
      ) : (
        <p className="beside-word">{t('opening')}</p>
      )}
      {session && !session.running && (
        <p className="beside-word" role="status">
          {t('ended', { code: session.exitCode ?? 0 })}
          <Button look="ghost" onPress={open}>
            {t('again')}
          </Button>
        </p>
      )}
    </div>
  )
}
