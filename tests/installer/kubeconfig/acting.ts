// Generated cases on real files: links, modes, owners, locks, other writers and sudden ends, with every byte accounted for.

import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type KubeconfigRecord, mergeKubeconfig, removeKubeconfig } from '../../../electron/installer/kubeconfig/index.ts'
import type { Clock } from '../../../electron/platform/clock.ts'
import { microk8sConfig } from './cases.ts'
import { generate, type Random, seeded } from './generate.ts'

/** Waiting for a lock takes no real time. */
const fastClock = (): Clock => {
  let now = Date.UTC(2026, 0, 2, 3, 4, 5)
  return {
    now: () => now,
    sleep: async ms => {
      now += ms
      await new Promise(resolve => setImmediate(resolve))
    },
  }
}

const kinds = [
  'plain',
  'plain',
  'plain',
  'link',
  'chain',
  'folder-link',
  'dangling',
  'loop',
  'folder',
  'pipe',
  'hard-linked',
  'missing',
  'no-folder',
  'not-text',
  'list',
  'list-missing',
] as const
const events = [
  'none',
  'none',
  'none',
  'foreign-lock',
  'dead-lock',
  'other-writer',
  'dies-in-intend',
  'edited-after',
  'twice',
] as const
type Kind = (typeof kinds)[number]

const refusals: Partial<Record<Kind, string>> = {
  dangling: 'link-dangling',
  loop: 'link-loop',
  folder: 'not-a-file',
  pipe: 'not-a-file',
  'hard-linked': 'hard-linked',
  'not-text': 'not-text',
}

/** Everything in a folder: kinds, modes, owners, bytes, where links lead. */
export const picture = (folder: string): Record<string, string> =>
  Object.fromEntries(
    (readdirSync(folder, { recursive: true }) as string[]).sort().map(name => {
      const path = join(folder, name)
      const stat = lstatSync(path)
      const content = stat.isFile() ? readFileSync(path).toString('base64') : stat.isSymbolicLink() ? readlinkSync(path) : ''
      return [name, `${stat.mode.toString(8)} ${stat.uid}:${stat.gid} ${content}`]
    }),
  )

/** The files as `kind` says; the paths of KUBECONFIG, or undefined for ~/.kube/config. */
const lay = (kind: Kind, folder: string, text: string, mode: number, random: Random): string | undefined => {
  const config = join(folder, '.kube/config')
  const put = (path: string, content: string | Buffer = text) => {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content)
    chmodSync(path, mode)
    if (process.getuid?.() === 0 && random() < 0.3) chownSync(path, 1234, 1235)
  }
  if (kind !== 'no-folder' && kind !== 'folder-link') mkdirSync(dirname(config), { recursive: true })
  if (kind === 'plain') put(config)
  if (kind === 'not-text') put(config, Buffer.concat([Buffer.from(text), Buffer.from([0xff, 0xfe, 0xc3])]))
  if (kind === 'link' || kind === 'chain') {
    put(join(folder, 'dotfiles/kube config'))
    if (kind === 'link') symlinkSync('../dotfiles/kube config', config)
    else {
      symlinkSync(join(folder, 'dotfiles/kube config'), join(folder, 'second'))
      symlinkSync('../second', config)
    }
  }
  if (kind === 'folder-link') {
    put(join(folder, 'dotfiles/config'))
    symlinkSync('dotfiles', join(folder, '.kube'))
  }
  if (kind === 'dangling') symlinkSync('/nowhere/at/all', config)
  if (kind === 'loop') symlinkSync('config', config)
  if (kind === 'folder') mkdirSync(config)
  if (kind === 'pipe') execFileSync('mkfifo', [config])
  if (kind === 'hard-linked') {
    put(config)
    linkSync(config, join(folder, 'other-name'))
  }
  if (kind === 'list') {
    put(join(folder, 'a.yaml'), 'apiVersion: v1\nkind: Config\ncontexts:\n- name: first\n  context: {cluster: x, user: y}\n')
    put(join(folder, 'b.yaml'))
    return `${join(folder, 'none.yaml')}:${join(folder, 'a.yaml')}::${join(folder, 'b.yaml')}`
  }
  if (kind === 'list-missing') return `${join(folder, 'x.yaml')}:${join(folder, 'y.yaml')}`
  return undefined
}

const digestOf = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex')

const unlike = (before: Record<string, string>, after: Record<string, string>, ignore: RegExp): string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(name => !ignore.test(name) && before[name] !== after[name])

/** Undefined where all is well. */
export const act = async (seed: number): Promise<{ what: string; wrong?: string }> => {
  const random = seeded(seed)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
  const kind = pick(kinds)
  const event = pick(events)
  const mode = pick([0o600, 0o644, 0o640, 0o400, 0o444, 0o666, 0o700])
  const folder = mkdtempSync(join(tmpdir(), 'kubeconfig-'))
  const what = `${kind}, ${event}, ${mode.toString(8)}`
  const fail = (wrong: string) => ({ what, wrong })
  try {
    const { text, sort } = generate(random)
    const list = lay(kind, folder, text, mode, random)
    const env = list === undefined ? {} : { KUBECONFIG: list }
    const clock = fastClock()
    const place = { env, home: folder, clock }
    const before = picture(folder)
    const locks = (list?.split(':').filter(Boolean) ?? [join(folder, '.kube/config')]).map(path => `${path}.lock`)
    if (event === 'foreign-lock' && kind !== 'no-folder') for (const lock of locks) writeFileSync(lock, '', { mode: 0 })
    if (event === 'dead-lock' && kind !== 'no-folder')
      for (const lock of locks) writeFileSync(lock, 'kubernetes-hello-world 4194303 1\n')

    let record: KubeconfigRecord | undefined
    let disturbed = false
    const intend = async (intended: KubeconfigRecord) => {
      record = intended
      if (event === 'dies-in-intend') throw new Error('power cut')
      if (event === 'other-writer' && !disturbed && intended.before !== null) {
        disturbed = true
        writeFileSync(intended.path, readFileSync(intended.path, 'utf8').replace(/\n?$/, '\n# written by an editor\n'))
      }
    }
    const outcome = await mergeKubeconfig({ ...place, config: microk8sConfig }, intend).catch((error: Error) => error)
    const merged = picture(folder)
    const lockNames = /\.lock$/
    const left = Object.keys(merged).filter(name => /\.lock/.test(name))
    // Where nothing is done, a dead lock is left alone.
    if (left.length > 0 && event !== 'foreign-lock' && event !== 'dead-lock') return fail('a lock stayed behind')
    if (Object.keys(merged).some(name => /\.khw-/.test(name))) return fail('a temporary file stayed behind')

    if (outcome instanceof Error) {
      if (outcome.message !== 'power cut') return fail(`threw ${outcome.stack}`)
      const made = unlike(before, merged, kind === 'no-folder' ? /^\.kube$/ : /^$/)
      return made.length === 0 ? { what } : fail(`changed although it ended before: ${made}`)
    }
    const expected = refusals[kind]
    if (expected !== undefined) {
      if (outcome.state !== 'refused' || outcome.reason !== expected)
        return fail(`expected ${expected}, got ${JSON.stringify(outcome)}`)
      return unlike(before, merged, lockNames).length === 0 ? { what } : fail('refused, yet something changed')
    }
    if (outcome.state === 'refused') {
      if (unlike(before, merged, lockNames).length > 0 && !disturbed) return fail('refused, yet something changed')
      const isMissing = kind === 'missing' || kind === 'no-folder' || kind === 'list-missing'
      if (outcome.reason === 'locked') return event === 'foreign-lock' ? { what } : fail('locked')
      if (disturbed || sort !== 'good') return isMissing ? fail(JSON.stringify(outcome)) : { what }
      return fail(JSON.stringify(outcome))
    }
    if (outcome.state !== 'merged' || record === undefined) return fail(`state ${outcome.state}`)
    if (event === 'foreign-lock' && kind !== 'no-folder') return fail('went past a lock')
    const { path, backup } = outcome.record
    if (existsSync(`${path}.lock`)) return fail('our lock stayed behind')
    const stat = lstatSync(path)
    if (kind.includes('link') !== (stat.isSymbolicLink() || kind === 'folder-link') && kind !== 'chain')
      return fail('the link is gone')
    const real = readFileSync(path, 'utf8')
    if (disturbed && !real.includes('# written by an editor')) return fail('an editor’s words are lost')
    if (backup !== null && !disturbed && digestOf(backup) !== outcome.record.before) return fail('the backup is not the old file')
    const target = Object.keys(merged).find(
      name =>
        /[^/]*$/.test(name) &&
        merged[name]?.startsWith('100') &&
        Buffer.from(merged[name].split(' ')[2] ?? '', 'base64').toString() === real,
    )
    const [newMode = '', owner = ''] = merged[target ?? '']?.split(' ') ?? []
    const [oldMode = '', oldOwner = owner] = before[target ?? '']?.split(' ') ?? []
    if ((Number.parseInt(newMode, 8) & 0o077) !== 0) return fail(`mode ${newMode}`)
    if (oldMode !== '' && (Number.parseInt(newMode, 8) & ~Number.parseInt(oldMode, 8)) !== 0)
      return fail(`mode ${newMode} opens ${oldMode}`)
    if (owner !== oldOwner) return fail(`owner ${owner} was ${oldOwner}`)

    if (event === 'edited-after') {
      const edited = `${real.replace(/\n?$/, '\n')}# my later note\n`
      writeFileSync(path, edited)
    }
    if (event === 'twice') {
      const again = await mergeKubeconfig({ ...place, config: microk8sConfig }, async () => {})
      if (again.state !== 'present') return fail(`second merge: ${again.state}`)
    }
    const removal = await removeKubeconfig(place, outcome.record)
    if (event === 'edited-after') {
      if (real.trimStart().startsWith('{')) return { what }
      if (removal.state !== 'removed') return fail(`removal ${JSON.stringify(removal)}`)
      if (!readFileSync(path, 'utf8').includes('# my later note')) return fail('a later note is lost')
      if (backup !== null && !existsSync(backup)) return fail('the backup is gone although the file had changed')
      return { what }
    }
    if (removal.state !== 'restored') return fail(`removal ${JSON.stringify(removal)}`)
    if (disturbed) return readFileSync(path, 'utf8').includes('# written by an editor') ? { what } : fail('restored too much')
    const different = unlike(
      before,
      picture(folder),
      kind === 'no-folder' ? /^\.kube$/ : event === 'dead-lock' ? lockNames : /^$/,
    )
    return different.length === 0 ? { what } : fail(`not as before: ${different}`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
