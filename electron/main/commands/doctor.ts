// `khw doctor`: whether this machine has what the application needs, and what to do where it has not.

import { join } from 'node:path'
import type { Command } from 'commander'
import { toAppError } from '../../contract/errors.ts'
import { findBrowser, findElectron, hasDisplay } from '../../platform/desktop.ts'
import { createKubectlFinder } from '../../platform/kubectl.ts'
import { launch } from '../../platform/launch.ts'
import { type CommandContext, exits } from '../program.ts'

interface Finding {
  id: 'node' | 'kubectl' | 'storage' | 'display' | 'practice'
  /** `note`: works, but less well. */
  state: 'ok' | 'note' | 'failed'
  /** What was found: a version, a path. */
  seen: string
  /** What to do, where something is to do. */
  next?: string
}

export const registerDoctor = (program: Command, context: CommandContext): void => {
  const { t, say, tell } = context
  program
    .command('doctor')
    .summary(t('cli:doctor.summary'))
    .description(t('cli:doctor.description'))
    .addHelpText('after', () => t('cli:doctor.examples'))
    .action(async () => {
      const findings: Finding[] = []
      for (const check of [checkNode, checkStorage, checkKubectl, checkDisplay, checkPractice]) {
        const finding = await check(context)
        findings.push(finding)
        const mark = { ok: '●', note: '▲', failed: '◆' }[finding.state]
        say(`${mark} ${t(`cli:doctor.checks.${finding.id}`)}  ${finding.seen}`)
        if (finding.next) say(`    ${finding.next}`)
      }
      const failed = findings.filter(({ state }) => state === 'failed').length
      tell({ ok: failed === 0, checks: findings })
      say(failed === 0 ? t('cli:doctor.healthy') : t('cli:doctor.unhealthy', { failed }))
      process.exitCode = failed === 0 ? exits.ok : exits.failed
    })
}

type Check = (context: CommandContext) => Promise<Finding> | Finding

const checkNode: Check = ({ t }) => {
  const isRight = Number(process.versions.node.split('.')[0]) >= 24
  const seen = `${process.version}  ${process.execPath}`
  return isRight ? { id: 'node', state: 'ok', seen } : { id: 'node', state: 'failed', seen, next: t('cli:doctor.next.node') }
}

const checkStorage: Check = context => {
  try {
    const { config, problems } = context.user()
    if (problems[0]) throw problems[0]
    return { id: 'storage', state: 'ok', seen: config }
  } catch (error) {
    const problem = toAppError(error)
    const { what, next } = context.locales.explain(context.language, problem)
    return { id: 'storage', state: 'failed', seen: `${problem.details.path}: ${what}`, next }
  }
}

const checkKubectl: Check = async context => {
  const kubectl = await createKubectlFinder()()
  if (kubectl) return { id: 'kubectl', state: 'ok', seen: `${kubectl.version}  ${kubectl.path}` }
  const { what, next } = context.locales.explain(context.language, { code: 'kubectl.missing' })
  return { id: 'kubectl', state: 'failed', seen: what, next }
}

const checkDisplay: Check = ({ app, t }) => {
  const shower = findElectron(app.root) ?? findBrowser()
  if (shower && hasDisplay()) return { id: 'display', state: 'ok', seen: shower }
  return { id: 'display', state: 'note', seen: shower ?? t('cli:doctor.none'), next: t('cli:doctor.next.display') }
}

const checkPractice: Check = async context => {
  const { app, t, locales, language } = context
  try {
    const { ready, stop } = await launch({ file: join(app.entries, 'practice.js') })
    await stop()
    const readyMs = typeof ready === 'object' && ready !== null && 'readyMs' in ready ? Number(ready.readyMs) : Number.NaN
    return { id: 'practice', state: 'ok', seen: t('cli:doctor.ready', { ms: Math.round(readyMs) }) }
  } catch (error) {
    const { what, why, next } = locales.explain(language, toAppError(error))
    return { id: 'practice', state: 'failed', seen: `${what} ${why}`, next }
  }
}
