// The presenter's window: this slide and the next, notes, time, and the next command.

import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../parts/button.tsx'
import { ErrorPanel } from '../../parts/error-panel.tsx'
import { Icon } from '../../parts/icon.tsx'
import { Markdown } from '../../parts/markdown.tsx'
import { elapsed } from './clock.ts'
import { SlideView } from './slide.tsx'
import { useTalkKeys } from './use-keys.ts'
import { useTalk } from './use-talk.ts'
import './talk-screen.css'

const Timer = ({ startedAt, onStart }: { startedAt: number | null; onStart(startedAt: number | null): void }) => {
  const { t } = useTranslation('talk')
  const [now, setNow] = useState(Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500)
    return () => clearInterval(timer)
  }, [])
  return (
    <div className="presenter-timer">
      <span className="small faint">{t('timer')}</span>
      <time>{elapsed(startedAt, now)}</time>
      <Button look="ghost" onPress={() => onStart(startedAt === null ? Date.now() : null)}>
        {startedAt === null ? t('startTimer') : t('resetTimer')}
      </Button>
    </div>
  )
}

export const PresenterScreen = () => {
  const { t } = useTranslation('talk')
  const talk = useTalk()
  useTalkKeys(talk)
  const { deck, slide, index, position, error } = talk
  if (error) return <ErrorPanel look="page" error={error.toWire()} />
  if (!deck || !slide || !position) return <p className="talk-loading">{t('loading')}</p>
  const next = deck.slides[index + 1]
  const command = deck.slides.slice(index).find(later => later.command)?.command
  return (
    <main className="presenter" aria-label={t('presenter')}>
      <header>
        <Button look="ghost" square aria-label={t('previous')} onPress={() => talk.turn(-1)}>
          <Icon name="left" />
        </Button>
        <span className="num">{t('slideOf', { page: index + 1, count: deck.slides.length })}</span>
        <Button look="ghost" square aria-label={t('next')} onPress={() => talk.turn(1)}>
          <Icon name="right" />
        </Button>
        <span className="gap" />
        {position.blank && <span className="small muted">{t('blanked')}</span>}
        <Button look="ghost" onPress={talk.blank}>
          {t('blank')}
        </Button>
        <Timer startedAt={position.startedAt} onStart={startedAt => talk.go({ startedAt })} />
      </header>
      <section className="presenter-now">
        <SlideView slide={slide} />
      </section>
      <aside>
        <h2>{next ? t('nextSlide') : t('lastSlide')}</h2>
        {next && (
          <div className="presenter-next" inert>
            <SlideView slide={next} isStill />
          </div>
        )}
        {command && (
          <>
            <h2>{t('nextCommand')}</h2>
            <code className="presenter-command">{command}</code>
          </>
        )}
      </aside>
      <section className="presenter-notes" aria-label={t('notes')}>
        {slide.notes ? <Markdown>{slide.notes}</Markdown> : <p className="faint">{t('noNotes')}</p>}
      </section>
    </main>
  )
}
