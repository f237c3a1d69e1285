// What the slide at hand does with the cluster: its lesson followed, its commands run in the talk's terminal, and the turn when it is ready.

import type { Clusters } from '../cluster/index.ts'
import type { Services } from '../contract/define.ts'
import type { AppContract } from '../contract/index.ts'
import type { LessonProgress } from '../contract/lessons.ts'
import type { Language } from '../contract/shapes.ts'
import type { Deck, Doing, Position, Slide } from '../contract/talk.ts'
import type { Lesson } from '../lessons/index.ts'
import { type Changing, createChanging } from '../platform/changing.ts'
import type { Clock } from '../platform/clock.ts'
import { doingOf, nextAction } from '../talk/index.ts'
import type { DeckFiles } from './deck-files.ts'
import type { LessonFiles } from './lesson-files.ts'
import { textOf } from './lesson-views.ts'
import type { TerminalService } from './terminal.ts'

export interface DemoDeps {
  deck: DeckFiles
  lessonFiles: Pick<LessonFiles, 'load'>
  lessons: Pick<Services<AppContract>['lessons'], 'progress' | 'act' | 'skip'>
  clusters: Pick<Clusters, 'targets' | 'use' | 'ready'>
  terminal: Pick<TerminalService, 'session' | 'open' | 'draft'>
  /** The words on the terminal's tab. */
  title(): string
  clock: Clock
  report(error: unknown): void
  position: Changing<Position>
  move(change: Partial<Position>): void
  edition: Changing<{ number: number }>
}

export interface TalkDemo {
  doing(language: Language, signal: AbortSignal): AsyncGenerator<Doing | null>
  /** @throws AppError why the command could not be typed */
  run(slide: string): Promise<void>
  openTerminal(): Promise<void>
  close(): void
}

/** The slide at hand, its lesson, and how far that has come. */
interface Scene {
  slide?: Slide
  next?: string
  lesson?: Lesson
  progress?: LessonProgress
}

/** Columns of a kubectl table, and lines enough for it, until a window has measured itself. */
const size = { cols: 84, rows: 20 }
/** So long everybody sees that all is ready before the slide turns. */
const restMs = 1_500
/** A cluster that answers shows a lesson's objects well within this time. */
const reachMs = 5_000
const soonMs = 50

export const createTalkDemo = (deps: DemoDeps): TalkDemo => {
  const { deck, lessons, clusters, terminal, clock, position, move, edition, report } = deps
  const scene = createChanging<Scene>({})
  let readers = 0
  let followed = new AbortController()
  /** Any language will do to follow a slide: all its decks have the same slides, or there is only one. */
  const language: Language = 'en'

  const find = async (id: string): Promise<Pick<Scene, 'slide' | 'next'>> => {
    const { slides }: Deck = await deck.read(language)
    const index = Math.max(
      0,
      slides.findIndex(slide => slide.id === id),
    )
    return { slide: slides[index], next: slides[index + 1]?.id }
  }

  const labOf = ({ lesson, progress }: Scene, spoken: Language) => lesson && { tasks: textOf(lesson, [], spoken).tasks, progress }

  const isArmed = ({ slide }: Scene): boolean => position.get().isArmed ?? slide?.advance === 'ready'

  /** Turns if this is still the slide, still armed, and nobody moved. */
  const turn = async (now: Scene, signal: AbortSignal): Promise<void> => {
    await clock.sleep(restMs, signal)
    if (!signal.aborted && isArmed(now) && now.next !== undefined) move({ slide: now.next })
  }

  /** Until the slide changes. Ready by itself turns nothing: it has to become ready while we look. */
  const follow = async (id: string, signal: AbortSignal): Promise<void> => {
    const found = await find(id)
    if (signal.aborted) return
    const { lesson: named } = found.slide ?? {}
    const lesson = named === undefined ? undefined : await deps.lessonFiles.load(named).catch(report)
    if (signal.aborted) return
    scene.set({ ...found, ...(lesson && { lesson }) })
    if (!lesson || named === undefined) return
    let wasReady = true
    for await (const progress of lessons.progress({ lesson: named, language }, { signal })) {
      if (signal.aborted) return
      const now = { ...found, lesson, progress }
      scene.set(now)
      const isReady = found.slide ? (doingOf(found.slide, labOf(now, language))?.isReady ?? false) : false
      if (isReady && !wasReady && isArmed(now)) void turn(now, signal).catch(error => signal.aborted || report(error))
      wasReady = isReady
    }
  }

  /** Follows the slide at hand while somebody looks. */
  const look = (): void => {
    followed.abort()
    followed = new AbortController()
    const { signal } = followed
    if (readers > 0) follow(position.get().slide, signal).catch(error => signal.aborted || report(error))
  }
  let at = position.get().slide
  const stops = [
    position.listen(() => {
      const { slide } = position.get()
      if (slide === at) return
      at = slide
      look()
    }),
    edition.listen(look),
  ]

  const openTerminal = async (): Promise<string> => {
    const { current } = clusters.targets()
    const known = position.get().terminal
    const session = known === null ? undefined : terminal.session(known)
    if (session?.running && session.cluster === current) return session.id
    const { id } = await terminal.open({ ...size, title: deps.title() }, { signal: AbortSignal.timeout(reachMs) })
    move({ terminal: id })
    return id
  }
  /** Two windows that want it at once get the same. */
  let opening: Promise<string> | undefined
  const ensureTerminal = (): Promise<string> => {
    opening ??= openTerminal().finally(() => {
      opening = undefined
    })
    return opening
  }

  const progressOf = async (lesson: string): Promise<LessonProgress | undefined> => {
    for await (const progress of lessons.progress({ lesson, language }, { signal: AbortSignal.timeout(reachMs) })) return progress
    return undefined
  }

  /** The lesson's progress with the slide's task no longer in the future: the tasks before it are left, once the cluster has been seen. */
  const reach = async (lesson: string, task: string | undefined): Promise<LessonProgress | undefined> => {
    const deadline = clock.now() + reachMs
    for (;;) {
      const progress = await progressOf(lesson)
      const now = progress?.tasks.find(({ state }) => state === 'now')
      const isLater = progress?.tasks.some(({ id, state }) => id === task && state === 'later')
      if (!isLater || now === undefined || clock.now() > deadline) return progress
      await lessons.skip({ lesson, task: now.id }, { signal: new AbortController().signal })
      await clock.sleep(soonMs)
    }
  }

  const run = async (id: string): Promise<void> => {
    // the place may be one that this deck does not have: then it is at its first slide
    const { slide } = await find(position.get().slide)
    if (slide?.id !== id || (!slide.lesson && !slide.command)) return
    const { beside } = position.get()
    const shown = beside ?? slide.beside ?? 'nothing'
    // a diagram is a picture already
    const wanted = slide.lesson && slide.layout !== 'diagram' ? 'both' : 'terminal'
    if (shown === 'nothing') move({ beside: wanted })
    else if (shown === 'chart') move({ beside: 'both' })
    if (slide.lesson === undefined) return terminal.draft(await ensureTerminal(), slide.command ?? '')
    // whoever runs a lesson without having chosen a cluster practises
    if (clusters.targets().current === null) await clusters.use('practice')
    await clusters.ready()
    const at = await ensureTerminal()
    const lesson = await deps.lessonFiles.load(slide.lesson)
    const progress = slide.action ? undefined : await reach(slide.lesson, slide.task)
    const action = nextAction(slide, { tasks: textOf(lesson, [], language).tasks, progress })
    if (action) await lessons.act({ lesson: slide.lesson, ...action, terminal: at }, { signal: new AbortController().signal })
  }

  return {
    doing: async function* (spoken, signal) {
      readers++
      if (readers === 1) look()
      try {
        let told: string | undefined
        for await (const now of scene.stream(signal)) {
          if (now.slide === undefined) continue
          const doing = doingOf(now.slide, labOf(now, spoken))
          const text = JSON.stringify(doing)
          if (text === told) continue
          told = text
          yield doing
        }
      } finally {
        readers--
        if (readers === 0) look()
      }
    },
    run,
    openTerminal: async () => {
      await ensureTerminal()
    },
    close: () => {
      for (const stop of stops) stop()
      followed.abort()
    },
  }
}
