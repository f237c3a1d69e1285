// The talk as the audience sees it: one slide over the whole window, with controls that show when the mouse moves.

import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../parts/button.tsx'
import { ErrorPanel } from '../../parts/error-panel.tsx'
import { Icon } from '../../parts/icon.tsx'
import { hrefOf } from '../../state/route.ts'
import { useAppState } from '../../state/use-state.ts'
import { Overview } from './overview.tsx'
import { SlideView } from './slide.tsx'
import { useTalkKeys } from './use-keys.ts'
import { useTalk } from './use-talk.ts'
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
  window.open(hrefOf({ screen: 'presenter' }), 'khw-presenter', 'width=1100,height=720')
}

export const TalkScreen = ({ id }: { id?: string }) => {
  const { t } = useTranslation('talk')
  const { router } = useAppState()
  const talk = useTalk(id)
  const isMoving = useMouseMoved()
  const [isOverview, setOverview] = useState(false)
  const leave = () => (isOverview ? setOverview(false) : router.go({ screen: 'labs' }))
  const more = { escape: leave, o: () => setOverview(open => !open), f: fullScreen, p: openPresenter }
  useTalkKeys(talk, more)

  const { deck, slide, index, position, error } = talk
  useEffect(() => {
    if (slide) history.replaceState(null, '', hrefOf({ screen: 'talk', id: slide.id }))
  }, [slide])

  if (error) return <ErrorPanel look="page" error={error.toWire()} />
  if (!deck || !slide || !position) return <p className="talk-loading">{t('loading')}</p>
  const page = t('slideOf', { page: index + 1, count: deck.slides.length })
  if (isOverview) {
    const choose = (chosen: string) => {
      talk.go({ slide: chosen, blank: false })
      setOverview(false)
    }
    return <Overview deck={deck} current={slide.id} onChoose={choose} onClose={() => setOverview(false)} />
  }
  return (
    <main className="talk" aria-label={t('title')}>
      <SlideView slide={slide} page={page} />
      {position.blank && <div className="talk-blank" data-testid="blank" />}
      <nav className={isMoving ? 'talk-controls is-seen' : 'talk-controls'} aria-label={t('keys')}>
        <Button look="ghost" square aria-label={t('previous')} onPress={() => talk.turn(-1)}>
          <Icon name="left" />
        </Button>
        <span className="num">{page}</span>
        <Button look="ghost" square aria-label={t('next')} onPress={() => talk.turn(1)}>
          <Icon name="right" />
        </Button>
        <Button look="ghost" onPress={() => setOverview(true)}>
          {t('overview')}
        </Button>
        <Button look="ghost" onPress={openPresenter}>
          {t('presenter')}
        </Button>
        <Button look="ghost" onPress={fullScreen}>
          {t('fullScreen')}
        </Button>
        <Button look="ghost" onPress={() => router.go({ screen: 'labs' })}>
          {t('exit')}
        </Button>
      </nav>
    </main>
  )
}
