// The talk over the contract: the deck in either language, and the one place in it that all windows share.

import type { Services } from '../contract/define.ts'
import type { AppContract } from '../contract/index.ts'
import type { Language } from '../contract/shapes.ts'
import type { Position } from '../contract/talk.ts'
import { parseDeck, type SlideFile } from '../talk/deck.ts'

export interface TalkDependencies {
  /** Reads every slide of a language. @throws AppError where the folder cannot be read */
  readSlides(language: Language): Promise<SlideFile[]>
}

/** @throws AppError deck.broken from `deck`, naming file and line */
export const createTalkService = ({ readSlides }: TalkDependencies): Services<AppContract>['talk'] => {
  let position: Position = { slide: 'cover', blank: false, startedAt: null }
  const listeners = new Set<() => void>()

  return {
    deck: async ({ language }) => parseDeck(await readSlides(language)),

    go: change => {
      position = { ...position, ...change }
      for (const listener of listeners) listener()
      return {}
    },

    // Only the newest position matters: a slow window skips those in between.
    async *position(_input, { signal }) {
      let wake = () => {}
      let isNew = true
      const listener = () => {
        isNew = true
        wake()
      }
      listeners.add(listener)
      signal.addEventListener('abort', listener)
      try {
        while (!signal.aborted) {
          if (isNew) {
            isNew = false
            yield position
          } else {
            await new Promise<void>(resolve => {
              wake = resolve
            })
          }
        }
      } finally {
        listeners.delete(listener)
        signal.removeEventListener('abort', listener)
      }
    },
  }
}
