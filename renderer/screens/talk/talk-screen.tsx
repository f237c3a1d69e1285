// The talk as the audience sees it: one slide over the whole window, with controls that show when the mouse moves.

import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../parts/button.tsx'
import { ErrorPanel } from '../../parts/error-panel.tsx'
import { Icon } from '../../parts/icon.tsx'
import { hrefOf } from '../../state/route.ts'
import { useAppState } from '../../state/use-state.ts'
import { Beside } from './beside/beside.tsx'
import { Step } from './beside/step.tsx'
import { useSlideActs } from './beside/use-slide-acts.ts'
import { GoTo, TypedPage } from './go-to.tsx'
import { KeyHelp } from './key-help.tsx'
import { Overview } from './overview.tsx'
import { Stage, useShape } from './stage/stage.tsx'
import { useHand } from './stage/use-hand.ts'
import { useInk } from './stage/use-ink.ts'
import { stageActs } from './use-acts.ts'
import { useTalkKeys } from './use-keys.ts'
import { useAddress, useTalk } from './use-talk.ts'
import './talk-screen.css'

const idleMs = 2500

/** True for a while after the mouse moved. */
const useMouseMoved = (): boolean => {
  const [moved, setMoved] = useState(false)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>
    const onMove = () => {
      setMoved(true)
      clearTimeout(timer)
      timer = setTimeout(() => setMoved(false), idleMs)
    }
    window.addEventListener('pointermove', onMove)
    return () => {
      clearTimeout(timer)
      window.removeEventListener('pointermove', onMove)
    }
  }, [])
  return moved
}

const fullScreen = (): void => {
  if (document.fullscreenElement) void document.exitFullscreen()
  else void document.documentElement.requestFullscreen()
}

const openPresenter = (): void => {
  window.open(hrefOf({ screen: 'presenter' }), 'khw-presenter', 'width=1280,height=800')
}

type Over = 'overview' | 'goTo' | 'help'

export const TalkScreen = ({ id }: { id?: string }) => {
  const { t } = useTranslation('talk')
  const { router } = useAppState()
  const talk = useTalk(id)
  const ink = useInk(talk.fail)
  const hand = useHand(talk, ink)
  const step = useSlideActs(talk)
  const isMoving = useMouseMoved()
  const [over, setOver] = useState<Over>()
  const close = () => setOver(undefined)
  const { deck, slide, index, position, beside, error } = talk

  const leave = () => {
    if (over) close()
    else if (hand.tool) hand.layDown()
    else if (position?.zoom) talk.go({ zoom: null })
    else router.go({ screen: 'labs' })
  }
  const acts = {
    ...stageActs(talk, ink, hand),
    ...step.keys,
    leave,
    overview: () => setOver(now => (now === 'overview' ? undefined : 'overview')),
    goTo: () => setOver('goTo'),
    help: () => setOver('help'),
    fullScreen,
    presenter: openPresenter,
  }
  const digits = useTalkKeys(acts, page => talk.goTo(page - 1))
  useAddress(slide && hrefOf({ screen: 'talk', id: slide.id }))
  const isShown = deck !== undefined && position !== undefined && over !== 'overview'
  const around = useShape(talk, isShown)

  if (error) return <ErrorPanel look="page" error={error.toWire()} />
  if (!deck || !slide || !position) return <p className="talk-loading">{t('loading')}</p>
  const page = t('slideOf', { page: index + 1, count: deck.slides.length })
  if (over === 'overview') {
    const choose = (chosen: string) => {
      talk.go({ slide: chosen, blank: null })
      close()
    }
    return <Overview deck={deck} current={slide.id} onChoose={choose} onClose={close} />
  }
  return (
    <section className="talk" aria-label={t('title')} ref={around} data-filter={position.filter}>
      <div className={beside === 'nothing' ? 'talk-whole' : 'talk-halves'}>
        <Stage {...{ talk, slide, position, ink, hand, page }} />
        {beside !== 'nothing' && (
          <>
            <Step acts={step} />
            <Beside acts={step} shown={beside} lesson={slide.lesson} terminal={position.terminal} />
          </>
        )}
      </div>
      {position.blank && <div className={`talk-blank is-${position.blank}`} data-testid="blank" />}
      <TypedPage digits={digits} count={deck.slides.length} />
      {position.isResumed && <p className="talk-note">{t('resumed', { page: index + 1 })}</p>}
      {over === 'goTo' && <GoTo talk={talk} onClose={close} />}
      {over === 'help' && <KeyHelp acts={acts} onClose={close} />}
      <nav className={isMoving ? 'talk-controls is-seen' : 'talk-controls'} aria-label={t('controls')}>
        <Button look="ghost" square aria-label={t('previous')} onPress={() => talk.turn(-1)}>
          <Icon name="left" />
        </Button>
        <span className="num">{page}</span>
        <Button look="ghost" square aria-label={t('next')} onPress={() => talk.turn(1)}>
          <Icon name="right" />
        </Button>
        <Button look="ghost" onPress={step.toggleTerminal}>
          {t('beside.terminal')}
        </Button>
        <Button look="ghost" onPress={() => setOver('overview')}>
          {t('overview')}
        </Button>
        <Button look="ghost" onPress={openPresenter}>
          {t('presenter')}
        </Button>
        <Button look="ghost" onPress={fullScreen}>
          {t('fullScreen')}
        </Button>
        <Button look="ghost" onPress={() => setOver('help')}>
          {t('help.open')}
        </Button>
        <Button look="ghost" onPress={() => router.go({ screen: 'labs' })}>
          {t('exit')}
        </Button>
      </nav>
    </section>
  )
}
