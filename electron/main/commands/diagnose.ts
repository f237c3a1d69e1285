// `khw diagnose`: what is not ready in a cluster, why, and what to type next.

import { homedir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import type { Command } from 'commander'
import { accessOf, createHandle, mergeKubeconfigs, parseKubeconfig, type Snapshot } from '../../cluster/index.ts'
import { causeIds, type Diagnosis, wordsOf } from '../../contract/diagnosis.ts'
import { AppError } from '../../contract/errors.ts'
import { diagnoseAll, diagnosisKinds } from '../../diagnosis/diagnose.ts'
import { realClock } from '../../platform/clock.ts'
import { readText } from '../../platform/files.ts'
import { type CommandContext, exits } from '../program.ts'

interface Options {
  kubeconfig?: string
  context?: string
  namespace?: string
}

/** A cluster that has not been listed by then does not answer. */
const patienceMs = 30_000

export const registerDiagnose = (program: Command, context: CommandContext): void => {
  const { t } = context
  program
    .command('diagnose')
    .summary(t('diagnosis:command.summary'))
    .description(t('diagnosis:command.description'))
    .option('--kubeconfig <file>', t('diagnosis:command.kubeconfig'))
    .option('--context <name>', t('diagnosis:command.context'))
    .option('-n, --namespace <name>', t('diagnosis:command.namespace'))
    .addHelpText('after', () => t('diagnosis:command.examples'))
    .action(async (options: Options) => {
      process.exitCode = await diagnose(options, context)
    })
}

/** Where kubectl would look. */
const pathsOf = ({ kubeconfig }: Options, env: NodeJS.ProcessEnv): string[] => {
  if (kubeconfig !== undefined) return [resolve(kubeconfig)]
  const listed = (env.KUBECONFIG ?? '').split(delimiter).filter(Boolean)
  return listed.length > 0 ? listed : [join(env.HOME ?? homedir(), '.kube/config')]
}

const diagnose = async (options: Options, context: CommandContext): Promise<number> => {
  const { t, say, tell } = context
  const snapshot = await readCluster(options)
  const isAsked = ({ subject }: Diagnosis): boolean =>
    options.namespace === undefined || subject.namespace === options.namespace || subject.namespace === undefined
  const troubles = diagnoseAll(snapshot).filter(isAsked)
  for (const trouble of troubles) {
    tell(jsonOf(trouble, context))
    say(`${proseOf(trouble, context)}\n`)
  }
  if (troubles.length === 0) tell({ troubles: 0 })
  say(troubles.length === 0 ? `● ${t('diagnosis:command.none')}` : t('diagnosis:command.count', { count: troubles.length }))
  return troubles.length === 0 ? exits.ok : exits.failed
}

/** @throws AppError kubeconfig.broken, cluster.unreachable, cluster.denied */
const readCluster = async (options: Options): Promise<Snapshot> => {
  const paths = pathsOf(options, process.env)
  const texts = await Promise.all(paths.map(async path => ({ path, text: await readText(path) })))
  const found = texts.flatMap(({ path, text }) => (text === undefined ? [] : [parseKubeconfig(text, path)]))
  const place = paths.join(delimiter)
  if (found.length === 0) throw new AppError('kubeconfig.broken', { path: place, message: 'no such file' })
  const config = mergeKubeconfigs(found)
  const access = accessOf(config, place, options.context ?? config.current)
  const handle = createHandle({ id: 'diagnose', access, kubeconfigFile: place, cacheFolder: '', clock: realClock })
  try {
    await handle.connection.json('GET', '/version')
    return await new Promise<Snapshot>((done, fail) => {
      handle.feed.onHealth(error => error && fail(error))
      handle.feed.subscribe(diagnosisKinds, event => done(event.snapshot))
      const late = new AppError('cluster.unreachable', { server: handle.connection.server, message: `${patienceMs / 1000} s` })
      AbortSignal.timeout(patienceMs).addEventListener('abort', () => fail(late))
    })
  } finally {
    handle.close()
  }
}

const jsonOf = (trouble: Diagnosis, { t }: CommandContext) => {
  const { title, so } = wordsOf(trouble)
  return {
    id: causeIds[trouble.cause],
    ...trouble,
    title: t(title, trouble.facts),
    so: t(so, trouble.facts),
    next: trouble.next.map(({ command, say }) => ({ command, say: t(`diagnosis:next.${say}`) })),
  }
}

const proseOf = (trouble: Diagnosis, { t }: CommandContext): string => {
  const { subject, cause, facts, evidence, next } = trouble
  const { title, so } = wordsOf(trouble)
  const inside = subject.namespace === undefined ? '' : t('diagnosis:command.in', { namespace: subject.namespace })
  const width = Math.max(...next.map(({ command }) => command.length))
  return [
    `◆ ${subject.kind} ${subject.name}${inside}`,
    `  ${t(title, facts)} (${causeIds[cause]})`,
    `  ${t(so, facts)}`,
    ...evidence.slice(0, 2).flatMap(({ text }) => text.split('\n').map(line => `  │ ${line}`)),
    ...next.map(({ command, say }) => `  $ ${command.padEnd(width)}  # ${t(`diagnosis:next.${say}`)}`),
  ].join('\n')
}
