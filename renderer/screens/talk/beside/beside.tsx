// What stands beside a slide: the lesson's picture and the talk's terminal.

import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { AppError } from '../../../../electron/contract/errors.ts'
import { useApi } from '../../../api/use-api.ts'
import { Button } from '../../../parts/button.tsx'
import { TerminalView } from '../../../parts/terminal/terminal-view.tsx'
import { useSize } from '../../../parts/use-size.ts'
import { useCurrentTarget, useTerminals } from '../../../state/use-state.ts'
import { LivePane } from '../../labs/live-pane.tsx'
import { useLesson } from '../../labs/use-lesson.ts'
import type { SlideActs } from './use-slide-acts.ts'
import './beside.css'

/** So many fit a kubectl table; JetBrains Mono is 0.6 of its size wide. */
const columns = 84
const cell = 0.6
/** Padding and the scroll bar, in pixels. */
const aside = 48
/** Below this the columns wrap. In pixels. */
const smallest = 10

const fontSizeFor = (width: number): number => Math.max(smallest, Math.floor(((width - aside) / columns / cell) * 4) / 4)

/** The drawing is laid out as for a pane of this size, in pixels, and drawn as large as its place allows. */
const drawn = { width: 640, height: 375 }

const Chart = ({ lesson }: { lesson: string }) => {
  const { text, progress } = useLesson(lesson)
  const { ref, size } = useSize()
  const zoom = Math.max(1, Math.min(size.width / drawn.width, size.height / drawn.height))
  return (
    <div className="beside-chart" ref={ref}>
      {text && progress && <LivePane text={text} progress={progress} zoom={zoom} />}
    </div>
  )
}

interface TerminalProps {
  id: string | null
  width: number
  takesFocus: boolean
  onError(error: unknown): void
}

const Terminal = ({ id, width, takesFocus, onError }: TerminalProps) => {
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

interface BesideProps {
  acts: SlideActs
  lesson: string | undefined
  terminal: string | null
}

export const Beside = ({ acts, lesson, terminal }: BesideProps) => {
  const { t } = useTranslation('talk')
  const { ref, size } = useSize<HTMLElement>()
  const { shown } = acts
  return (
    <section className="beside" aria-label={t('beside.label')} data-shown={shown} ref={ref}>
      {lesson && shown !== 'terminal' && <Chart lesson={lesson} />}
      {shown !== 'chart' && <Terminal id={terminal} width={size.width} takesFocus={acts.wantsTerminal} onError={acts.fail} />}
    </section>
  )
}
