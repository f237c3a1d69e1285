// Acts on the user's kubeconfig files: locks, looks, decides, backs up, replaces. Nothing here decides what the text should be.

import { createHash } from 'node:crypto'
import * as z from 'zod/mini'
import type { Clock } from '../../platform/clock.ts'
import { remove } from '../../platform/files.ts'
import {
  type FoundFile,
  type Looked,
  lockFiles,
  lookAtFile,
  removeFile,
  replaceFile,
  writeBeside,
} from '../../platform/shared-file.ts'
import { decideMerge, decideRemoval, type FileText, type Refused, refuse } from './decide.ts'
import { difference } from './difference.ts'
import { entriesFrom } from './entries.ts'
import { kubeconfigPaths } from './locate.ts'

/** What the ledger keeps of a merge, to take it back by. Digests are sha256 of the file's bytes. */
export const kubeconfigRecord = z.object({
  path: z.string(),
  /** Where the file was before: beside it. Null where there was none. */
  backup: z.nullable(z.string()),
  mode: z.nullable(z.number()),
  before: z.nullable(z.string()),
  after: z.string(),
  previousCurrent: z.string(),
  setsCurrent: z.boolean(),
})
export type KubeconfigRecord = z.infer<typeof kubeconfigRecord>

export interface KubeconfigPlace {
  env: Readonly<Record<string, string | undefined>>
  home: string
  clock: Clock
}

export interface MergeRequest extends KubeconfigPlace {
  /** What `microk8s config` printed. */
  config: string
  /** Switch the current context to ours even where there is one. */
  setCurrent?: boolean
}

export type MergeOutcome =
  | { state: 'present'; path: string; ours: boolean }
  | { state: 'merged'; record: KubeconfigRecord }
  | Refused

export type Preview =
  | { state: 'present'; path: string; ours: boolean }
  | { state: 'needed'; path: string; difference: string; setsCurrent: boolean; tightens: boolean }
  | Refused

export type RemovalOutcome =
  /** Byte for byte what it was before. */
  | { state: 'restored'; path: string }
  /** Others have changed the file since: only ours was taken out. `backup` stays. */
  | { state: 'removed'; path: string; backup: string | null; dangling: readonly string[] }
  | { state: 'absent' }
  | Refused

const digest = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex')

/** Long enough for a slow kubectl, short enough for a person. */
const patience = 5000
/** Against somebody who writes without a lock, and without end. */
const mostAttempts = 20

/** UTF-8 exactly: whatever cannot be turned back into the same bytes is not text. */
const decode = (bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

const textOf = (looked: Looked): FileText | Refused => {
  const { path } = looked
  if (looked.state === 'odd') return refuse(looked.reason, { path })
  if (looked.state === 'absent') return { path, text: undefined }
  const text = decode(looked.bytes)
  return text === undefined ? refuse('not-text', { path }) : { path, text }
}

const isRefused = (value: object): value is Refused => 'state' in value && value.state === 'refused'

const lookAtAll = async (paths: readonly string[]): Promise<{ looked: Map<string, Looked>; files: FileText[] } | Refused> => {
  const looked = new Map<string, Looked>()
  const files: FileText[] = []
  for (const path of paths) {
    const found = await lookAtFile(path)
    const file = textOf(found)
    if (isRefused(file)) return file
    looked.set(path, found)
    files.push(file)
  }
  return { looked, files }
}

/** Ours to keep private, and never more open than it was. */
const tightened = (mode: number): number => mode & 0o600

const ready = async ({ env, home, config, setCurrent = false }: MergeRequest) => {
  const entries = entriesFrom(config)
  if (entries === undefined) return refuse('source', {})
  const seen = await lookAtAll(kubeconfigPaths(env, home))
  if (isRefused(seen)) return seen
  return { ...seen, entries, decision: decideMerge(seen.files, entries, setCurrent) }
}

/** What a merge would do, without touching anything; for the plan. */
export const previewMerge = async (request: MergeRequest): Promise<Preview> => {
  const seen = await ready(request)
  if (isRefused(seen)) return seen
  const { decision, files, looked } = seen
  if (decision.state !== 'needed') return decision
  const { path, after, setsCurrent } = decision
  const before = files.find(file => file.path === path)?.text
  const found = looked.get(path)
  const tightens = found?.state === 'file' && tightened(found.mode) !== found.mode
  return { state: 'needed', path, difference: difference(path, before, after), setsCurrent, tightens }
}

/** Beside the file, by the second; a further one in the same second gets a number. */
const backupPath = async (real: string, now: number): Promise<string> => {
  const stamp = new Date(now).toISOString().replace(/\.\d+/, '').replaceAll(/[-:]/g, '')
  for (let number = 1; ; number++) {
    const path = `${real}.before-microk8s-${stamp}${number === 1 ? '' : `-${number}`}`
    if ((await lookAtFile(path)).state === 'absent') return path
  }
}

/** kubectl's lock on the name that the user knows, and on the real file for those who call it by that. */
const lockAll = async (paths: readonly string[], clock: Clock) => {
  const found = await Promise.all(paths.map(lookAtFile))
  const reals = found.flatMap(looked => (looked.state === 'odd' ? [] : [looked.real]))
  return lockFiles([...found.filter(({ state }) => state !== 'odd').map(({ path }) => path), ...reals], clock, patience)
}

/**
 * Merges; `intend` hears the record before the file changes, so that the ledger knows how to take it back whatever happens next.
 * Somebody who changes the file meanwhile without a lock is noticed, and we begin again. @throws AppError storage.unwritable
 */
export const mergeKubeconfig = async (
  request: MergeRequest,
  intend: (record: KubeconfigRecord) => Promise<void>,
): Promise<MergeOutcome> => {
  const before = await ready(request)
  if (isRefused(before)) return before
  if (before.decision.state !== 'needed') return before.decision
  const lock = await lockAll([before.decision.path], request.clock)
  if ('taken' in lock) return refuse('locked', { path: lock.taken })
  try {
    for (let attempt = 0; attempt < mostAttempts; attempt++) {
      const outcome = await tryMerge(request, before.decision.path, intend)
      if (outcome !== 'changed') return outcome
    }
    return refuse('locked', { path: before.decision.path })
  } finally {
    await lock.release()
  }
}

const tryMerge = async (
  request: MergeRequest,
  lockedPath: string,
  intend: (record: KubeconfigRecord) => Promise<void>,
): Promise<MergeOutcome | 'changed'> => {
  const seen = await ready(request)
  if (isRefused(seen)) return seen
  const { decision, looked } = seen
  if (decision.state !== 'needed') return decision
  const { path, after, previousCurrent, setsCurrent } = decision
  const found = looked.get(path)
  if (found === undefined || found.state === 'odd' || path !== lockedPath) return refuse('locked', { path })
  const isFile = found.state === 'file'
  if (isFile && !mayKeepOwner(found)) return refuse('foreign', { path, uid: found.uid })
  const backup = isFile ? await backupPath(found.real, request.clock.now()) : null
  const record: KubeconfigRecord = {
    path,
    backup,
    mode: isFile ? found.mode : null,
    before: isFile ? digest(found.bytes) : null,
    after: digest(after),
    previousCurrent,
    setsCurrent,
  }
  await intend(record)
  if (isFile && backup !== null) await writeBeside(backup, found.bytes, tightened(found.mode) | 0o400)
  const isReplaced = await replaceFile(found, after, isFile ? tightened(found.mode) : 0o600)
  if (isReplaced) return { state: 'merged', record }
  if (backup !== null) await remove(backup)
  return 'changed'
}

const mayKeepOwner = ({ uid }: FoundFile): boolean => {
  const own = process.getuid?.()
  return own === 0 || own === uid
}

/**
 * Takes our entries out of the file of the record; without one, out of every kubeconfig that kubectl reads.
 * @throws AppError storage.unwritable
 */
export const removeKubeconfig = async (
  { env, home, clock }: KubeconfigPlace,
  record: KubeconfigRecord | undefined,
): Promise<RemovalOutcome> => {
  const paths = record === undefined ? kubeconfigPaths(env, home) : [record.path]
  const lock = await lockAll(paths, clock)
  if ('taken' in lock) return refuse('locked', { path: lock.taken })
  try {
    let outcome: RemovalOutcome = { state: 'absent' }
    for (const path of paths) {
      const one = await removeFrom(path, record)
      if (one.state === 'refused') return one
      if (one.state !== 'absent') outcome = one
    }
    return outcome
  } finally {
    await lock.release()
  }
}

const removeFrom = async (path: string, record: KubeconfigRecord | undefined): Promise<RemovalOutcome> => {
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const found = await lookAtFile(path)
    const file = textOf(found)
    if (isRefused(file)) return file
    if (found.state !== 'file' || file.text === undefined) return { state: 'absent' }
    if (record !== undefined && digest(found.bytes) === record.before) {
      // It was meant and not done, or others have brought the old file back.
      if (record.backup !== null) await remove(record.backup)
      return { state: 'absent' }
    }
    const restored = record === undefined ? undefined : await restore(found, record)
    if (restored === true) return { state: 'restored', path }
    if (restored === false) continue
    const decision = decideRemoval(path, file.text, record?.previousCurrent ?? '')
    if (decision.state !== 'needed') return decision
    if (!mayKeepOwner(found)) return refuse('foreign', { path, uid: found.uid })
    const isAsBefore = record !== undefined && digest(decision.after) === record.before
    const mode = isAsBefore ? (record.mode ?? found.mode) : found.mode
    if (!(await replaceFile(found, decision.after, mode))) continue
    if (isAsBefore && record.backup !== null) await remove(record.backup)
    if (isAsBefore) return { state: 'restored', path }
    return { state: 'removed', path, backup: record?.backup ?? null, dangling: decision.dangling }
  }
  return refuse('locked', { path })
}

/** Puts the backup back where nobody has touched the file since; false where somebody did just now, undefined where it does not apply. */
const restore = async (found: FoundFile, record: KubeconfigRecord): Promise<boolean | undefined> => {
  if (digest(found.bytes) !== record.after) return undefined
  if (record.before === null) return removeFile(found)
  if (record.backup === null) return undefined
  const backup = await lookAtFile(record.backup)
  if (backup.state !== 'file' || digest(backup.bytes) !== record.before) return undefined
  const isReplaced = await replaceFile(found, backup.bytes, record.mode ?? found.mode)
  if (isReplaced) await remove(record.backup)
  return isReplaced
}
