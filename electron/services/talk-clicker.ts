// The phone's clicker: opened on an address of this machine, told to the presenter, and closed with the talk.

import type { ClickerContract, ClickerView } from '../contract/clicker.ts'
import type { Services } from '../contract/define.ts'
import { AppError } from '../contract/errors.ts'
import type { AppContract } from '../contract/index.ts'
import type { Language } from '../contract/shapes.ts'
import type { ClickerState, Deck } from '../contract/talk.ts'
import { createChanging } from '../platform/changing.ts'
import type { Clock } from '../platform/clock.ts'
import type { OwnAddress } from '../platform/network.ts'
import type { DeckFiles } from './deck-files.ts'
import type { Place } from './talk-place.ts'

/** An open clicker; see hosts/clicker.ts. */
export interface OpenClicker {
  url: string
  close(): Promise<void>
}

/** The clicker's page by its files' paths; see clicker-page.ts. */
export type ReadPage = (path: string) => Promise<{ type: string; text: string } | undefined>

/** How a clicker is opened: the host that listens on a network is not the services' business. */
export type StartClicker = (options: {
  address: string
  services: Services<ClickerContract>
  readPage: ReadPage
  onPhones(count: number): void
}) => Promise<OpenClicker>

export interface ClickerDeps {
  /** Left out where nobody presents: on the command line. */
  startClicker?: StartClicker
  readPage: ReadPage
  addresses(): OwnAddress[]
  language(): Language
  deck: Pick<DeckFiles, 'read'>
  place: Place
  edition: { get(): { number: number } }
  clock: Clock
  report(error: unknown): void
}

type ClickerService = Pick<Services<AppContract>['talk'], 'clicker' | 'openClicker' | 'closeClicker'>

export interface TalkClicker {
  service: ClickerService
  /** Counts a window that shows the talk until the signal fires: the clicker ends with the last of them. */
  watch(signal: AbortSignal): void
  close(): Promise<void>
}

/** A reload, or another window opened in place of this one, takes less. */
const emptyMs = 60_000

/** Notes on a phone are plain words. */
const plain = (markdown: string): string => markdown.replaceAll(/\*\*|`/g, '')

export const viewOf = (
  { slides }: Deck,
  language: Language,
  { slide, blank }: { slide: string; blank: unknown },
): ClickerView => {
  const index = Math.max(
    0,
    slides.findIndex(({ id }) => id === slide),
  )
  const here = slides[index]
  return {
    language,
    page: index + 1,
    count: slides.length,
    title: here?.title ?? '',
    notes: plain(here?.notes ?? ''),
    next: slides[index + 1]?.title ?? '',
    isBlank: blank !== null,
  }
}

export const createTalkClicker = (deps: ClickerDeps): TalkClicker => {
  const { startClicker, readPage, addresses, language, place, edition, clock, report } = deps
  const state = createChanging<ClickerState>({ addresses: [], open: null })
  const set = (change: Partial<ClickerState>): void => state.set({ ...state.get(), ...change })
  let current: OpenClicker | undefined
  let windows = 0
  let leaving = new AbortController()

  /** A deck is many files: read once a language and edition. */
  let read: { of: string; deck: Promise<Deck> } | undefined
  const deckNow = (): Promise<Deck> => {
    const of = `${language()} ${edition.get().number}`
    if (read?.of !== of) read = { of, deck: deps.deck.read(language()) }
    return read.deck
  }

  const services: Services<ClickerContract> = {
    clicker: {
      view: async function* (_, { signal }) {
        for await (const position of place.position.stream(signal)) yield viewOf(await deckNow(), language(), position)
      },
      turn: async ({ step }) => {
        const { slides } = await deckNow()
        // Where the talk stands now: whoever tapped may have waited for the deck.
        const index = slides.findIndex(({ id }) => id === place.position.get().slide)
        const next = slides[Math.min(Math.max(index, 0) + step, slides.length - 1)]
        if (next) place.go({ slide: next.id, blank: null })
        return {}
      },
      blank: () => {
        place.go({ blank: place.position.get().blank === null ? 'black' : null })
        return {}
      },
    },
  }

  const close = async (): Promise<void> => {
    const closing = current
    current = undefined
    set({ open: null })
    await closing?.close()
  }

  const closeWhenEmpty = async (signal: AbortSignal): Promise<void> => {
    await clock.sleep(emptyMs, signal)
    await close()
  }

  return {
    service: {
      clicker: (_, { signal }) => {
        set({ addresses: startClicker ? addresses() : [] })
        return state.stream(signal)
      },
      openClicker: async ({ address }) => {
        // Only what was offered: a page cannot have us listen anywhere else, and never everywhere.
        const isOurs = addresses().some(each => each.address === address)
        if (!startClicker || !isOurs) throw new AppError('clicker.address', { address, reason: 'not an address of this machine' })
        await close()
        const onPhones = (phones: number): void => {
          const { open } = state.get()
          if (open) set({ open: { ...open, phones } })
        }
        const opened = await startClicker({ address, services, readPage, onPhones })
        current = opened
        set({ open: { url: opened.url, address, phones: 0 } })
        return {}
      },
      closeClicker: async () => {
        await close()
        return {}
      },
    },
    watch: signal => {
      windows += 1
      leaving.abort()
      signal.addEventListener(
        'abort',
        () => {
          windows -= 1
          if (windows > 0 || !current) return
          leaving = new AbortController()
          const { signal: stays } = leaving
          void closeWhenEmpty(stays).catch(error => stays.aborted || report(error))
        },
        { once: true },
      )
    },
    close: async () => {
      leaving.abort()
      await close()
    },
  }
}
