// The talk over the contract: the deck in either language, and the one place in it that all windows share.

import type { Services } from '../contract/define.ts'
import type { AppContract } from '../contract/index.ts'
import type { Position } from '../contract/talk.ts'
import { parseDeck } from '../talk/index.ts'
import type { DeckFiles } from './deck-files.ts'

/** What listeners share: the newest value alone matters, so a slow window skips those in between. */
const createNewest = <T>(first: T) => {
  let value = first
  const listeners = new Set<() => void>()
  return {
    get: () => value,
    set: (next: T) => {
      value = next
      for (const listener of listeners) listener()
    },
    async *follow(signal: AbortSignal): AsyncGenerator<T> {
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
            yield value
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

/** @throws AppError deck.broken from `deck`, naming file and line */
export const createTalkService = (files: DeckFiles): { service: Services<AppContract>['talk']; close(): void } => {
  const position = createNewest<Position>({ slide: 'cover', blank: false, startedAt: null })
  const edition = createNewest({ number: 1 })
  return {
    service: {
      deck: async ({ language }) => parseDeck(await files.read(language)),
      edition: (_input, { signal }) => edition.follow(signal),
      go: change => {
        position.set({ ...position.get(), ...change })
        return {}
      },
      position: (_input, { signal }) => position.follow(signal),
    },
    close: files.watch(() => edition.set({ number: edition.get().number + 1 })),
  }
}
