// The talk as this window sees it: the deck in its language, and the place in it that all windows share.

import { useCallback, useEffect, useState } from 'react'
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
}

/** `opening` is the slide that the address asks for, gone to once. */
export const useTalk = (opening?: string): Talk => {
  const api = useApi()
  const { i18n } = useTranslation()
  const [deck, setDeck] = useState<Deck>()
  const [position, setPosition] = useState<Position>()
  const [error, setError] = useState<AppError>()

  useEffect(() => {
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
  }, [api, i18n.language])

  useEffect(() => api.talk.position({}, setPosition, { onError: setError }), [api])

  const go = useCallback(
    (change: Partial<Position>) => {
      api.talk.go(change).catch(fault => setError(toAppError(fault)))
    },
    [api],
  )

  useEffect(() => {
    if (opening) go({ slide: opening })
  }, [opening, go])

  const found = deck?.slides.findIndex(slide => slide.id === position?.slide) ?? -1
  const index = Math.max(0, found)
  const turn = useCallback(
    (step: number) => {
      const next = deck?.slides[Math.min(Math.max(index + step, 0), deck.slides.length - 1)]
      if (next) go({ slide: next.id, blank: false })
    },
    [deck, index, go],
  )
  return { deck, slide: deck?.slides[index], index, position, error, go, turn }
}
