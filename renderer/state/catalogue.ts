// Lessons and slides by name, fetched once a language, and lessons again when their files change: for the palette, the crumb and the first screen.

import { createStore, type StoreApi } from 'zustand/vanilla'
import { type AppError, toAppError } from '../../electron/contract/errors.ts'
import type { LessonSummary } from '../../electron/contract/lessons.ts'
import type { Language } from '../../electron/contract/shapes.ts'
import type { Slide } from '../../electron/contract/talk.ts'
import type { Api } from '../api/connect-to-host.ts'

export interface Catalogue {
  lessons: readonly LessonSummary[] | undefined
  slides: readonly Slide[] | undefined
  /** Why one of them is missing; its own screen says so in full. */
  error: AppError | undefined
  /** How often the lessons' files have changed: what was read of them before is old. */
  revision: number
}

export const createCatalogue = (api: Api): { store: StoreApi<Catalogue>; load(language: Language): Promise<void> } => {
  const store = createStore<Catalogue>(() => ({ lessons: undefined, slides: undefined, error: undefined, revision: 0 }))
  let wanted: Language | undefined
  const keep = async <T>(language: Language, work: Promise<T>, set: (value: T) => Partial<Catalogue>) => {
    try {
      const value = await work
      if (wanted === language) store.setState(set(value))
    } catch (error) {
      store.setState({ error: toAppError(error) })
    }
  }
  const list = (language: Language) => keep(language, api.lessons.list({ language }), lessons => ({ lessons }))
  api.lessons.revision({}, ({ revision }) => {
    store.setState({ revision })
    if (revision > 0 && wanted) void list(wanted)
  })
  return {
    store,
    load: async language => {
      wanted = language
      store.setState({ error: undefined })
      await Promise.all([list(language), keep(language, api.talk.deck({ language }), deck => ({ slides: deck.slides }))])
    },
  }
}
