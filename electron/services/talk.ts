// The talk over the contract: the deck in either language, the one place in it that all windows share, what its slides do, what is drawn on them, the phone's clicker, rehearsals, and whether its demos would work.

import type { Services } from '../contract/define.ts'
import type { AppContract } from '../contract/index.ts'
import { createChanging } from '../platform/changing.ts'
import { type ClickerDeps, createTalkClicker } from './talk-clicker.ts'
import { createTalkDemo, type DemoDeps } from './talk-demo.ts'
import { createPen, type PenDeps } from './talk-pen.ts'
import { createPlace, type PlaceDeps } from './talk-place.ts'
import { createTalkReadiness, type ReadinessDeps } from './talk-readiness.ts'
import { createTalkRehearsal, type RehearsalDeps } from './talk-rehearsal.ts'

export type TalkDeps = PlaceDeps &
  PenDeps &
  Omit<DemoDeps, 'position' | 'move' | 'edition'> &
  Omit<ClickerDeps, 'place' | 'edition'> &
  Omit<RehearsalDeps, 'place'> &
  ReadinessDeps

/** @throws AppError deck.broken from `deck`, naming file and line */
export const createTalkService = (deps: TalkDeps): { service: Services<AppContract>['talk']; close(): Promise<void> } => {
  const place = createPlace(deps)
  const pen = createPen(deps)
  const edition = createChanging({ number: 1 })
  const demo = createTalkDemo({ ...deps, position: place.position, move: place.go, edition })
  const clicker = createTalkClicker({ ...deps, place, edition })
  const readiness = createTalkReadiness(deps)
  const unwatch = deps.deck.watch(() => edition.set({ number: edition.get().number + 1 }))
  return {
    service: {
      deck: ({ language }) => deps.deck.read(language),
      edition: (_, { signal }) => edition.stream(signal),
      position: (_, { signal }) => {
        clicker.watch(signal)
        return place.position.stream(signal)
      },
      go: change => {
        place.go(change)
        return {}
      },
      doing: ({ language }, { signal }) => demo.doing(language, signal),
      run: async ({ slide }) => {
        await demo.run(slide)
        return {}
      },
      openTerminal: async () => {
        await demo.openTerminal()
        return {}
      },
      plan: (_, { signal }) => place.plan.stream(signal),
      aim: change => {
        place.aim(change)
        return {}
      },
      ...pen.service,
      ...clicker.service,
      ...createTalkRehearsal({ ...deps, place }),
      readiness: ({ language }, { signal }) => readiness(language, signal),
    },
    close: async () => {
      unwatch()
      demo.close()
      await clicker.close()
      await pen.close()
      await place.close()
    },
  }
}
