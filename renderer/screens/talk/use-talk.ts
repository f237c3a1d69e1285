// The talk as this window sees it: the deck in its language, and the place in it that all windows share.

import { useCallback, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type AppError, toAppError } from '../../../electron/contract/errors.ts'
import { language as languageSchema } from '../../../electron/contract/shapes.ts'
import type { Deck, Position, Slide } from '../../../electron/contract/talk.ts'
import { useApi } from '../../api/use-api.ts'

export interface Talk {
  deck: Deck | undefined
  slide: Slide | undefined
  /** Counted from 0. */
  index: number
  position: Position | undefined
  error: AppError | undefined
  /** Changes the shared position; slides by index are clamped to the deck. */
  go(change: Partial<Position>): void
  turn(step: number): void
  /** Blanks the audience's screen, or shows it again. */
  blank(): void
}

/** `opening` is the slide that the address asks for, gone to once. */
export const useTalk = (opening?: string): Talk => {
  const api = useApi()
  const { i18n } = useTranslation()
  const [deck, setDeck] = useState<Deck>()
  const [position, setPosition] = useState<Position>()
  const [error, setError] = useState<AppError>()
  /** 0: not told yet. */
  const [edition, setEdition] = useState(0)

  useEffect(() => api.talk.edition({}, ({ number }) => setEdition(number)), [api])

  useEffect(() => {
    if (edition === 0) return
    let isGone = false
    api.talk.deck({ language: languageSchema.parse(i18n.language) }).then(
      loaded => {
        if (isGone) return
        setDeck(loaded)
        setError(undefined)
      },
      fault => isGone || setError(toAppError(fault)),
    )
    return () => {
      isGone = true
    }
  }, [api, i18n.language, edition])

  // What was last asked for or told, known before the page is drawn again: keys may come faster than that.
  const place = useRef<{ deck?: Deck; position?: Position }>({})
  place.current.deck = deck

  useEffect(() => {
    const take = (told: Position) => {
      place.current.position = told
      setPosition(told)
    }
    return api.talk.position({}, take, { onError: setError })
  }, [api])

  const go = useCallback(
    (change: Partial<Position>) => {
      const { position: known } = place.current
      if (known) place.current.position = { ...known, ...change }
      api.talk.go(change).catch(fault => setError(toAppError(fault)))
    },
    [api],
  )

  useEffect(() => {
    if (opening) go({ slide: opening })
  }, [opening, go])

  const turn = useCallback(
    (step: number) => {
      const { deck: slides, position: known } = place.current
      if (!slides || !known) return
      const next = slides.slides[Math.min(Math.max(indexOf(slides, known) + step, 0), slides.slides.length - 1)]
      if (next) go({ slide: next.id, blank: false })
    },
    [go],
  )
  const blank = useCallback(() => go({ blank: !place.current.position?.blank }), [go])
  const index = deck && position ? indexOf(deck, position) : 0
  return { deck, slide: deck?.slides[index], index, position, error, go, turn, blank }
}

/** A slide that this deck does not have counts as the first. */
const indexOf = (deck: Deck, position: Position): number =>
  Math.max(
    0,
    deck.slides.findIndex(slide => slide.id === position.slide),
  )
