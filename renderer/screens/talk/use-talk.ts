// The talk as this window sees it: the deck in its language, and the place in it that all windows share.

import { useCallback, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type AppError, toAppError } from '../../../electron/contract/errors.ts'
import { language as languageSchema } from '../../../electron/contract/shapes.ts'
import type { Deck, Position, Slide } from '../../../electron/contract/talk.ts'
import { useApi } from '../../api/use-api.ts'
import type { Sheet } from './stage/ink.ts'

export interface Talk {
  deck: Deck | undefined
  slide: Slide | undefined
  /** Counted from 0. */
  index: number
  position: Position | undefined
  /** What stands beside the slide: what the presenter chose, else what the slide says. */
  beside: NonNullable<Position['beside']>
  /** The slide as it is laid out: whose ink is seen. */
  sheet: Sheet | undefined
  error: AppError | undefined
  /** Changes the shared position. */
  go(change: Partial<Omit<Position, 'isResumed'>>): void
  /** Steps through the deck, not beyond its ends. */
  turn(step: number): void
  /** To a slide by its place, counted from 0, or the nearest that there is. */
  goTo(index: number): void
  /** Covers the audience's screen, or shows the slide again. */
  blank(by: 'black' | 'white'): void
  /** Shows a failure of something else that this window asked for. */
  fail(fault: unknown): void
}

/** Marks an address that this page wrote by itself: it follows the talk, and after a reload does not lead it. */
const followed = { isFollowed: true }

/** Keeps the address at the slide on the screen, so that it can be copied. */
export const useAddress = (href: string | undefined): void => {
  useEffect(() => {
    if (href) history.replaceState(followed, '', href)
  }, [href])
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
      // A call that failed is over once the host speaks again; a broken deck is not.
      setError(known => (known?.code === 'deck.broken' ? known : undefined))
    }
    return api.talk.position({}, take, { onError: setError })
  }, [api])

  const fail = useCallback((fault: unknown) => setError(toAppError(fault)), [])
  const go = useCallback(
    (change: Parameters<Talk['go']>[0]) => {
      const { position: known } = place.current
      if (known) place.current.position = { ...known, ...change }
      api.talk.go(change).catch(fail)
    },
    [api, fail],
  )

  useEffect(() => {
    if (opening && !history.state?.isFollowed) go({ slide: opening })
  }, [opening, go])

  const goTo = useCallback(
    (index: number) => {
      const slides = place.current.deck?.slides ?? []
      const next = slides[Math.min(Math.max(index, 0), slides.length - 1)]
      if (next) go({ slide: next.id, blank: null })
    },
    [go],
  )
  const turn = useCallback(
    (step: number) => {
      const { deck: slides, position: known } = place.current
      if (slides && known) goTo(indexOf(slides, known) + step)
    },
    [goTo],
  )
  const blank = useCallback((by: 'black' | 'white') => go({ blank: place.current.position?.blank === by ? null : by }), [go])
  const index = deck && position ? indexOf(deck, position) : 0
  const slide = deck?.slides[index]
  const beside = position?.beside ?? slide?.beside ?? 'nothing'
  const sheet = slide && { slide: slide.id, isBeside: beside !== 'nothing' }
  return { deck, slide, index, position, beside, sheet, error, go, turn, goTo, blank, fail }
}

/** A slide that this deck does not have counts as the first. */
const indexOf = (deck: Deck, position: Position): number =>
  Math.max(
    0,
    deck.slides.findIndex(slide => slide.id === position.slide),
  )
