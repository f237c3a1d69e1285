// The setup domain of the contract: what the engine wrote down, read again whenever it changes, and a visible terminal to run it in.

import { join } from 'node:path'
import type { Services } from '../contract/define.ts'
import { AppError, toAppError } from '../contract/errors.ts'
import type { AppContract } from '../contract/index.ts'
import { type CheckResult, type Choice, choices, type PlannedStep, type SetupRun, type SetupState } from '../contract/setup.ts'
import { collect } from '../installer/diagnostics.ts'
import {
  type Bundle,
  choicesOf,
  lockFile,
  type Machine,
  makeAim,
  makeJob,
  planSteps,
  readJournal,
  readProgress,
  stopFile,
  summarise,
} from '../installer/index.ts'
import { readInvitation } from '../installer/manage.ts'
import { createChanging } from '../platform/changing.ts'
import type { Clock } from '../platform/clock.ts'
import { writeWhole } from '../platform/files.ts'
import { holderOf } from '../platform/lock.ts'
import type { Log } from '../platform/log.ts'
import { watchFolder } from '../platform/watch-folder.ts'
import type { Program } from '../terminal/index.ts'

export interface SetupServiceDeps {
  clock: Clock
  log: Log
  version: string
  /** `<user.state>/setup`: the engine's journal, progress, lock and logs. */
  folder: string
  machine: Machine
  /** The bundle in a folder; without one, what came along or was named at the start. @throws AppError */
  bundle(folder?: string): Promise<Bundle | undefined>
  /** Whole bundles elsewhere on this machine. */
  nearby(): Promise<string[]>
  /** What was named at the start, and how `khw setup apply` is told of it. */
  named?: string
  preflight(machine: Machine, bundle: Bundle | undefined, choices: ReadonlySet<Choice>): Promise<CheckResult[]>
  /** `khw` as this host can start it: the program and its first arguments. */
  khw(): readonly [string, ...string[]]
  terminal: { openProgram(program: Program): string; isRunning(id: string): boolean; close(id: string): void }
  title(): string
}

/** What the machine was found to be holds this long for a screen that is opened anew. */
const freshMs = 30_000
/** So often the lock is looked at while a run is on: a killed engine writes nothing. */
const pulseMs = 1000

const untouched: SetupState = {
  checking: false,
  checkedAt: null,
  checks: [],
  plan: [],
  choices: [],
  bundles: { found: [] },
  run: null,
  interrupted: false,
  ledger: [],
}

/** A terminal hides these from what the user runs; our own program has to know where root cannot read. */
const inAppImage = ({ APPIMAGE, APPDIR }: Machine['env']): Record<string, string> =>
  APPIMAGE !== undefined && APPDIR !== undefined ? { APPIMAGE, APPDIR } : {}

type Told = { state: SetupState } | { error: AppError }

export const createSetupService = (deps: SetupServiceDeps): Services<AppContract>['setup'] => {
  const { clock, log, folder, machine, terminal } = deps
  const told = createChanging<Told>({ state: untouched })
  const present = (): SetupState => {
    const now = told.get()
    return 'state' in now ? now.state : untouched
  }
  const change = (next: Partial<SetupState>) => told.set({ state: { ...present(), ...next } })
  const report = (error: unknown) => log.error('setup', error)

  /** The terminal that we opened last, and from when on a run must be its. */
  let ours: { id: string; since: number } | undefined
  const terminalOf = (run: SetupRun): string | null => (ours && run.startedAt >= ours.since ? ours.id : null)

  /** What the engine wrote: the run, the ledger, and whether somebody is still at work. */
  const readEngine = async (): Promise<void> => {
    const events = await readJournal(folder)
    const { run, open, ledger } = summarise(events)
    const holder = await holderOf(join(folder, lockFile))
    const progress = holder && (await readProgress(folder))
    const isOurs = run !== null && progress?.run === run.id
    const wasRunning = isRunning()
    change({
      ledger,
      interrupted: open && holder === undefined,
      run: run && {
        ...run,
        terminal: terminalOf(run),
        stopping: isOurs && progress.stopping,
        ...(isOurs && progress.progress && { progress: progress.progress }),
        ...(isOurs && progress.wait && { wait: progress.wait }),
      },
    })
    if (wasRunning && !isRunning()) void look()
  }
  const isRunning = (): boolean => {
    const { run, interrupted } = present()
    return run !== null && run.ended === undefined && !interrupted
  }

  /** One at a time; a wish during one is granted by one more after it. */
  const once = (work: () => Promise<void>) => {
    let going: Promise<void> | undefined
    let again = false
    const start = (): Promise<void> => {
      if (going) {
        again = true
        return going
      }
      going = work()
        .catch(error => told.set({ error: toAppError(error) }))
        .finally(() => {
          going = undefined
          if (again) {
            again = false
            void start()
          }
        })
      return going
    }
    return start
  }
  const refresh = once(readEngine)

  /** Asked for in this window's host, and not yet part of a run. */
  const chosen = new Set<Choice>()
  let folderChosen: string | undefined

  /** One that is gone, as a stick that was pulled out, is no longer chosen. */
  const lookForBundles = async (): Promise<{ bundle: Bundle | undefined; bundles: SetupState['bundles'] }> => {
    const [own, nearby] = await Promise.all([deps.bundle(), deps.nearby()])
    const found = nearby.filter(one => one !== own?.folder)
    if (folderChosen !== undefined && !found.includes(folderChosen)) folderChosen = undefined
    const bundle = folderChosen === undefined ? own : await deps.bundle(folderChosen)
    return { bundle, bundles: { found, ...(own && { own: own.folder }), ...(folderChosen && { chosen: folderChosen }) } }
  }

  /** Looks at the machine: without root, and without touching anything. */
  const look = once(async () => {
    change({ checking: true })
    try {
      const { bundle, bundles } = await lookForBundles()
      const events = await readJournal(folder)
      const kept = choicesOf(events)
      const job = makeJob(await makeAim(machine, bundle, chosen), events)
      const [checks, plan]: [CheckResult[], PlannedStep[]] = await Promise.all([
        deps.preflight(machine, bundle, job.choices),
        planSteps(machine, job),
      ])
      change({
        checks,
        plan,
        bundles,
        choices: choices.filter(id => job.choices.has(id)).map(id => ({ id, kept: kept.has(id) })),
        checkedAt: clock.now(),
      })
    } finally {
      change({ checking: false })
    }
  })

  /** Watches for as long as somebody reads. */
  let readers = 0
  let unwatch = (): void => {}
  const enter = async (): Promise<void> => {
    readers += 1
    if (readers > 1) return
    const stopWatching = await watchFolder(folder, () => void refresh(), report)
    const pulse = new AbortController()
    unwatch = () => {
      stopWatching()
      pulse.abort()
    }
    void beat(pulse.signal)
    await refresh()
    const { checkedAt } = present()
    if (checkedAt === null || clock.now() - checkedAt > freshMs) void look()
  }
  const leave = (): void => {
    readers -= 1
    if (readers === 0) unwatch()
  }
  const beat = async (signal: AbortSignal): Promise<void> => {
    for (;;) {
      await clock.sleep(pulseMs, signal).catch(() => undefined) // only the signal ends a sleep early
      if (signal.aborted) return
      if (isRunning()) await refresh()
    }
  }

  /** The terminal that shows `khw`; one at a time, as both may change MicroK8s. @throws AppError setup.busy */
  let shown: string | undefined
  const open = async (words: readonly string[], size: { cols: number; rows: number }): Promise<string> => {
    await refresh()
    if (isRunning() || (shown !== undefined && terminal.isRunning(shown)))
      throw new AppError('setup.busy', { pid: (await holderOf(join(folder, lockFile)))?.pid ?? 0 })
    if (shown !== undefined) terminal.close(shown)
    const [program, ...first] = deps.khw()
    shown = terminal.openProgram({
      program: 'setup',
      title: deps.title(),
      argv: [program, ...first, ...words],
      env: inAppImage(machine.env),
      cwd: machine.user.home,
      ...size,
    })
    return shown
  }

  return {
    state: async function* (_, { signal }) {
      await enter()
      try {
        for await (const now of told.stream(signal)) {
          if ('error' in now) throw now.error
          yield now.state
        }
      } finally {
        leave()
      }
    },
    check: async () => {
      await Promise.all([refresh(), look()])
      return {}
    },
    choose: async ({ choice, on }) => {
      if (on) chosen.add(choice)
      else chosen.delete(choice)
      await look()
      return {}
    },
    takeBundle: async ({ folder: wanted }) => {
      if (wanted !== undefined && !present().bundles.found.includes(wanted))
        throw new AppError('setup.bundleMissing', { file: wanted })
      folderChosen = wanted
      await look()
      return {}
    },
    start: async ({ kind, ...size }) => {
      const since = clock.now()
      const from = folderChosen ?? deps.named
      const wishes = [...(from === undefined ? [] : ['--bundle', from]), ...[...chosen].map(name => `--${name}`)]
      const id = await open(['setup', kind, '--yes', ...(kind === 'apply' ? wishes : [])], size)
      if (kind === 'undo') chosen.clear()
      ours = { id, since }
      await refresh()
      return { terminal: id }
    },
    manage: async ({ verb, ...size }) => ({ terminal: await open(['microk8s', verb], size) }),
    join: async ({ invitation, worker, ...size }) => {
      const words = readInvitation(invitation)
      return { terminal: await open(['microk8s', 'join', words, ...(worker ? ['--worker'] : [])], size) }
    },
    stop: async () => {
      if (isRunning()) await writeWhole(join(folder, stopFile), '')
      return {}
    },
    diagnostics: async () => {
      const { checks, plan, run } = present()
      const log = run ? join(folder, 'logs', `${run.id}.log`) : undefined
      const text = await collect(machine, { version: deps.version, folder, checks, plan, ...(log && { log }) })
      const file = join(folder, 'diagnostics.txt')
      await writeWhole(file, text)
      return { text, file }
    },
  }
}
