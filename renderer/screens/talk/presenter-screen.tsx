// The presenter's desk: this slide and the next, notes, the time against the plan, the next command, and the cluster it will run on.

import { type CSSProperties, useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/use-api.ts'
import { Button } from '../../parts/button.tsx'
import { ErrorPanel } from '../../parts/error-panel.tsx'
import { Icon } from '../../parts/icon.tsx'
import { StateShape } from '../../parts/state-shape.tsx'
import { Step } from './beside/step.tsx'
import { useSlideActs } from './beside/use-slide-acts.ts'
import { GoTo, TypedPage } from './go-to.tsx'
import { KeyHelp } from './key-help.tsx'
import { ClickerPanel } from './presenter/clicker-panel.tsx'
import { ClusterCard, RescueDialog } from './presenter/cluster-card.tsx'
import { NotesPane } from './presenter/notes-pane.tsx'
import { RehearsalPanel, useRehearsals } from './presenter/rehearsal-panel.tsx'
import { TimerBar } from './presenter/timer.tsx'
import { ToolRow } from './presenter/tool-row.tsx'
import { useDesk } from './presenter/use-desk.ts'
import { usePlan } from './presenter/use-plan.ts'
import { SlideView } from './slide.tsx'
import { linesOn } from './stage/ink.ts'
import { Stage } from './stage/stage.tsx'
import { useHand } from './stage/use-hand.ts'
import { useInk } from './stage/use-ink.ts'
import { stageActs } from './use-acts.ts'
import { useTalkKeys } from './use-keys.ts'
import { useTalk } from './use-talk.ts'
import './talk-screen.css'
import './presenter/presenter.css'

type Over = 'goTo' | 'help' | 'rescue' | 'clicker' | 'demos' | 'times'

export const PresenterScreen = () => {
  const { t } = useTranslation('talk')
  const api = useApi()
  const talk = useTalk()
  const ink = useInk(talk.fail)
  const hand = useHand(talk, ink)
  const step = useSlideActs(talk)
  const { plan, aim } = usePlan(talk.fail)
  const rehearsals = useRehearsals(talk.fail)
  const [desk, changeDesk] = useDesk()
  const [over, setOver] = useState<Over>()
  const close = () => setOver(undefined)
  const { deck, slide, sheet, index, position, error } = talk

  const acts = {
    ...stageActs(talk, ink, hand),
    ...step.keys,
    goTo: () => setOver('goTo'),
    help: () => setOver('help'),
    rescue: () => setOver('rescue'),
    leave: () => (hand.tool ? hand.layDown() : talk.go({ zoom: null })),
  }
  const endRehearsal = () => api.talk.rehearse({ action: 'stop' }).then(() => setOver('times'), talk.fail)
  const digits = useTalkKeys(acts, page => talk.goTo(page - 1))
  // This slide first, in step with the audience's; the preview of the next one when that is drawn.
  const next = useDeferredValue(deck?.slides[index + 1])
  if (error) return <ErrorPanel look="page" error={error.toWire()} />
  if (!deck || !slide || !sheet || !position) return <p className="talk-loading">{t('loading')}</p>
  const command = deck.slides.slice(step.doing ? index + 1 : index).find(later => later.command)?.command
  const hasInk = linesOn(ink.lines, sheet).length > 0
  const desks = { '--notes': `${desk.notesHeight}px`, '--shape': position.shape } as CSSProperties
  return (
    <section className="presenter" aria-label={t('presenter')} style={desks}>
      <header>
        <Button look="ghost" square aria-label={t('previous')} onPress={() => talk.turn(-1)}>
          <Icon name="left" />
        </Button>
        <Button look="ghost" onPress={acts.goTo}>
          <span className="num">{t('slideOf', { page: index + 1, count: deck.slides.length })}</span>
        </Button>
        <Button look="ghost" square aria-label={t('next')} onPress={() => talk.turn(1)}>
          <Icon name="right" />
        </Button>
        <span className="gap" />
        <TimerBar
          {...{ deck, index, plan }}
          timer={position.timer}
          onTimer={timer => talk.go({ timer })}
          onToggle={() => acts.timer?.()}
          onMinutes={minutes => aim({ minutes })}
        />
        <span className="gap" />
        <Button look="ghost" aria-pressed={position.blank === 'black'} onPress={() => talk.blank('black')}>
          {t('blank')}
        </Button>
        {rehearsals?.now ? (
          <Button onPress={endRehearsal}>
            <StateShape state="progressing" /> {t('rehearsal.stop')}
          </Button>
        ) : (
          <Button look="ghost" onPress={() => setOver(rehearsals?.runs.length ? 'times' : 'demos')}>
            {t('rehearsal.open')}
          </Button>
        )}
        <Button look="ghost" onPress={() => setOver('clicker')}>
          {t('clicker.open')}
        </Button>
        <Button look="ghost" onPress={acts.help}>
          {t('help.open')}
        </Button>
      </header>
      <section className="presenter-now">
        <div className="presenter-slide">
          <Stage {...{ talk, slide, position, ink, hand }} isWhole />
          <div className="presenter-chips" role="status">
            {position.isResumed && <p>{t('resumed', { page: index + 1 })}</p>}
            {position.blank && (
              <p>
                <StateShape state="attention" /> {t(`blanked.${position.blank}`)}
              </p>
            )}
          </div>
        </div>
        <ToolRow {...{ acts, hasInk }} tool={hand.tool} isZoomed={position.zoom !== null} filter={position.filter} />
      </section>
      <aside>
        {step.doing && (
          <section className="presenter-step">
            <h2>{t('step.title')}</h2>
            <Step acts={step} />
          </section>
        )}
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
        <ClusterCard onRescue={acts.rescue} />
      </aside>
      <NotesPane notes={slide.notes} desk={desk} onChange={changeDesk} />
      <TypedPage digits={digits} count={deck.slides.length} />
      {over === 'goTo' && <GoTo talk={talk} onClose={close} />}
      {over === 'help' && <KeyHelp acts={acts} onClose={close} />}
      {(over === 'demos' || over === 'times') && rehearsals && (
        <RehearsalPanel
          first={over}
          {...{ deck, plan, rehearsals }}
          onPlan={aim}
          onGo={chosen => talk.go({ slide: chosen })}
          onClose={close}
          fail={talk.fail}
        />
      )}
      {over === 'clicker' && <ClickerPanel onClose={close} fail={talk.fail} />}
      {over === 'rescue' && <RescueDialog onClose={close} fail={talk.fail} />}
    </section>
  )
}
