// All slides at once, to go to one.

import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Deck } from '../../../electron/contract/talk.ts'
import { Button } from '../../parts/button.tsx'
import { Icon } from '../../parts/icon.tsx'
import { SlideView } from './slide.tsx'

interface OverviewProps {
  deck: Deck
  current: string
  onChoose(slide: string): void
  onClose(): void
}

export const Overview = ({ deck, current, onChoose, onClose }: OverviewProps) => {
  const { t } = useTranslation('talk')
  const here = useRef<HTMLButtonElement>(null)
  useEffect(() => here.current?.focus(), [])
  return (
    <section className="talk-overview" aria-label={t('overview')}>
      <header>
        <h1>{t('overview')}</h1>
        <Button look="ghost" square aria-label={t('exit')} onPress={onClose}>
          <Icon name="close" />
        </Button>
      </header>
      <ol>
        {deck.slides.map((slide, index) => (
          <li key={slide.id}>
            <button
              aria-label={`${index + 1} ${slide.title}`}
              type="button"
              ref={slide.id === current ? here : undefined}
              aria-current={slide.id === current}
              onClick={() => onChoose(slide.id)}
            >
              <div className="talk-thumb" inert>
                <SlideView slide={slide} isStill />
              </div>
              <span className="num faint">{index + 1}</span> {slide.title}
            </button>
          </li>
        ))}
      </ol>
    </section>
  )
}
