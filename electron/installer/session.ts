// One run of the engine from its lock to its end: journal, progress file, log, elevation, and what becomes of signals.

import { AppError, toAppError } from '../contract/errors.ts'
import { stepIds } from '../contract/setup.ts'
import { type Clock, realClock } from '../platform/clock.ts'
import { remove } from '../platform/files.ts'
import { takeLock } from '../platform/lock.ts'
import { createLog } from '../platform/log.ts'
import { stateOf } from '../platform/system-files.ts'
import { applySteps } from './apply.ts'
import { type Difference, differences, observe } from './baseline.ts'
import { createKubectl } from './hello.ts'
import type { Aim } from './job.ts'
import { openJournal } from './journal.ts'
import { baselineOf, inForce, makeJob } from './ledger.ts'
import type { Machine } from './machine.ts'
import type { How, RootSession } from './privilege.ts'
import { createProgressWriter, lockFile, type Progress, stopFile } from './progress.ts'
import type { RunContext, RunEvent, RunKubectl } from './run-context.ts'
import type { Step } from './step.ts'
import { undoAll } from './undo.ts'

export interface RunOptions {
  kind: 'apply' | 'undo'
  /** `<user.state>/setup`. */
  folder: string
  machine: Machine
  /** What is to be reached; what has passed and was made comes from the journal. */
  aim: Aim
  steps: readonly Step[]
  /** Becomes root, once: the first step that needs it calls. */
  elevate(onHow: (how: How) => void): Promise<RootSession>
  /** The cluster's own kubectl, as the user. */
  kubectl?: RunKubectl
  /** Aborted by the first wish to stop. */
  stopSignal: AbortSignal
  onEvent(event: RunEvent): void
  clock?: Clock
}

export interface RunOutcome {
  ok: boolean
  error?: AppError
  /** Only after an undo: what is not as it was before the first change. */
  differences: Difference[]
  undone: boolean
  log: string
}

/** @throws AppError setup.busy, setup.journalBroken, storage.unwritable: then nothing was begun */
export const startRun = async (options: RunOptions): Promise<RunOutcome> => {
  const { folder, kind, machine, aim, clock = realClock } = options
  const lock = await takeLock(`${folder}/${lockFile}`)
  if (!lock.held) throw new AppError('setup.busy', { pid: lock.by.pid })
  try {
    await remove(`${folder}/${stopFile}`)
    const startedAt = clock.now()
    const run = `r${startedAt.toString(36)}`
    const journal = await openJournal(folder, run, clock.now)
    const log = `${folder}/logs/${run}.log`
    const keeper = keepPresent(options, run, log, clock)
    let session: RootSession | undefined
    const context: RunContext = {
      machine,
      clock,
      journal,
      job: () => makeJob(aim, journal.events),
      stop: keeper.stop,
      tell: keeper.tell,
      kubectl: options.kubectl ?? createKubectl(machine),
      root: async () => {
        if (session !== undefined) return session
        session = await options
          .elevate(how => keeper.tell({ type: 'elevating', how }))
          .catch(error => {
            // Ctrl-C at the question for the password: sudo calls that a refusal too.
            const isOurs = error instanceof AppError && error.code === 'setup.refused' && keeper.stop.asked
            throw isOurs ? new AppError('setup.dismissed', {}, { cause: error }) : error
          })
        const { ask } = session
        machine.root = request => ask(request)
        return session
      },
    }
    try {
      const isFirst = kind === 'apply' && inForce(journal.events).length === 0
      journal.write({
        type: 'run-started',
        kind,
        pid: process.pid,
        ...(isFirst ? { baseline: { ...(await observe(machine)) } } : {}),
        ...(kind === 'apply' && aim.choices.size > 0 ? { choices: [...aim.choices] } : {}),
      })
      const error = await finish(() => (kind === 'apply' ? applySteps(context, options.steps) : undoAll(context)))
      const ok = error === undefined
      if (error?.code.startsWith('stall.')) await keepEvidence(machine, keeper.note)
      journal.write({ type: 'run-ended', ok, ...(ok ? {} : { error: { ...error.toWire() } }) })
      keeper.tell({ type: 'ended', ok, ms: clock.now() - startedAt, ...(ok ? {} : { error: error.toWire() }) })
      const before = kind === 'undo' && ok ? baselineOf(journal.events) : undefined
      const rest = before === undefined ? [] : differences(before, await observe(machine))
      return { ok, ...(ok ? {} : { error }), differences: rest, undone: kind === 'undo', log }
    } finally {
      await session?.close()
      delete machine.root
      await keeper.close()
      journal.close()
    }
  } finally {
    await lock.release()
  }
}

/** What a report about a stalled start needs, while it is there: into the log, not onto the screen. */
const keepEvidence = async (machine: Machine, note: (words: string, detail: unknown) => void): Promise<void> => {
  const looks = [
    ...(['containerd', 'kubelite', 'k8s-dqlite', 'cluster-agent'] as const).map(
      unit => ({ verb: 'look-journal', unit }) as const,
    ),
    { verb: 'look-objects', kind: 'events' } as const,
  ]
  for (const request of looks) {
    const answer = await machine.root?.(request).catch(error => ({ stdout: String(error) }))
    note(`evidence ${'unit' in request ? request.unit : request.kind}`, answer?.stdout.slice(-20_000))
  }
}

const finish = async (work: () => Promise<void>): Promise<AppError | undefined> => {
  try {
    await work()
    return undefined
  } catch (error) {
    return toAppError(error)
  }
}

/** The present of a run, kept for whoever looks: in the progress file, in the log, and told to whoever started it. */
const keepPresent = ({ folder, kind, stopSignal, onEvent }: RunOptions, run: string, logPath: string, clock: Clock) => {
  const log = createLog({ path: logPath, clock, level: 'debug', maxSize: 64 * 1024 * 1024 })
  const writer = createProgressWriter(folder, error => log.warn('progress', error))
  const urgent = new AbortController()
  let state: Progress = {
    run,
    pid: process.pid,
    kind,
    steps: stepIds.map(id => ({ id, state: 'waiting' })),
    stopping: false,
    log: logPath,
  }
  let ended = false
  const tell = (event: RunEvent): void => {
    log.info(event.type, event)
    state = advance(state, event, clock.now())
    writer.set(state)
    onEvent(event)
  }
  const ask = (): void => {
    if (state.stopping || ended) return
    state = { ...state, stopping: true }
    tell({ type: 'stopping' })
    urgent.abort(new AppError('setup.stopped'))
  }
  if (stopSignal.aborted) ask()
  stopSignal.addEventListener('abort', ask)
  const watch = async (): Promise<void> => {
    while (!ended) {
      if ((await stateOf(`${folder}/${stopFile}`)) !== undefined) ask()
      await clock.sleep(500)
    }
  }
  void watch()
  return {
    tell,
    note: (words: string, detail: unknown) => log.info(words, detail),
    stop: {
      get asked() {
        return state.stopping
      },
      signal: urgent.signal,
    },
    close: async () => {
      ended = true
      stopSignal.removeEventListener('abort', ask)
      await writer.close()
      await remove(`${folder}/${stopFile}`)
    },
  }
}

/** Pure: the progress file's state after an event. */
export const advance = (state: Progress, event: RunEvent, now: number): Progress => {
  switch (event.type) {
    case 'step': {
      const changed = state.steps.map(step =>
        step.id !== event.step
          ? step
          : event.state === 'started'
            ? { id: step.id, state: 'now', startedAt: now }
            : { ...step, state: event.state, ms: event.ms },
      )
      return { ...state, steps: changed, progress: undefined, wait: undefined }
    }
    case 'progress':
      return { ...state, progress: { done: event.done, total: event.total, label: event.label } }
    case 'wait':
      return { ...state, wait: { code: event.code, facts: event.facts, since: event.since } }
    case 'wait-over':
      return { ...state, wait: undefined }
    default:
      return state
  }
}
