// `khw microk8s`: the cluster that Setup made, from day to day: start, stop, inspect, add a machine, join one.

import type { Command } from 'commander'
import { createMachine } from '../../installer/index.ts'
import { awaitRunning, invitationsIn, readInvitation, readStatus } from '../../installer/manage.ts'
import { elevation, type RootSession } from '../../installer/privilege.ts'
import { realClock } from '../../platform/clock.ts'
import { hasTerminal } from '../../platform/console.ts'
import { type CommandContext, exits } from '../program.ts'
import { findHelper } from './setup.ts'

type Work = (root: RootSession, context: CommandContext, signal: AbortSignal) => Promise<number>

export const registerMicrok8s = (program: Command, context: CommandContext): void => {
  const { t } = context
  const group = program
    .command('microk8s')
    .summary(t('cli:microk8s.summary'))
    .description(t('cli:microk8s.description'))
    .addHelpText('after', () => t('cli:microk8s.examples'))
  const verb = (name: string, work: Work) =>
    group
      .command(name)
      .description(t(`cli:microk8s.${name}`))
      .action(async () => {
        process.exitCode = await asRoot(work, context)
      })
  verb('status', status)
  verb('start', start)
  verb('stop', stop)
  verb('inspect', inspect)
  verb('add-node', addNode)
  verb('leave', leave)
  group
    .command('join <invitation>')
    .description(t('cli:microk8s.join'))
    .option('--worker', t('cli:microk8s.worker'))
    .action(async (words: string, { worker = false }: { worker?: boolean }) => {
      // Read before anybody is asked for a password.
      const invitation = readInvitation(words)
      process.exitCode = await asRoot(async (root, { say, tell }) => {
        say(t('cli:microk8s.joining'))
        await root.ask({ verb: 'microk8s-join', invitation, worker }, say)
        tell({ joined: true })
        say(t('cli:microk8s.joined'))
        return exits.ok
      }, context)
    })
}

/** Elevates once, and lets go at the end or at Ctrl-C. */
const asRoot = async (work: Work, context: CommandContext): Promise<number> => {
  const { t, say } = context
  const stopping = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stopping.abort())
  const machine = createMachine()
  const root = await elevation(
    machine,
    await findHelper(context),
    hasTerminal(),
  )(how => {
    if (how !== 'root') say(t(how === 'sudo' ? 'cli:setup.elevating' : 'cli:setup.elevatingDesktop'))
  })
  try {
    return await work(root, context, stopping.signal)
  } finally {
    await root.close()
  }
}

const status: Work = async (root, { t, say, tell }) => {
  const { stdout } = await root.ask({ verb: 'look-status' })
  const state = readStatus(stdout)
  tell({ state })
  say(t(`cli:microk8s.states.${state}`))
  return state === 'running' ? exits.ok : exits.failed
}

const start: Work = async (root, { t, say, tell }, signal) => {
  say(t('cli:microk8s.starting'))
  await root.ask({ verb: 'microk8s-start' }, say)
  await awaitRunning(root, realClock, signal)
  tell({ state: 'running' })
  say(t('cli:microk8s.states.running'))
  return exits.ok
}

const stop: Work = async (root, { t, say, tell }) => {
  say(t('cli:microk8s.stopping'))
  await root.ask({ verb: 'microk8s-stop' }, say)
  tell({ state: 'stopped' })
  say(t('cli:microk8s.states.stopped'))
  return exits.ok
}

const inspect: Work = async (root, { say, tell }) => {
  const { code, stdout } = await root.ask({ verb: 'microk8s-inspect' })
  say(stdout.trimEnd())
  tell({ ok: code === 0, report: /tarball is at (\S+)/.exec(stdout)?.[1] ?? null })
  return code === 0 ? exits.ok : exits.failed
}

const addNode: Work = async (root, { t, say, tell }) => {
  const { stdout } = await root.ask({ verb: 'microk8s-add-node' })
  const invitations = invitationsIn(stdout)
  tell({ invitations })
  say(t('cli:microk8s.invited'))
  for (const invitation of invitations) say(`\n  khw microk8s join ${invitation}`)
  say(`\n${t('cli:microk8s.invitedNext')}`)
  return invitations.length > 0 ? exits.ok : exits.failed
}

const leave: Work = async (root, { t, say, tell }) => {
  await root.ask({ verb: 'microk8s-leave' }, say)
  tell({ left: true })
  say(t('cli:microk8s.left'))
  return exits.ok
}
