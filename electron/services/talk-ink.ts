// A deck's ink on disk, so that a restart finds it again: one file a deck, never more than a bounded number of them.

import { createHash } from 'node:crypto'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { inkNumber, type Stroke, stroke } from '../contract/talk.ts'
import type { Clock } from '../platform/clock.ts'
import { newestFirst, remove } from '../platform/files.ts'
import { type JsonFile, openJsonFile } from '../platform/json-file.ts'
import type { Ink } from '../talk/index.ts'

const onSlide = z.array(inkNumber)

/** Numbers in one line of text: `12.5 30 13 31.5`. As JSON's own list each would have a line of the file. */
const points = z.string().check(z.refine(text => onSlide.safeParse(numbersOf(text)).success))
const numbersOf = (text: string): number[] => text.split(' ').map(Number)

const keptInk = z.object({
  /** The folder of its slides; nothing for our own. For whoever reads the file. */
  deck: z.string(),
  strokes: z.array(z.extend(stroke, { points })),
})
export type KeptInk = z.infer<typeof keptInk>

/** Enough for whoever writes decks. */
const decksKept = 20

/** A folder may be called anything, and be deeper than a file's name may be long. */
const fileOf = (deckName: string): string =>
  `${deckName === '' ? 'talk' : createHash('sha256').update(deckName).digest('hex').slice(0, 24)}.json`

/** A broken file is set aside, and the deck begins without ink. @throws AppError storage.unwritable from `set` only */
export const openInk = async (folder: string, deckName: string, clock: Clock): Promise<JsonFile<KeptInk>> => {
  const name = fileOf(deckName)
  const others = (await newestFirst(folder).catch(() => [])).filter(each => /^\w+\.json$/.test(each) && each !== name)
  for (const old of others.slice(decksKept - 1)) await remove(join(folder, old)).catch(() => undefined) // one more is no harm
  return openJsonFile<KeptInk>({
    path: join(folder, name),
    schema: keptInk,
    initial: { deck: deckName, strokes: [] },
    broken: 'ink.broken',
    clock,
  })
}

export const strokesOf = ({ value }: JsonFile<KeptInk>): Stroke[] =>
  value.strokes.map(each => ({ ...each, points: numbersOf(each.points) }))

/** A hand draws sixty times a second, and the disk need not: what a crash takes is no older than this. */
const restMs = 1000

export interface InkKeeper {
  /** Writes soon; where that cannot wait, at once. */
  keep(wish?: 'atOnce'): void
  /** Settles when the newest ink is on disk. */
  close(): Promise<void>
}

export const createInkKeeper = (kept: JsonFile<KeptInk>, ink: Ink, clock: Clock, report: (error: unknown) => void): InkKeeper => {
  let isStale = false
  let isClosing = false
  let rest = new AbortController()
  let writing: Promise<void> | undefined
  const write = async (): Promise<void> => {
    while (isStale) {
      isStale = false
      rest = new AbortController()
      const strokes = ink.strokes().map(each => ({ ...each, points: each.points.join(' ') }))
      await kept.set({ deck: kept.value.deck, strokes }).catch(report)
      if (!isClosing) await clock.sleep(restMs, rest.signal).catch(() => undefined) // cut short: there is no time to rest
    }
    writing = undefined
  }
  return {
    keep: wish => {
      isStale = true
      writing ??= write()
      if (wish === 'atOnce') rest.abort()
    },
    close: async () => {
      isClosing = true
      rest.abort()
      await writing
    },
  }
}
