// Every slide, one a page, for paper, PDF and contact sheets: no keys, no controls, in the language and theme that the address asks for.

import { useEffect, useState, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorPanel } from '../../parts/error-panel.tsx'
import { Markdown } from '../../parts/markdown.tsx'
import { readPrint } from '../../state/print.ts'
import { SlideView } from './slide.tsx'
import { useTalk } from './use-talk.ts'
import './print.css'

/** The pages are drawn only in the language asked for: never one language's deck with another's words. */
export const PrintScreen = ({ id }: { id?: string }) => {
  const { i18n } = useTranslation()
  // Asked, not only listened for: the language may change between the first drawing and the listening.
  const spoken = useSyncExternalStore(
    listener => {
      i18n.on('languageChanged', listener)
      return () => i18n.off('languageChanged', listener)
    },
    () => i18n.language,
  )
  const { language = spoken, withNotes } = readPrint(id)
  return spoken === language && <Pages key={language} withNotes={withNotes} />
}

/** `data-ready` tells whoever prints that the words, the drawings and their faces are there. */
const Pages = ({ withNotes }: { withNotes: boolean }) => {
  const { deck, error } = useTalk()
  const [isReady, setReady] = useState(false)
  useEffect(() => {
    if (!deck) return
    document.title = deck.title
    let isGone = false
    // Faces are asked for when words are laid out. No animation frames: a page that is printed may never be seen.
    const settle = async () => {
      for (let looks = 0; looks < 2 && !isGone; looks++) {
        document.body.getBoundingClientRect()
        await new Promise(done => setTimeout(done, 50))
        await document.fonts.ready
      }
      if (!isGone) setReady(true)
    }
    void settle()
    return () => {
      isGone = true
    }
  }, [deck])
  useEffect(() => {
    document.documentElement.classList.add('is-printed')
    return () => document.documentElement.classList.remove('is-printed')
  }, [])

  if (error) return <ErrorPanel look="page" error={error.toWire()} />
  return (
    <div className={withNotes ? 'print with-notes' : 'print'} data-ready={isReady}>
      {deck?.slides.map((slide, index) => (
        <section key={slide.id} className="print-page">
          <div className="print-slide">
            <SlideView slide={slide} isStill page={`${index + 1} / ${deck.slides.length}`} />
          </div>
          {withNotes && (
            <div className="print-notes">
              <Markdown>{slide.notes}</Markdown>
            </div>
          )}
        </section>
      ))}
    </div>
  )
}
