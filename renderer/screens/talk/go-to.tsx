// A list of all slides to search in, by number, title or the words on them.

import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Finder } from '../../parts/finder.tsx'
import type { Talk } from './use-talk.ts'

export const GoTo = ({ talk, onClose }: { talk: Talk; onClose(): void }) => {
  const { t } = useTranslation('talk')
  const { deck, slide } = talk
  const sections = useMemo(() => {
    const entries = (deck?.slides ?? []).map(({ id, title, body, command = '' }, index) => ({
      id,
      text: `${index + 1}  ${title}`,
      also: `${id} ${body} ${command}`,
      icon: 'talk' as const,
      isCurrent: id === slide?.id,
    }))
    return [{ id: 'slides', title: t('goTo.slides'), entries }]
  }, [deck, slide, t])
  const choose = (id: string) => {
    talk.go({ slide: id, blank: null })
    onClose()
  }
  return (
    <Finder
      label={t('goTo.label')}
      placeholder={t('goTo.placeholder')}
      empty={t('goTo.empty')}
      sections={sections}
      onChoose={choose}
      onClose={onClose}
    />
  )
}

/** The number being typed, until Enter. */
export const TypedPage = ({ digits, count }: { digits: string; count: number }) => {
  const { t } = useTranslation('talk')
  return (
    digits !== '' && (
      <output className="typed-page">
        <b>{digits}</b> <span className="muted">{t('goTo.enter', { count })}</span>
      </output>
    )
  )
}
