// The services behind the contract, joined: what each room needs of the machine and of its neighbours is given to it here.

import { join } from 'node:path'
import { type Clusters, createClusters, type PracticeProcess } from '../cluster/index.ts'
import { type Info, settings as settingsSchema } from '../contract/app.ts'
import type { Schema, Services } from '../contract/define.ts'
import { AppError } from '../contract/errors.ts'
import type { AppContract } from '../contract/index.ts'
import { wireError } from '../contract/shapes.ts'
import { findBundle } from '../installer/find-bundle.ts'
import { createMachine } from '../installer/index.ts'
import { nearbyBundles } from '../installer/nearby.ts'
import { aimOf, preflight } from '../installer/preflight/index.ts'
import { listeners } from '../installer/preflight/network.ts'
import type { Clock } from '../platform/clock.ts'
import { readText, remove, writeWhole } from '../platform/files.ts'
import { type JsonFile, openJsonFile } from '../platform/json-file.ts'
import { createKubectlFinder, findProgram } from '../platform/kubectl.ts'
import { type Fork, launch } from '../platform/launch.ts'
import type { Locales } from '../platform/locales.ts'
import type { Log } from '../platform/log.ts'
import { ownAddresses } from '../platform/network.ts'
import type { AppFolders, UserFolders } from '../platform/paths.ts'
import { run } from '../platform/run.ts'
import { createAppService, initialSettings } from './app.ts'
import { createClickerPage } from './clicker-page.ts'
import { createClusterService } from './cluster.ts'
import { createDeckFiles, openLessons } from './deck-files.ts'
import { createLessonFiles, ownLessons } from './lesson-files.ts'
import { createLessonRecords } from './lesson-records.ts'
import { createLessonsService } from './lessons.ts'
import { createPracticeService } from './practice.ts'
import { createSetupService } from './setup.ts'
import { createTalkService } from './talk.ts'
import type { StartClicker } from './talk-clicker.ts'
import { openInk } from './talk-ink.ts'
import { keptPlaces, noPlaces } from './talk-place.ts'
import { keptRuns, noRuns } from './talk-rehearsal.ts'
import { createTerminalService } from './terminal.ts'
import { createTraceService } from './trace.ts'

export type { StartClicker }

export interface ServiceDeps {
  host: Info['host']
  version: string
  user: UserFolders
  app: AppFolders
  locales: Locales
  clock: Clock
  log: Log
  env?: NodeJS.ProcessEnv
  /** How the practice cluster's process is started: Electron has its own way. */
  fork?: Fork
  /** The folder of another offline bundle than the one that came along. */
  bundle?: string
  /** Folders with lessons that others wrote. */
  lessonFolders?: readonly string[]
  /** A folder of slides in place of the application's talk. */
  deck?: string
  /** Opens the phone's clicker where somebody presents. */
  startClicker?: StartClicker
  /** The Node that runs `khw` in a terminal; the application's own by default. */
  node?: string
}

export interface Joined {
  services: Services<AppContract>
  clusters: Clusters
  /** Hangs up terminals, stops what we started. */
  close(): Promise<void>
}

/** @throws nothing for what is wrong with the user's files: that is told by `app.info`, and the rest works */
export const createServices = async (deps: ServiceDeps): Promise<Joined> => {
  const {
    host,
    version,
    user,
    app,
    locales,
    clock,
    log,
    fork,
    node = app.node,
    bundle,
    deck,
    startClicker,
    env = process.env,
    lessonFolders = [],
  } = deps
  const kubectl = createKubectlFinder(env)
  const settings = await openJsonFile({
    path: join(user.config, 'settings.json'),
    schema: settingsSchema,
    initial: initialSettings,
    broken: 'settings.broken',
    clock,
  })
  const openState = async <T>(name: string, schema: Schema<T>, initial: T): Promise<JsonFile<T>> => {
    const file = await openJsonFile({ path: join(user.state, name), schema, initial, broken: 'settings.broken', clock })
    if (file.problem) log.warn('at the start', file.problem)
    return file
  }
  const places = await openState('talk.json', keptPlaces, noPlaces)
  const runs = await openState('rehearsals.json', keptRuns, noRuns)
  const ink = await openInk(join(user.state, 'ink'), deck ?? '', clock)
  const problems = [...user.problems, ...(ink.problem ? [ink.problem] : [])]
  for (const problem of [...problems, ...(settings.problem ? [settings.problem] : [])]) log.warn('at the start', problem)

  // Each process has its own: another one of the same user must not change the kubeconfig under our terminals.
  const clusterFolder = join(user.runtime, `clusters-${process.pid}`)
  /** Where the last practice cluster's proxy was: terminals opened for it keep that address. */
  let lastProxy: string | undefined
  /** What is kept of the practice cluster makes room for a new one at its next start. */
  let isAfresh = false
  const launchPractice = async (signal: AbortSignal): Promise<PracticeProcess> => {
    const options = { fork, signal, log, upstream: env.http_proxy, proxyPort: lastProxy && new URL(lastProxy).port }
    const kept = ['--state', join(user.data, 'practice'), ...(isAfresh ? ['--afresh'] : [])]
    const entry = join(app.entries, 'practice.js')
    const { httpProxy, ...practice } = await startPractice(entry, options, kept).catch((error: unknown) => {
      // Another window of this user has it: this one practises on a cluster of its own, which goes when it closes.
      if (!(error instanceof AppError) || error.code !== 'practice.inUse') throw error
      log.warn('the practice cluster is kept by another process', error)
      return startPractice(entry, options)
    })
    isAfresh = false
    if (lastProxy !== undefined && lastProxy !== httpProxy) terminal.forget('practice')
    lastProxy = httpProxy
    return practice
  }

  const clusters = createClusters({
    clock,
    machine: { env, home: env.HOME ?? '', read: readText, microk8sConfig: () => microk8sConfig(env) },
    folder: clusterFolder,
    writePrivate: writeWhole,
    launchPractice,
  })

  const terminal = createTerminalService({
    clock,
    shellFiles: join(app.resources, 'shell'),
    kubectl: async () => (await kubectl()) ?? null,
    environment: async () => {
      const { current } = clusters.targets()
      // A terminal opened while its cluster starts waits for the kubeconfig; one whose cluster fails is a plain shell.
      const handle = current === null ? undefined : await clusters.ready().catch(() => undefined)
      return { env: handle?.env ?? {}, cwd: lessons.cwd() ?? user.data, cluster: current }
    },
    missingKubectl: async () => {
      const { what, why, next } = locales.explain(settings.value.language, { code: 'kubectl.missing' })
      return [what, why, next].join('\r\n')
    },
  })

  const report = (error: unknown) => log.error('in the background', error)
  const lessonFiles = createLessonFiles(app.manifests, join(user.data, 'lessons'), [ownLessons(user), ...lessonFolders])
  const records = createLessonRecords(join(user.state, 'progress'), clock, report)
  const hasKubectl = async () => (await kubectl()) !== undefined
  const lessons = createLessonsService({
    clusters,
    terminal,
    files: lessonFiles,
    records,
    sentences: (language, key, facts) => locales.translate(language)(key, facts),
    clock,
    hasKubectl,
    report,
  })

  const machine = createMachine()
  const setup = createSetupService({
    clock,
    log,
    version,
    folder: join(user.state, 'setup'),
    machine,
    bundle: folder => findBundle(folder ?? bundle, app.snaps),
    nearby: () => nearbyBundles(machine),
    ...(bundle && { named: bundle }),
    preflight: (machine, found, choices) => preflight(machine, aimOf(found, choices)),
    khw: () => [node, join(app.entries, 'khw.js'), '--lang', settings.value.language],
    terminal: {
      openProgram: terminal.openProgram,
      isRunning: terminal.isRunning,
      close: id => void terminal.close({ id }, { signal: new AbortController().signal }),
    },
    title: () => locales.translate(settings.value.language)('setup:screen.terminal'),
  })

  const practice = createPracticeService({
    clusters,
    clock,
    setAside: () => {
      isAfresh = true
    },
    report: error => log.warn('practice', error),
  })

  const trace = createTraceService({ clusters, clock })

  const talk = createTalkService({
    deck: createDeckFiles(join(app.resources, 'slides'), lessonFiles, deck),
    lessonFiles,
    lessons,
    clusters,
    terminal,
    title: () => locales.translate(settings.value.language)('talk:title'),
    deckName: deck ?? '',
    kept: places,
    startClicker,
    readPage: createClickerPage(join(app.resources, 'clicker'), () => {
      const { language } = settings.value
      return { language, t: locales.translate(language) }
    }),
    addresses: ownAddresses,
    keptRuns: runs,
    keptInk: ink,
    openLessons: () => openLessons(lessonFiles),
    records,
    hasKubectl,
    takenPorts: async () => {
      const tables = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map(readText))
      return new Set(tables.flatMap(table => listeners((table ?? '').split('\n'))).map(({ port }) => port))
    },
    language: () => settings.value.language,
    clock,
    report,
  })

  return {
    services: {
      app: createAppService({ version, host, folders: user, settings, kubectl, problems }),
      cluster: createClusterService({ clusters, clock, terminal }),
      trace: trace.service,
      talk: talk.service,
      terminal,
      lessons,
      setup,
      practice: practice.service,
    },
    clusters,
    close: async () => {
      practice.close()
      trace.close()
      await talk.close()
      await lessons.close()
      terminal.closeAll()
      await clusters.close()
      await remove(clusterFolder).catch(report)
    },
  }
}

/** MicroK8s' own words for its kubeconfig; undefined where it is not installed. @throws AppError cluster.unreachable */
const microk8sConfig = async (env: NodeJS.ProcessEnv): Promise<string | undefined> => {
  const program = findProgram('microk8s', { PATH: `${env.PATH ?? ''}:/snap/bin` })
  if (program === undefined) return undefined
  const { code, stdout, stderr } = await run([program, 'config', '--use-loopback'], { env, timeout: 10_000 })
  if (code !== 0) throw new AppError('cluster.unreachable', { server: 'microk8s', message: stderr.trim().slice(0, 300) })
  return stdout
}

/** @throws AppError practice.failed */
const startPractice = async (
  file: string,
  {
    fork,
    signal,
    log,
    upstream,
    proxyPort,
  }: { fork?: Fork; signal: AbortSignal; log: Log; upstream?: string; proxyPort?: string },
  kept: readonly string[] = [],
): Promise<PracticeProcess & { httpProxy: string }> => {
  const args = [...kept, ...(upstream ? ['--upstream-proxy', upstream] : []), ...(proxyPort ? ['--proxy-port', proxyPort] : [])]
  const { ready, exited, stop } = await launch({ file, args, fork, signal, onError: line => log.warn(`practice: ${line}`) })
  const { kubeconfig, readyMs, httpProxy, error } = ready as Record<string, unknown>
  if (error !== undefined) {
    await exited
    const { code, details } = wireError.parse(error)
    throw new AppError(code, details)
  }
  if (typeof kubeconfig !== 'string' || typeof readyMs !== 'number' || typeof httpProxy !== 'string') {
    await stop()
    throw new AppError('practice.failed', { reason: 'its ready line is not ours' })
  }
  return { kubeconfig, readyMs, httpProxy, exited, stop }
}
