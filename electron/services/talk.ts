// The talk over the contract: the deck in either language, the one place in it that all windows share, and what its slides do.

import type { Services } from '../contract/define.ts'
import type { AppContract } from '../contract/index.ts'
import type { Position } from '../contract/talk.ts'
import { createChanging } from '../platform/changing.ts'
import { createTalkDemo, type DemoDeps } from './talk-demo.ts'

export type TalkDeps = Omit<DemoDeps, 'position' | 'move' | 'edition'>

const start: Position = { slide: 'cover', blank: false, startedAt: null, beside: null, isArmed: null, terminal: null, play: null }

/** @throws AppError deck.broken from `deck`, naming file and line */
export const createTalkService = (deps: TalkDeps): { service: Services<AppContract>['talk']; close(): void } => {
  const position = createChanging(start)
  const edition = createChanging({ number: 1 })
  const move = (change: Partial<Position>): void => {
    const now = position.get()
    const isTurned = change.slide !== undefined && change.slide !== now.slide
    position.set({ ...now, ...(isTurned && { beside: null, isArmed: null, play: null }), ...change })
  }
  const demo = createTalkDemo({ ...deps, position, move, edition })
  const unwatch = deps.deck.watch(() => edition.set({ number: edition.get().number + 1 }))
  return {
    service: {
      deck: ({ language }) => deps.deck.read(language),
      edition: (_input, { signal }) => edition.stream(signal),
      go: change => {
        move(change)
        return {}
      },
      position: (_input, { signal }) => position.stream(signal),
      doing: ({ language }, { signal }) => demo.doing(language, signal),
      run: async ({ slide }) => {
        await demo.run(slide)
        return {}
      },
      openTerminal: async () => {
        await demo.openTerminal()
        return {}
      },
    },
    close: () => {
      unwatch()
      demo.close()
    },
  }
}
